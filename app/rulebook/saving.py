"""A finding of the proof written into its topic as a worked example that fails until the rules are mended.

The example is added behind the last one; all else in the file stays letter for letter.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from app.engine import FactCode, ProcedureCode, RuleCode, Value
from app.errors import Finding, RulebookError
from app.rulebook.books import Rulebook, TopicBook
from app.rulebook.files.cases import CaseEntry
from app.rulebook.findings import CODES
from app.rulebook.places import without_places
from app.rulebook.reader import read
from app.rulebook.verification import Counterexample, Verification

_FILE: Final = "cases.yaml"
#: Code of a finding -> what the example is called in Chinese; English takes the table of findings.
_CALLED: Final = {
    "no_scenario": "常识约束互相矛盾，没有一种情形可能",
    "contradiction": "两条规则对同一情形说法不一",
    "gap": "需要办却没有规则说怎么办",
    "dead_rule": "规则在任何情形下都不起作用",
    "idle_override": "压过另一条规则的写法从不起作用",
    "merge_target": "并入的事项在这里并不需要办",
    "merge_cycle": "几个事项互相并入",
    "order_cycle": "几个事项互相等待，排不出先后",
    "useless_question": "问了却什么也不影响",
    "node_budget": "条件纠缠得太紧，无法精确判断",
}
_NOTE: Final = (
    "由 rules verify --save-case 存下，规则修好以前不会通过；修好后请改写成这里应有的结果；规则若已删去，这条也删去",
    "Saved by rules verify --save-case: it fails until the rules are mended. Then write the outcome that is right here;"
    " where the rule itself was taken out, take this out too",
)


@dataclass(frozen=True, slots=True)
class SavedCase:
    """One example written.

    Shape: `file` below the rulebook's folder, `line` where the example begins there. `is_new` False where the same
        example was there already.
    """

    finding: Finding
    file: Path
    line: int
    code: str
    is_new: bool


def save_cases(folder: Path, rulebook: Rulebook, verification: Verification) -> tuple[SavedCase, ...]:
    """Write an example for each finding of the verification into the rulebook's folder, in order.

    Raises: RulebookError for a file that is not laid out as a list of entries one below the other; what was written
        before it stays.
    """
    saved = []
    taken: dict[str, set[str]] = {}
    for finding, example in verification.counterexamples.items():
        book = rulebook.topics[example.topic]
        codes = taken.setdefault(book.code, {case.code for case in book.cases})
        saved.append(_save(folder, book, finding, example, codes))
    return tuple(saved)


def _save(folder: Path, book: TopicBook, finding: Finding, example: Counterexample, taken: set[str]) -> SavedCase:
    case = _case(book, finding, example)
    known = next((entry for entry in book.cases if _is_same(entry, case)), None)
    if known is not None:
        return SavedCase(finding, _path(known.place.file), known.place.mark.line, known.code, is_new=False)
    name = _free(f"{finding.code}_{example.codes[-1 if finding.code == 'contradiction' else 0]}", taken)
    taken.add(name)
    file = _path(book.cases[-1].place.file) if book.cases else _path(book.entry.place.file).with_name(_FILE)
    line = _append(folder / file, case.written(name))
    return SavedCase(finding, file, line, name, is_new=True)


def _path(label: str) -> Path:
    """A file as findings name it, without the name of the rulebook's folder in front."""
    return Path(*Path(label).parts[1:])


def _free(name: str, taken: Iterable[str]) -> str:
    names = [name, *(f"{name}_{number}" for number in range(2, len(list(taken)) + 3))]
    return next(each for each in names if each not in taken)


