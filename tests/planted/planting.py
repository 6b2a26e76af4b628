"""A copy of the real rulebook to plant faults in, by what an entry is called and says, never by line."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.settings import Settings

REAL: Final = Settings().rules_dir
#: The topic whose own files are broken; modules and policies are shared by all.
TOPIC: Final = "food_business"
HOME: Final = f"topics/{TOPIC}"
RULES: Final = f"{HOME}/rules.yaml"
PROCEDURES: Final = f"{HOME}/procedures.yaml"
HEAD: Final = f"{HOME}/topic.yaml"
CASES: Final = f"{HOME}/cases.yaml"


class Copy:
    """The rules in a folder of their own; `mend` takes every change back."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "rules"
        shutil.copytree(REAL, self.root)
        self._before: dict[Path, str | None] = {}

    def mend(self) -> None:
        """Make the copy as it was."""
        for path, text in self._before.items():
            if text is None:
                path.unlink()
            else:
                path.write_text(text, "utf-8")
        self._before.clear()

    def write(self, file: str, text: str) -> None:
        """Give a file another text."""
        path = self.root / file
        self._before.setdefault(path, path.read_text("utf-8") if path.is_file() else None)
        path.write_text(text, "utf-8")

    def text(self, file: str) -> str:
        """What the file says now."""
        return (self.root / file).read_text("utf-8")

    def change(self, file: str, old: str, new: str, *, entry: str = "") -> None:
        """Write the first piece that a pattern finds otherwise; inside the entry of this code, where one is named."""
        text = self.text(file)
        start, end = _entry(text, entry) if entry else (0, len(text))
        changed, count = re.subn(old, lambda _: new, text[start:end], count=1, flags=re.MULTILINE)
        assert count == 1, f"{file} {entry}: nothing like {old}"
        assert changed != text[start:end]
        self.write(file, text[:start] + changed + text[end:])

    def add(self, file: str, text: str) -> None:
        """Add text at the end of a file, or write a new one."""
        known = self.text(file) if (self.root / file).is_file() else ""
        self.write(file, f"{known.rstrip()}\n{text}" if known else text)

    def add_rule(self, code: str, effect: str, *, when: str = "{fact: is_chain, is: true}", more: str = "") -> None:
        """Add a rule to the topic."""
        self.add(
            RULES,
            f"""\
  - code: {code}
    title: {{zh: 埋下的一条, en: A planted one}}
    basis: ["bj-small-food-2018#8"]
    force: binding
    effective: {{from: 2019-12-01}}
    when: {when}
{more}    then:
      - {effect}
""",
        )


def _entry(text: str, code: str) -> tuple[int, int]:
    """Where the entry of this code begins and ends in a list of entries."""
    found = re.search(rf'^(?P<indent> *)- code: "?{re.escape(code)}"?$', text, re.MULTILINE)
    assert found, f"no entry {code}"
    after = re.compile(rf"^(?! *$)(?!{found['indent']} )", re.MULTILINE)
    end = after.search(text, found.end() + 1)
    return found.start(), end.start() if end else len(text)


@dataclass(frozen=True, slots=True)
class Plant:
    """One fault: what is done, who has to find it, by which code, in which file.

    Shape: `by` check, test or verify; `code` of the finding, or the end of the key of a case that fails.
    """

    name: str
    by: str
    code: str
    file: str
    plant: Callable[[Copy], None]
