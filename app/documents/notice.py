"""一次性告知书: the whole guide on paper, everything the company has to know told once."""

from collections.abc import Iterable

from app.documents.codes import qr_png
from app.documents.paper import TEXT_WIDTH, Paper
from app.documents.reading import Reader, length_of
from app.documents.records import DOCX, Entry, File, Original
from app.documents.sheets import answers_table, close, file_name, open_paper
from app.engine import MaterialStatus
from app.guides import spoken_groups
from app.wording import total_days_text, total_text

_WANTED = frozenset({MaterialStatus.REQUIRED, MaterialStatus.DEFERRED})
_QR_WIDTH = 30


def notice_file(original: Original) -> File:
    """Return the notice of a kept guide."""
    reader = Reader(original.guide)
    topic = original.guide["topic"]
    title = reader.say("notice.title")
    below = reader.say("notice.subtitle", topic=topic["name"], law=reader.law())
    paper = open_paper(original, reader, title, below)
    _Notice(paper, reader, original).write()
    close(paper, original, reader)
    name = file_name(title, str(topic["name"]), original.reference)
    return File(name, f"notice-{topic['code']}-{original.reference}.docx", DOCX, paper.as_bytes())


class _Notice:
    """Writes the notice, part by part."""

    def __init__(self, paper: Paper, reader: Reader, original: Original) -> None:
        self.paper = paper
        self.reader = reader
        self.guide = original.guide
        self.original = original

    def write(self) -> None:
        self._answer()
        self._steps()
        self._beside()
        self._materials()
        self._conditions()
        self._gone()
        self._open()
        self._extras()
        self.paper.heading(self._say("answers"))
        answers_table(self.paper, self.reader)
        self.paper.heading(self._say("basis"))
        self.paper.fields(self.reader.sources(), label_width=62)

    def _say(self, key: str, **values: object) -> str:
        return self.reader.say(f"notice.{key}", **values)

    def _listed(self, heading: str, texts: Iterable[str], none: str | None = None) -> None:
        """A heading with its points; without any, what is said instead, or nothing at all."""
        points = list(texts)
        if points or none is not None:
            self.paper.heading(self._say(heading))
        if points:
            self.paper.points(points)
        elif none is not None:
            self.paper.text(self._say(none))

    def _answer(self) -> None:
        if self.original.address is not None:
            described = self._say("qr", reference=spoken_groups(self.original.reference))
            self.paper.picture(qr_png(self.original.address), _QR_WIDTH, described)
            self.paper.small(described)
        self.paper.heading(self._say("answer"))
        self.paper.text(self.guide["answer"])
        for applies, key in ((True, "barred"), (None, "may_be_barred")):
            reasons = [item["reason"] for item in self.guide["barriers"] if item["applies"] is applies]
            if reasons:
                self.paper.text(self._say(key), bold=True)
                self.paper.points(reasons)

    # ---- the order of things -------------------------------------------------------------------------------

    def _steps(self) -> None:
        self.paper.heading(self._say("steps"))
        path = self.guide["path"]
        if path["after"] is None:
            self.paper.text(self._say("barred_no_steps"))
            return
        if not path["steps"]:
            self.paper.text(self._say("no_steps"))
            return
        headings = [self._say(key) for key in ("step", "what", "where", "how_long")]
        self.paper.table(headings, map(self._step, path["steps"]), (22, 62, 44, TEXT_WIDTH - 128))
        self._totals(path)

    def _step(self, step: Entry) -> tuple[str, str, str, str]:
        reader = self.reader
        items = [reader.procedures[code] for code in step["procedures"]]
        first, others = items[0], items[1:]
        what = [f"{reader.full_name(first)} · {reader.treatment(first)}"]
        what += [self._say("with_it", name=reader.full_name(other)) for other in others]
        what += self._apply_before(first)
        where = list(dict.fromkeys(item["authority"] for item in items))
        channel = reader.channel(first)
        after = step["starts_after"]
        when = self._say("when_after", numbers=reader.phrases.listed([str(n) for n in after])) if after else ""
        order = [str(step["number"]), when or self._say("when_at_once")]
        return (
            "\n".join(order),
            "\n".join(what),
            "\n".join([*where, *([channel] if channel else [])]),
            reader.limit(first),
        )

    def _apply_before(self, item: Entry) -> list[str]:
        """How long before what it has to be applied for, [] where that is not said."""
        before = item.get("apply_before")
        if before is None:
            return []
        return [self._say("apply_before", event=before["event"], span=self.reader.span(before))]

    def _totals(self, path: Entry) -> None:
        for key, totals in (("total", path["after"]), ("total_before", path["before"])):
            if totals is not None:
                self.paper.text(self._total(key, totals))
        unknown = path["after"]["days"]["unknown"]
        if unknown:
            self.paper.text(self._say("unknown_days", names=self.reader.names(unknown)))
        others = [
            self.reader.say("document.joined", first=self.reader.name(one["procedure"]), rest=self.reader.span(one))
            for one in path["after"]["days"]["other_units"]
        ]
        if others:
            self.paper.text(self._say("other_units", texts=self.reader.phrases.listed(others)))

    def _beside(self) -> None:
        beside = [
            " · ".join([self.reader.full_name(item), self._in_a_word(item), *self._apply_before(item)])
            for item in self.reader.beside_the_path()
        ]
        if beside:
            self.paper.text(self._say("beside"))
            self.paper.points(beside)

    def _in_a_word(self, item: Entry) -> str:
        return self._say("optional") if item["optional"] else self.reader.say(f"kind.{item['kind']}")

    def _total(self, key: str, totals: Entry) -> str:
        phrases, is_settled = self.reader.phrases, totals["complete"]
        return self._say(
            key,
            procedures=total_text("procedures", totals["procedures"], phrases, is_whole=is_settled),
            days=total_days_text(
                length_of(totals["days"]), phrases, is_whole=totals["days"]["complete"] and is_settled
            ),
            papers=total_text(
                "papers", totals["materials"], phrases, is_whole=totals["materials_complete"] and is_settled
            ),
            day=self.reader.day(totals["day"]),
        )

    # ---- papers and conditions -------------------------------------------------------------------------------

    def _materials(self) -> None:
        reader, todo = self.reader, self.reader.to_do()
        self.paper.heading(self._say("materials"))
        rows = [
            (self._say("check"), "\n".join(part for part in (name, *sorted(notes)) if part), reader.names(users))
            for name, notes, users in self._papers(todo)
        ]
        if rows:
            headings = ("", reader.say("document.materials.name"), self._say("for_procedures"))
            self.paper.table(headings, rows, (10, 90, TEXT_WIDTH - 100))
        else:
            self.paper.text(self._say("materials_none"))
        unknown = [item["code"] for item in todo if not item["materials"]]
        partly = [item["code"] for item in todo if item["materials"] and not item["materials_complete"]]
        for key, codes in (("materials_unknown", unknown), ("materials_incomplete", partly)):
            if codes:
                self.paper.text(self._say(key, names=reader.names(codes)))
        spared = [one["name"] for item in todo for one in item["materials"] or () if one["status"] not in _WANTED]
        if spared:
            self.paper.text(self._say("not_needed", names=reader.phrases.listed(list(dict.fromkeys(spared)))))

    def _papers(self, todo: Iterable[Entry]) -> list[tuple[str, set[str], list[str]]]:
        """Each paper once: its name, what is said of it, the procedures it is for."""
        found: dict[str, tuple[str, set[str], list[str]]] = {}
        for item in todo:
            for one in item["materials"] or ():
                if one["status"] in _WANTED:
                    name, notes, users = found.setdefault(one["code"], (one["name"], set(), []))
                    users.append(item["code"])
                    if one["note"] and one["note"] != name:
                        notes.add(one["note"])
                    if one["status"] == MaterialStatus.DEFERRED:
                        notes.add(self.reader.say(f"material.{one['status']}"))
        return list(found.values())

    def _conditions(self) -> None:
        told = dict.fromkeys(
            self.reader.say("document.joined", first=item["everyday_name"], rest=condition["text"])
            for item in self.reader.to_do()
            for condition in item["conditions"]
            if condition["status"] == MaterialStatus.REQUIRED
        )
        self._listed("conditions", told, "conditions_none")

    # ---- what is not to do, what is open, what follows ---------------------------------------------------------

    def _gone(self) -> None:
        self._listed("gone", self.reader.nothing_to_do(), "gone_none")

    def _open(self) -> None:
        reader, guide = self.reader, self.guide
        points = [reader.possible(item) for item in reader.undecided()]
        confirm = [
            reader.say("document.joined", first=item["everyday_name"], rest=text)
            for item in guide["procedures"]
            for text in reader.confirm(item)
        ]
        asked = [item["question"] for item in guide["questions"] if not item["optional"]]
        to_ask = [
            reader.say("document.ask", authority=item["authority"], why=item["ask"])
            for item in guide["confirmations"]
            if not item["optional"]
        ]
        self._listed("open", points, None if asked or to_ask or confirm else "open_none")
        if (asked or to_ask or confirm) and not points:
            self.paper.heading(self._say("open"))
        for key, texts in (("open_questions", asked), ("open_confirm", [*to_ask, *confirm])):
            if texts:
                self.paper.text(self._say(key))
                self.paper.points(dict.fromkeys(texts))

    def _extras(self) -> None:
        reader, guide = self.reader, self.guide
        told = [reader.say("document.joined", first=one["name"], rest=one["text"]) for one in guide["entitlements"]]
        granted = [reader.applies(text, one) for text, one in zip(told, guide["entitlements"], strict=True)]
        self._listed("entitlements", granted)
        owed = [reader.say("document.joined", first=one["name"], rest=reader.owed(one)) for one in guide["obligations"]]
        self._listed("obligations", owed)
        notes = [reader.applies(one["text"], one) for one in guide["notes"]]
        own = [
            reader.say("document.joined", first=item["everyday_name"], rest=note)
            for item in guide["procedures"]
            for note in item.get("notes", [])
        ]
        self._listed("notes", [*notes, *own])