# ---- the example -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """An example to be written.

    Shape: `expect` key -> codes, or rule -> codes.
    """

    title: tuple[str, str]
    as_of: date
    facts: Mapping[str, str]
    clause: str
    expect: Mapping[str, str]

    def written(self, code: str) -> list[str]:
        """The lines of the entry, without the indent of the list."""
        facts = [f"    {fact}: {value}" for fact, value in self.facts.items()]
        return [
            f"- code: {code}",
            f"  title: {_text(self.title)}",
            f"  as_of: {self.as_of}",
            *(["  facts:", *facts] if facts else ["  facts: {}"]),
            f"  clause: {self.clause}",
            "  expect:",
            *(f"    {key}: {value}" for key, value in self.expect.items()),
            f"  note: {_text(_NOTE)}",
        ]


def _case(book: TopicBook, finding: Finding, example: Counterexample) -> _Case:
    names = ", ".join(example.codes)
    return _Case(
        title=(f"待修：{_CALLED[finding.code]}（{names}）", f"To mend: {CODES[finding.code]} ({names})"),
        as_of=_day(book, example),
        facts={code: _value(value) for code, value in _facts(finding, example).items()},
        clause=_clause(book, example),
        expect=_expect(book, finding.code, example.codes),
    )


def _facts(finding: Finding, example: Counterexample) -> Mapping[FactCode, Value]:
    """A claim over all scenarios leaves everything open."""
    return {} if finding.code in _OVER_ALL else example.facts


_OVER_ALL: Final = frozenset({"no_scenario", "dead_rule", "idle_override", "useless_question", "node_budget"})


def _day(book: TopicBook, example: Counterexample) -> date:
    return max(example.day or book.entry.before_day, book.entry.covers_from)


def _expect(book: TopicBook, code: str, codes: tuple[str, ...]) -> dict[str, str]:
    first, *others = codes
    match code:
        case "dead_rule":
            return {"reached": _list([first])}
        case "idle_override":
            return {"overriding": f"{{{first}: {_list(others)}}}"}
        case "useless_question":
            return {"moving": _list([first])}
        case _:
            procedures = [each for each in codes if ProcedureCode(each) in book.procedures]
            return {"sound": _list(procedures or list(book.procedures)[:1])}


def _clause(book: TopicBook, example: Counterexample) -> str:
    """A source of what the finding is about: what has to be read to mend it."""
    for code in example.codes:
        entry = book.rules.get(RuleCode(code)) or book.procedures.get(ProcedureCode(code)) or book.constraints.get(code)
        for citation in (entry.basis if entry is not None else None) or ():
            return citation.ref
    return next(citation.ref for procedure in book.procedures.values() for citation in procedure.basis)


def _is_same(entry: CaseEntry, case: _Case) -> bool:
    facts = {code: _value(_plain(answer)) for code, answer in entry.facts.items() if answer is not None}
    expect = {
        "sound": _list(entry.expect.sound),
        "reached": _list(entry.expect.reached),
        "moving": _list(entry.expect.moving),
        "overriding": ", ".join(f"{{{rule}: {_list(others)}}}" for rule, others in entry.expect.overriding.items()),
    }
    same = all(expect[key] == value for key, value in case.expect.items())
    return same and (entry.as_of, facts) == (case.as_of, dict(case.facts))


def _plain(answer: bool | int | Decimal | date | str | tuple[str, ...]) -> Value:
    return frozenset(answer) if isinstance(answer, tuple) else answer


# ---- YAML --------------------------------------------------------------------------------------------


def _text(words: tuple[str, str]) -> str:
    zh, en = (json.dumps(text, ensure_ascii=False) for text in words)
    return f"{{zh: {zh}, en: {en}}}"


def _list(codes: Iterable[str]) -> str:
    return f"[{', '.join(codes)}]"


def _value(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case frozenset():
            return _list(_word(option) for option in sorted(value))
        case Decimal():
            return f"{value.normalize():f}"
        case str():
            return _word(value)
        case _:
            return str(value)


def _word(option: str) -> str:
    """An option; in quotes where it would be read as something else than a word, here or by other tools."""
    plain = re.fullmatch(r"[a-z][a-z0-9_]*", option) and option not in {
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    }
    return option if plain else json.dumps(option)


def _append(file: Path, lines: list[str]) -> int:
    """Add an entry behind the last one of the file, in its own layout; the line it begins on."""
    old = file.read_bytes().decode("utf-8") if file.is_file() else "cases:\n"
    before = _entries(old, file)
    end = "\r\n" if "\r\n" in old else "\n"
    start = re.sub(r"^cases:[ \t]*\[[ \t]*\]", "cases:", old, flags=re.MULTILINE) if not before else old
    if not start.endswith("\n"):
        start += end
    dash = re.search(r"^([ \t]*)- ", start, flags=re.MULTILINE)
    indent = dash.group(1) if dash else "  "
    new = start + "".join(f"{indent}{line}{end}" for line in lines)
    after = _entries(new, file)
    if len(after) != len(before) + 1 or after[:-1] != before:
        shown = "\n".join(lines)
        said = f"the entries of this file do not stand one below the other; add this by hand:\n{shown}"
        raise RulebookError((Finding(str(file), 1, 1, "syntax", said),))
    file.write_bytes(new.encode("utf-8"))
    return start.count("\n") + 1


def _entries(text: str, file: Path) -> tuple[object, ...]:
    """The entries that the text holds, without their places; empty where it cannot be read as such a file."""
    data = read(text, str(file)).data
    found = data.get("cases") if isinstance(data, dict) else None
    return tuple(repr(without_places(entry)) for entry in found) if isinstance(found, tuple) else ()
