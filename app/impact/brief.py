"""The report without its classes: what a program asks for first, small enough to be sent whole."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def brief_report(report: Json) -> Json:
    """Return the changes, and of each topic what moves from what to what on which days, how many classes each has."""
    return {
        "before": report["before"],
        "after": report["after"],
        "summary": {
            "text": report["summary"]["text"],
            "from_day": report["summary"]["from_day"],
            "changes": report["counts"],
            "topics": report["summary"]["topics"],
            "procedures": report["summary"]["procedures_with_other_outcome"],
            "classes": report["summary"]["classes"],
        },
        "homes": [
            {
                **{key: home[key] for key in ("code", "name", "status", "topics")},
                **{key: [_change(each) for each in home[key]] for key in ("changes", "beside", "wording")},
            }
            for home in report["homes"]
        ],
        "added": report["added"],
        "removed": report["removed"],
        "not_compared": report["not_compared"],
        "topics": [
            {
                "code": topic["code"],
                "name": topic["name"],
                **{key: [_moved(item) for item in topic[key]] for key in _MOVING},
                "cases": [
                    {"case": case["case"], "as_of": str(case["as_of"]), "as_expected": case["as_expected"]}
                    for case in topic["cases"]
                ],
                "classes": topic["classes"],
            }
            for topic in report["topics"]
        ],
    }


_MOVING = ("definitions", "procedures", "barriers", "entitlements", "obligations", "notes")


def _change(change: Json) -> Json:
    kept = {key: change[key] for key in ("kind", "code", "name", "what")}
    fields = [
        {key: field[key] for key in ("path", "name", "before", "after", "is_wording")} for field in change["fields"]
    ]
    return {**kept, "fields": fields}


def _moved(item: Json) -> Json:
    return {
        "code": item["code"],
        "name": item["name"],
        "facet": item["facet"],
        "stretches": [
            {
                "start": str(stretch["from"]),
                "end": None if stretch["to"] is None else str(stretch["to"]),
                "share": stretch["share"],
                "ways": _ways(stretch),
            }
            for stretch in item["stretches"]
        ],
    }


def _ways(stretch: Json) -> list[Json]:
    """From what to what, each way once, with how many classes go it and the conditions and example of the largest."""
    found: dict[tuple[str, str], list[Json]] = {}
    for each in stretch["classes"]:
        found.setdefault((each["before_name"], each["after_name"]), []).append(each)
    ways = []
    for (before, after), classes in found.items():
        largest = max(classes, key=lambda each: each["situations"])
        ways.append(
            {
                "before": before,
                "after": after,
                "classes": len(classes),
                "when": largest["when"],
                "example": {"as_of": str(largest["example"]["as_of"]), "facts": _plain(largest["example"]["facts"])},
            }
        )
    return ways


def _plain(facts: Json) -> Json:
    return {
        code: value if isinstance(value, bool | int | float | list) else str(value) for code, value in facts.items()
    }
