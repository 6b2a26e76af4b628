"""QR codes of a kept guide's address: for a page as SVG, for paper as PNG."""

import io
import re
from html import escape
from typing import Final

import segno

from app.guides import Reference

# Read from a creased page by an old phone: a quarter of the code may be lost.
_ERROR_LEVEL: Final = "Q"
_BORDER: Final = 4
_PNG_SCALE: Final = 6
# A name or address with an optional port; what a caller writes into the header himself may be anything.
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


def public_base(configured: str, scheme: str, host: str) -> str | None:
    """Return the address others reach us under: the configured one, else the request's, None where that is none.

    >>> public_base("", "https", "example.org:8443"), public_base("", "http", "a b")
    ('https://example.org:8443', None)
    """
    if configured:
        return configured
    return f"{scheme}://{host}" if scheme in ("http", "https") and _HOST.fullmatch(host) else None


def kept_address(base: str, reference: Reference) -> str:
    """Return the address of a kept guide's page under a base address.

    >>> kept_address("https://example.org/", Reference("ACDEFGHJKM"))
    'https://example.org/g/ACDEFGHJKM'
    """
    return f"{base.rstrip('/')}/g/{reference}"


def qr_svg(address: str, label: str) -> str:
    """Return a QR code as an SVG element that a page may hold under a strict policy: attributes only, no style.

    Shape: class `qr`, `label` its text for those who cannot see it; black on white, whatever the page's colours.
    """
    code = segno.make(address, error=_ERROR_LEVEL, micro=False)
    size = code.symbol_size(border=_BORDER)[0]
    written = io.BytesIO()
    code.save(written, kind="svg", border=_BORDER, xmldecl=False, svgns=False, nl=False, omitsize=True, svgclass=None)
    path = written.getvalue().decode().partition(">")[2].removesuffix("</svg>")
    return (
        f'<svg class="qr" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<title>{escape(label)}</title><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>{path}</svg>'
    )


def qr_png(address: str) -> bytes:
    """Return a QR code as a picture to print."""
    written = io.BytesIO()
    segno.make(address, error=_ERROR_LEVEL, micro=False).save(written, kind="png", border=_BORDER, scale=_PNG_SCALE)
    return written.getvalue()
