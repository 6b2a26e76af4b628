"""The classes of an impact in words and as data: who moves, from what to what, over which days, with an example."""

from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from app.engine import (
    All,
    Asked,
    Compare,
    Condition,
    ExtraKind,
    FactCode,
    IsOneOf,
    Limit,
    Moved,
    MovedClass,
    Not,
    OfBarrier,
    OfDefinition,
    Office,
    OfProcedure,
    Outcome,
    Papers,
    Part,
    SetIs,
    Stretch,
    TopicImpact,
    Turn,
    Turned,
    Value,
    Within,
)
from app.engine import Any as Either
from app.impact.joint_book import joint_book
from app.rulebook import FactEntry, Rulebook, Text, TopicBook
from app.wording import Phrases, Sentences, answer_text, date_text, duration_text

Json: TypeAlias = dict[str, Any]
_LETTERS: Final = {Turn.GAINED: "g", Turn.LOST: "l", Turn.NO: "n", Turn.YES: "y"}


class Classes:
    """Tells the impact on one topic in one language."""

    def __init__(self, before: Rulebook, after: Rulebook, topic: str, phrases: Phrases, today: date) -> None:
        self.rulebooks = (after, before)
        self.book: TopicBook = joint_book(before.topics[topic], after.topics[topic])
        self.phrases = phrases
        self.sentences = Sentences(self.book, phrases)
        self.today = today

    def told(self, impact: TopicImpact) -> Json:
        """All that moves, by what it is; notes at the end."""
        extras: dict[ExtraKind, list[Json]] = {kind: [] for kind in ExtraKind}
        for item in impact.moved:
            if not isinstance(item.subject, OfDefinition | OfProcedure | OfBarrier):
                extras[item.subject.kind].append(self._moved(item))
        return {
            "definitions": [self._moved(item) for item in impact.of(OfDefinition)],
            "procedures": [self._moved(item) for item in impact.of(OfProcedure)],
            "barriers": [self._moved(item) for item in impact.of(OfBarrier)],
            "entitlements": extras[ExtraKind.ENTITLEMENT],
            "obligations": extras[ExtraKind.OBLIGATION],
            "notes": extras[ExtraKind.NOTE],
            "classes": sum(len(stretch.classes) for item in impact.moved for stretch in item.stretches),
        }

    def _moved(self, item: Moved) -> Json:
        subject = item.subject
        return {
            "code": subject.code,
            "name": self._name(item),
            "facet": item.facet.value,
            "facet_name": self.phrases.say(f"impact.facet.{item.facet}"),
            "reworded": subject.reworded if isinstance(subject, OfDefinition) else None,
            # The law of today and of the future first.
            "stretches": [self._stretch(item, stretch) for stretch in sorted(item.stretches, key=self._is_past)],
        }

    def _is_past(self, stretch: Stretch) -> bool:
        return stretch.end is not None and stretch.end <= self.today

    def _name(self, item: Moved) -> str:
        subject, pick = item.subject, self.phrases.pick
        match subject:
            case OfDefinition(code=code):
                return pick(self.book.definitions[code].title)
            case OfProcedure(code=code):
                return pick(self.book.procedures[code].everyday_name)
            case OfBarrier(code=code):
                return self._barrier(code)
            case _:
                entry = self.book.extras[subject.kind, subject.code]
                return pick(getattr(entry, "name", entry.text))

    def _barrier(self, code: str) -> str:
        rule = next((entry for known, entry in self.book.rules.items() if known == code), None)
        if rule is not None:
            return self.phrases.pick(rule.title)
        return next(
            (self.phrases.pick(entry.text) for (_, name), entry in self.book.acceptance.items() if name == code), code
        )

    def _stretch(self, item: Moved, stretch: Stretch) -> Json:
        start = date_text(stretch.start, self.phrases)
        end = stretch.end and date_text(stretch.end, self.phrases)
        return {
            "from": stretch.start,
            "to": stretch.end,
            "days": self.phrases.say(f"impact.period.{'between' if end else 'since'}", start=start, end=end),
            "is_past": self._is_past(stretch),
            "situations": stretch.situations,
            "moved": stretch.moved,
            "share": _share(stretch.moved, stretch.situations),
            "classes": [self._class(item, each, stretch.situations) for each in stretch.classes],
        }

    def _class(self, item: Moved, each: MovedClass, whole: int) -> Json:
        before, after = self.sides(item, each.before, each.after)
        return {
            "before": _plain_part(each.before),
            "before_name": before,
            "after": _plain_part(each.after),
            "after_name": after,
            "nothing_to_do": all(
                isinstance(part, Outcome) and part.nothing_to_do for part in (each.before, each.after)
            ),
            "when": [self.said(part) for part in each.conditions] or [self.phrases.say("condition.always")],
            "conditions": [_plain_condition(part) for part in each.conditions],
            "example": {
                "as_of": each.day,
                "facts": {code: _plain_value(value) for code, value in each.example.items()},
                "text": [self._answer(code, value) for code, value in each.example.items()]
                or [self.phrases.say("condition.always")],
            },
            "situations": each.situations,
            "share": _share(each.situations, whole),
        }

    def _answer(self, code: FactCode, value: Value) -> str:
        entry: FactEntry = self.book.facts[code]
        name = self.phrases.pick(entry.name)
        return self.phrases.say("impact.named", name=name, text=answer_text(entry, value, self.phrases))

    # What moves ---------------------------------------------------------------------------------

    def said(self, part: Condition | Turned) -> str:
        """One condition of a class as a sentence."""
        if not isinstance(part, Turned):
            return self.sentences.condition(part)
        title = self.phrases.pick(self.book.definitions[part.definition].title)
        key = "".join(sorted(_LETTERS[turn] for turn in part.turns))
        return self.phrases.say(f"impact.turned.{key}", title=title)

    def sides(self, item: Moved, before: Part, after: Part) -> tuple[str, str]:
        """What it was and what it is, in words."""
        if isinstance(before, Papers) and isinstance(after, Papers):
            return self._papers(before, after), self._papers(after, before)
        if isinstance(before, Asked) and isinstance(after, Asked):
            assert isinstance(item.subject, OfProcedure)
            return self._asked(item.subject, before, after), self._asked(item.subject, after, before)
        return self._part(item, before), self._part(item, after)

    def _part(self, item: Moved, part: Part) -> str:
        match part:
            case bool():
                kind = "meets" if isinstance(item.subject, OfDefinition) else "applies"
                return self.phrases.say(f"impact.{kind if part else f'not_{kind}'}")
            case Outcome():
                return self._outcome(part)
            case Limit(duration=duration):
                return self.phrases.say("impact.nothing") if duration is None else duration_text(duration, self.phrases)
            case Office():
                return self._office(part)
        raise TypeError(part)

    def _outcome(self, outcome: Outcome) -> str:
        treatment = self.phrases.say(f"treatment.{outcome.treatment or 'not_required'}")
        details = []
        if outcome.merged_into is not None:
            entry = self.book.procedures.get(outcome.merged_into)
            target = outcome.merged_into if entry is None else self.phrases.pick(entry.everyday_name)
            details.append(self.phrases.say("impact.merged_into", target=target))
        if outcome.filing_timing is not None and outcome.required:
            details.append(self.phrases.say(f"filing_timing.{outcome.filing_timing}"))
        if not details:
            return treatment
        return self.phrases.say("impact.with_rest", front=treatment, rest=self.phrases.listed(details))

    def _papers(self, these: Papers, others: Papers) -> str:
        if not these.known:
            return self.phrases.say("impact.papers_unknown")
        own = sorted(these.items - others.items)
        said = [
            self.phrases.say(
                "impact.named", name=self._shared("materials", code), text=self.phrases.say(f"material.{status}")
            )
            for code, status in own
        ]
        return self.phrases.listed(said) if said else self.phrases.say("impact.without")

    def _asked(self, subject: OfProcedure, these: Asked, others: Asked) -> str:
        def text(code: str) -> str:
            entry = self.book.acceptance.get((subject.code, code))
            return code if entry is None else self.phrases.pick(entry.text)

        required = [text(code) for code in sorted(these.required - others.required)]
        dropped = [
            self.phrases.say("impact.named", name=text(code), text=self.phrases.say("material.dropped"))
            for code in sorted(these.dropped - others.dropped)
        ]
        said = [*required, *dropped]
        return self.phrases.say("list.clauses").join(said) if said else self.phrases.say("impact.without")

    def _office(self, office: Office) -> str:
        said = [self._shared("authorities", office.authority)] if office.authority else []
        said += [self._shared("levels", office.level)] if office.level else []
        said += [self.phrases.say(f"channel.{office.channel}")] if office.channel else []
        said += [self.phrases.say("impact.visits", count=office.visits)] if office.visits is not None else []
        return self.phrases.listed(said) if said else self.phrases.say("impact.as_usual")

    def _shared(self, kind: str, code: str) -> str:
        for rulebook in self.rulebooks:
            entry = getattr(rulebook, kind).get(code)
            if entry is not None:
                name: Text = entry.name
                return self.phrases.pick(name)
        return code


