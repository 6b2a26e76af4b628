"""Two rulebooks compared: what changed in the law's words, and what that moves for whom, as one plain report."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from app.engine import find_impact, take_the_same
from app.guides import Sweep
from app.impact.cases import moved_cases
from app.impact.changes import Changes, counted
from app.impact.classes import Classes
from app.rulebook import EntryChange, Rulebook, What, compare_rulebooks
from app.wording import Phrases, date_text

Json: TypeAlias = dict[str, Any]
#: Kinds that are not law: nobody's outcome hangs on them.
_BESIDE_THE_LAW: Final = frozenset({"case", "benchmark", "changelog"})


def diff_report(before: Rulebook, after: Rulebook, phrases: Phrases) -> Json:
    """Return what changed, by the topic, module or policy that writes it; changes of words apart.

    Shape: `homes` in order of topics, modules, shared lists, policies; each with `changes` of law, `beside` (worked
        examples, official totals, the changelog) and `wording`.
    """
    changes = compare_rulebooks(before, after)
    telling = Changes(before, after, phrases)
    homes: dict[str, list[EntryChange]] = {}
    for change in changes:
        homes.setdefault(change.home, []).append(change)
    ordered = [home for home in _homes(before, after) if home in homes]
    counts = counted(change for change in changes if change.kind not in _BESIDE_THE_LAW)
    return {
        "before": _release(before),
        "after": _release(after),
        "lang": phrases.lang,
        "counts": counts,
        "summary": {"text": _changed(counts, phrases)},
        "homes": [
            {
                "code": home,
                "name": telling.new.name(home) or telling.old.name(home) or phrases.say("impact.shared"),
                "status": _status(home, before, after),
                "topics": _topics_of(home, before, after),
                "changes": [telling.told(item) for item in homes[home] if _is_law(item)],
                "beside": [telling.told(item) for item in homes[home] if item.kind in _BESIDE_THE_LAW],
                "wording": [
                    telling.told(item)
                    for item in homes[home]
                    if item.what is What.WORDING and item.kind not in _BESIDE_THE_LAW
                ],
            }
            for home in ordered
        ],
    }


def impact_report(
    before: Rulebook, after: Rulebook, phrases: Phrases, today: date, topics: Iterable[str] | None = None
) -> Json:
    """Return what changed and what that moves in every topic, with the worked examples that move.

    Shape: the keys of `diff_report`, and `topics`, those that both rulebooks have and in which anything moves;
        `added` and `removed` the topics that only one has; `not_compared` topics in which one version takes scenarios
        that the other refuses, so that these have no outcome to compare; `summary` in sentences.
    Cost: seconds for a topic in which a definition changed that much hangs on; nothing for one in which nothing did.
    """
    wanted = None if topics is None else set(topics)
    report = diff_report(before, after, phrases)
    common = [code for code in after.topics if code in before.topics and (wanted is None or code in wanted)]
    found = [_topic(before, after, code, phrases, today) for code in common]
    report["topics"] = [item for item in found if item["classes"]]
    report["not_compared"] = [item["code"] for item in found if not item["takes_the_same"]]
    report["added"] = [_named(after, code, phrases) for code in after.topics if code not in before.topics]
    report["removed"] = [_named(before, code, phrases) for code in before.topics if code not in after.topics]
    report["guides"] = None
    report["summary"] = _summary(report, after, phrases)
    return report


def with_guides(report: Json, swept: Sweep, phrases: Phrases) -> Json:
    """Return the report with what became of the kept guides, counted and by reference."""
    told = {
        "checked": swept.checked,
        "moved": len(swept.moved),
        "refused": swept.refused,
        "references": list(swept.moved),
    }
    said = phrases.say("impact.summary.guides", moved=told["moved"], checked=told["checked"])
    summary = {**report["summary"], "text": phrases.sentences([report["summary"]["text"], said])}
    return {**report, "guides": told, "summary": summary}


def _topic(before: Rulebook, after: Rulebook, code: str, phrases: Phrases, today: date) -> Json:
    old, new = before.topics[code], after.topics[code]
    impact = find_impact(old.topic, new.topic)
    told = Classes(before, after, code, phrases, today).told(impact)
    cases = moved_cases(old, new, impact, phrases)
    name = phrases.pick(new.entry.name)
    same = take_the_same(old.topic, new.topic)
    return {"code": code, "name": name, **told, "cases": cases, "takes_the_same": same}


def _named(rulebook: Rulebook, code: str, phrases: Phrases) -> Json:
    return {"code": code, "name": phrases.pick(rulebook.topics[code].entry.name)}


def _release(rulebook: Rulebook) -> Json:
    return {"version": rulebook.version, "content_hash": rulebook.content_hash}


def _is_law(change: EntryChange) -> bool:
    return change.kind not in _BESIDE_THE_LAW and change.what is not What.WORDING


def _homes(before: Rulebook, after: Rulebook) -> Iterator[str]:
    for kind in ("topics", "modules"):
        yield from dict.fromkeys([*getattr(after, kind), *getattr(before, kind)])
    yield "shared"
    yield "changelog"
    yield from dict.fromkeys([*after.policies, *before.policies])


def _status(home: str, before: Rulebook, after: Rulebook) -> str:
    for kind in ("topics", "modules", "policies"):
        was, now = home in getattr(before, kind), home in getattr(after, kind)
        if was or now:
            return "changed" if was and now else "added" if now else "removed"
    return "changed"


def _topics_of(home: str, before: Rulebook, after: Rulebook) -> list[str]:
    """The topics that a home's changes reach: itself, or those that use the module."""
    found = [
        code
        for rulebook in (after, before)
        for code, book in rulebook.topics.items()
        if code == home or home in book.modules
    ]
    return list(dict.fromkeys(found))


