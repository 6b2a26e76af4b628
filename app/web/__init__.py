"""Door 2: the pages, made on the server. Nothing is decided here: read the address, call a use case, show."""

from app.web.assembly import make_pages
from app.web.parts import PageParts, Problems

__all__ = ["PageParts", "Problems", "make_pages"]
