"""The form of questions in a page, read as a browser reads it, and filled in as a person would."""

import random
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode

NUMBERS: Final = ("0", "80", "300", "301", "2,000", "5001", "２００００", "1.5万")


@dataclass(slots=True)
class Form:
    """What a form holds.

    Shape: `buttons` those that send a name and a value; the plain one that goes on is always there, or the enter key.
    """

    action: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    ticked: list[tuple[str, str]] = field(default_factory=list)
    radios: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """The facts that the page asks."""
        return [value for name, value in self.hidden if name == "asked"]

    def sent(self, *pairs: tuple[str, str]) -> str:
        """Return the address that a browser asks for with these fields filled in."""
        return f"{self.action}?{urlencode([*self.hidden, *pairs])}"

    def filled(self, chance: random.Random) -> str:
        """Return the address after somebody answered by chance; one time in eight nothing is known."""
        if chance.random() < 0.125:
            return self.sent(chance.choice([pair for pair in self.buttons if pair[1] in ("?", "open")]))
        answers = [pair for pair in self.buttons if pair[0] != "do" and pair[1] != "?"]
        if answers and not self.texts:
            return self.sent(chance.choice(answers))
        return self.sent(*self._ticks(chance), *self._choices(chance), *self._numbers(chance))

    def _ticks(self, chance: random.Random) -> list[tuple[str, str]]:
        boxes = [pair for pair in self.boxes if pair[1]]
        count = chance.randint(1, min(3, len(boxes))) if boxes else 0
        return chance.sample(boxes, count)

    def _choices(self, chance: random.Random) -> list[tuple[str, str]]:
        names = list(dict.fromkeys(name for name, _ in self.radios))
        return [chance.choice([pair for pair in self.radios if pair[0] == name and pair[1] != "?"]) for name in names]

    def _numbers(self, chance: random.Random) -> list[tuple[str, str]]:
        return [(name, chance.choice(NUMBERS)) for name, _ in self.texts]


class _Reader(HTMLParser):
    def __init__(self, css_class: str) -> None:
        super().__init__()
        self.css_class = css_class
        self.form: Form | None = None
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("class") == self.css_class:
            self.form, self.is_inside = Form(action=given["action"]), True
        if self.form is None or not self.is_inside or "name" not in given:
            return
        pair = given["name"], given.get("value", "")
        kind = given.get("type", "text")
        if tag == "input" and kind == "checkbox" and "checked" in given:
            self.form.ticked.append(pair)
        held = {"hidden": self.form.hidden, "checkbox": self.form.boxes, "radio": self.form.radios}
        if tag == "input":
            held.get(kind, self.form.texts).append(pair)
        elif tag == "button":
            self.form.buttons.append(pair)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False


def question_form(page: str) -> Form:
    """Return the form of a page of questions."""
    reader = _Reader("question")
    reader.feed(page)
    assert reader.form is not None, "the page asks nothing"
    return reader.form