# ---- as data -----------------------------------------------------------------------------------------


def _share(part: int, whole: int) -> float:
    return float(f"{part / whole:.4g}") if whole else 0.0


def _plain_part(part: Part) -> object:
    match part:
        case Outcome():
            return {
                "treatment": str(part.treatment or "not_required"),
                "filing_timing": part.filing_timing and str(part.filing_timing),
                "merged_into": part.merged_into,
            }
        case Limit(duration=duration):
            return None if duration is None else {"value": _plain_value(duration.value), "unit": str(duration.unit)}
        case Papers():
            return dict(sorted(part.items)) if part.known else None
        case Asked():
            return {"required": sorted(part.required), "dropped": sorted(part.dropped)}
        case Office():
            return {"authority": part.authority, "level": part.level, "channel": part.channel, "visits": part.visits}
    return part


def _plain_value(value: Value) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _plain_condition(part: Condition | Turned) -> object:
    """The condition as the rulebook's files would write it; a turned definition with its turns."""
    match part:
        case Turned(definition=code, turns=turns):
            return {"definition": code, "turns": sorted(turns)}
        case Not(part=inner):
            return {"not": _plain_condition(inner)}
        case All(parts=parts):
            return {"all": [_plain_condition(inner) for inner in parts]}
        case Either(parts=parts):
            return {"any": [_plain_condition(inner) for inner in parts]}
        case IsOneOf(fact=fact, values=values):
            return {"fact": fact, "in": sorted(values, key=str)}
        case Compare(fact=fact, order=order, bound=bound):
            return {"fact": fact, order: _plain_value(bound)}
        case SetIs(fact=fact, test=test, options=options):
            return {"fact": fact, test: sorted(options) if test != "is_empty" else True}
        case Within(fact=fact, after=after, months=months, days=days):
            return {"fact": fact, "within": {"after": after, "months": months, "days": days}}
    raise TypeError(part)
