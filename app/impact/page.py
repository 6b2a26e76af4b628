"""The report as one page that stands by itself: styles inside, no script, nothing fetched, good on A4."""

from functools import cache
from typing import Any, Final, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.impact.layout import Laid, laid_out
from app.wording import language_of, phrases_in

Json: TypeAlias = dict[str, Any]
_PAGE: Final = "report.html"


def page_of(report: Json) -> str:
    """Return the page of a diff or impact report, in the report's language."""
    phrases = phrases_in(language_of(report["lang"]))
    laid: Laid = laid_out(report, phrases)
    return _environment().get_template(_PAGE).render(page=laid, say=phrases.say, lang=phrases.lang)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("app.impact"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