# ---- the summary -------------------------------------------------------------------------------------


def _summary(report: Json, after: Rulebook, phrases: Phrases) -> Json:
    """What changes, whom it touches, from which day, in a few sentences."""
    topics: list[Json] = report["topics"]
    outcomes = [item for topic in topics for item in topic["procedures"] if item["facet"] == "outcome"]
    days = [stretch["from"] for item in _current(outcomes) for stretch in item["stretches"] if not stretch["is_past"]]
    sentences = [_changed(report["counts"], phrases)]
    if topics:
        named = _quoted([item["code"] for item in topics], after, phrases)
        procedures = len({(topic["code"], item["code"]) for topic in topics for item in topic["procedures"]})
        sentences.append(phrases.say("impact.summary.touches", topics=named, procedures=procedures))
        sentences += [_turning(item, phrases) for topic in topics for item in topic["definitions"] if item["reworded"]]
    if outcomes and days:
        sentences.append(phrases.say("impact.summary.from", day=date_text(min(days), phrases)))
    elif outcomes:
        sentences.append(phrases.say("impact.summary.past_only"))
    elif report["homes"]:
        sentences.append(phrases.say("impact.summary.no_outcome"))
    if report["not_compared"]:
        sentences.append(
            phrases.say("impact.summary.not_compared", topics=_quoted(report["not_compared"], after, phrases))
        )
    cases = [case for topic in topics for case in topic["cases"]]
    if cases:
        failing = sum(case["as_expected"] is False for case in cases)
        sentences.append(phrases.say("impact.summary.cases", count=len(cases), failing=failing))
    return {
        "text": phrases.sentences(sentences),
        "from_day": min(days, default=None),
        "topics": [item["code"] for item in topics],
        "procedures_with_other_outcome": len(outcomes),
        "classes": sum(item["classes"] for item in topics),
    }


def _quoted(topics: Iterable[str], rulebook: Rulebook, phrases: Phrases) -> str:
    names = [phrases.pick(rulebook.topics[code].entry.name) for code in topics]
    return phrases.listed([phrases.say("impact.quoted", name=name) for name in names])


def _current(items: Iterable[Json]) -> Iterator[Json]:
    return (item for item in items if any(not stretch["is_past"] for stretch in item["stretches"]))


def _changed(counts: Mapping[str, int], phrases: Phrases) -> str:
    law = sum(count for what, count in counts.items() if what != What.WORDING)
    parts = [
        phrases.say(f"impact.counted.{what}", count=count)
        for what, count in counts.items()
        if count and what != What.WORDING
    ]
    said = phrases.say("impact.summary.law", count=law, parts=phrases.joined(parts)) if law else ""
    wording = counts[What.WORDING]
    if not law:
        return phrases.say("impact.summary.wording_only" if wording else "impact.summary.nothing", count=wording)
    return said + (phrases.say("impact.summary.and_wording", count=wording) if wording else "")


def _turning(item: Json, phrases: Phrases) -> str:
    """Whom a reworded definition takes in or lets go, in the law that is told first."""
    stretch = item["stretches"][0]
    ways = {(each["before_name"], each["after_name"]) for each in stretch["classes"]}
    kinds = {(each["before"], each["after"]) for each in stretch["classes"]}
    key = "gains" if kinds == {(False, True)} else "loses" if kinds == {(True, False)} else "turns"
    assert ways
    shared = set.intersection(*(set(each["when"]) for each in stretch["classes"]))
    told = [said for said in stretch["classes"][0]["when"] if said in shared]
    condition = phrases.say("list.all").join(told) if told else phrases.say("impact.several")
    return phrases.say(f"impact.summary.{key}", name=item["name"], condition=condition)
