"""Builder of a small, valid rulebook: one plan, one law, one module, one topic with a worked example.

Its files are real ones, beside this module in `small_rulebook/`; a test says only what is different.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from app.rulebook import Rulebook, load

_SMALL: Final = Path(__file__).parent / "small_rulebook"
TOPIC: Final = "shop"


def rulebook_files(
    *,
    topic: str | None = None,
    procedures: str | None = None,
    rules: str | None = None,
    cases: str | None = None,
    facts: str | None = None,
    files: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> dict[str, str]:
    """Return path -> text of every file.

    Shape: `topic`, `procedures`, `rules` and `cases` stand for the topic's files, `facts` for the shared ones; `files`
        any others by path; `without` are left out.
    """
    whole = {
        path.relative_to(_SMALL).as_posix(): path.read_text("utf-8") for path in _SMALL.rglob("*") if path.is_file()
    }
    given = {
        f"topics/{TOPIC}/topic.yaml": topic,
        f"topics/{TOPIC}/procedures.yaml": procedures,
        f"topics/{TOPIC}/rules.yaml": rules,
        f"topics/{TOPIC}/cases.yaml": cases,
        "shared/facts.yaml": facts,
        **(files or {}),
    }
    whole |= {path: text for path, text in given.items() if text is not None}
    return {path: text for path, text in sorted(whole.items()) if path not in without}


def with_change(path: str, old: str, new: str, *, files: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the files (the small rulebook's own without any) with one piece of one of them written otherwise."""
    whole = dict(rulebook_files() if files is None else files)
    assert whole[path].count(old) == 1, f"{path} holds {old!r} {whole[path].count(old)} times"
    return {**whole, path: whole[path].replace(old, new)}


def with_more(path: str, text: str, *, files: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the files (the small rulebook's own without any) with text added at the end of one of them."""
    whole = dict(rulebook_files() if files is None else files)
    return {**whole, path: whole.get(path, "") + text}


def write_rulebook(folder: Path, *, files: Mapping[str, str] | None = None) -> Path:
    """Write the files (the small rulebook's own without any) to `<folder>/rules`, and return that folder."""
    root = folder / "rules"
    for path, text in (rulebook_files() if files is None else files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def make_rulebook(folder: Path, *, files: Mapping[str, str] | None = None) -> Rulebook:
    """Return the rulebook loaded from files written to the folder."""
    return load(write_rulebook(folder, files=files))
