"""Templates: every value escaped, a name that does not exist an error, sentences from the wording alone."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.web.static_files import static_address
from app.wording import Language, phrases_in


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One of our languages, by its own name, and this page in it."""

    code: str
    name: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    Shape: `title` names the page alone, "" on the first one · `law_day` the day whose law is shown, in words ·
        `text_class` the class of large type or "" · `text_address` this page in the other size.
    """

    lang: Language
    title: str
    languages: tuple[LanguageLink, ...]
    is_large: bool
    text_class: str
    text_address: str
    home: str
    kept: str
    law: str
    law_day: str
    release: str
    is_private: bool


def render(template: str, frame: Frame, view: object) -> str:
    """Return the page: the template filled with its view record."""
    return _environment(frame.lang).get_template(template).render(frame=frame, view=view)


@cache
def _environment(lang: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("app.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["say"] = phrases_in(lang).say
    environment.globals["static"] = static_address
    return environment


MEDIA_TYPE: Final = "text/html; charset=utf-8"
