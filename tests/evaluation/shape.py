"""The contract's answer as lists of keys, and what of it a guide lacks."""

from collections.abc import Iterator, Mapping
from typing import Final

_SHORT_BASIS: Final = "policy clause cite document_number verification"
_FULL_BASIS: Final = f"{_SHORT_BASIS} title quote summary effective_from effective_to url"
_EXTRA: Final = "code text applies depends_on_facts legal_force basis"
_TOTALS: Final = "day procedures days materials materials_complete visits complete"
_LIMIT: Final = "value unit verification"

#: Where in the guide -> the keys that are always there; `[]` steps into each entry of a list.
KEYS: Final[Mapping[str, str]] = {
    "": "topic as_of reviewed_until release status answer facts assumed definitions definition_details barriers "
    "procedures entitlements obligations questions confirmations path notes",
    "topic": "code name",
    "release": "version content_hash",
    "definition_details[]": "code text conditions basis",
    "definition_details[].conditions[]": "fact text answer holds",
    "definition_details[].basis[]": _SHORT_BASIS,
    "barriers[]": "code applies reason depends_on_facts procedures basis",
    "barriers[].basis[]": _FULL_BASIS,
    "procedures[]": "code name everyday_name kind item_type item_type_code authority level level_code required decided "
    "treatment treatment_name possible_treatments depends_on_facts fallback fallback_merged_into "
    "fallback_filing_timing filing_timing merged_into parallel_with replaces legal_force verification confirm_with "
    "time_limit materials materials_complete conditions channel visits fee basis since rules because what_if",
    "procedures[].confirm_with": "authority why",
    "procedures[].time_limit": "statutory promised applicable",
    "procedures[].time_limit.statutory": _LIMIT,
    "procedures[].time_limit.promised": _LIMIT,
    "procedures[].time_limit.applicable": _LIMIT,
    "procedures[].materials[]": "code name status note",
    "procedures[].conditions[]": "code text status met basis",
    "procedures[].fee": "charged amount_yuan text verification",
    "procedures[].basis[]": _FULL_BASIS,
    "procedures[].because[]": "rule conditions",
    "procedures[].because[].conditions[]": "fact text answer holds",
    "procedures[].what_if[]": "fact answer text treatment",
    "entitlements[]": f"name {_EXTRA}",
    "obligations[]": f"name {_EXTRA}",
    "notes[]": _EXTRA,
    "questions[]": "fact question help type options decides optional group ask",
    "questions[].options[]": "value label",
    "confirmations[]": "fact question ask decides",
    "path": "steps before after benchmarks",
    "path.steps[]": "number procedures starts_after days",
    "path.steps[].days": "value unit",
    "path.before": _TOTALS,
    "path.after": _TOTALS,
    "path.before.days": "value unit complete unknown other_units computed verification",
    "path.after.days": "value unit complete unknown other_units computed verification",
    "path.after.days.other_units[]": "procedure value unit",
    "path.benchmarks[]": "code text steps value unit from to verification basis agrees why",
}
#: The contract's own order at the top; further keys may stand between.
ORDER: Final = KEYS[""].split()


def missing_keys(guide: Mapping[str, object]) -> list[str]:
    """Every key of the contract that the guide lacks, with its place."""
    return [
        f"{where}: {key}"
        for where, keys in KEYS.items()
        for entry in _at(guide, where.split(".") if where else [])
        for key in keys.split()
        if isinstance(entry, Mapping) and key not in entry
    ]


def _at(node: object, steps: list[str]) -> Iterator[object]:
    """What stands at the place, each entry of its lists; null leads nowhere."""
    if not steps:
        yield node
        return
    step, *rest = steps
    assert isinstance(node, Mapping), steps
    found = node.get(step.removesuffix("[]"))
    if found is None:
        return
    for entry in found if step.endswith("[]") else [found]:
        yield from _at(entry, rest)


def entries(guide: Mapping[str, object], where: str) -> list[Mapping[str, object]]:
    """All entries at a place written as in `KEYS`."""
    found = list(_at(guide, where.split(".")))
    assert all(isinstance(entry, Mapping) for entry in found)
    return found  # type: ignore[return-value]
