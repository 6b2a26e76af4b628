"""告知承诺书 and 备案表: one procedure of a kept guide, filled in; what only the applicant can say stays blank.

Source: the letters of commitment's fields of 国办发〔2020〕42号 and the Beijing regulation on the business environment.
"""

from typing import Final

from app.documents.paper import TEXT_WIDTH, Paper
from app.documents.reading import Reader, has_form
from app.documents.records import DOCX, Entry, File, Original
from app.documents.sheets import answers_table, close, file_name, open_paper
from app.engine import MaterialStatus, Treatment
from app.errors import NoDocument

_REQUIRED: Final = "required"
_CONFIRM: Final = "confirm"


def form_file(original: Original, code: str) -> File:
    """Return the letter of commitment, or the filing form, of one procedure.

    Raises: NoDocument where the procedure is not a decided commitment or filing of the guide (semantics 43).
    """
    reader = Reader(original.guide)
    item = reader.procedures.get(code)
    if item is None or not has_form(item):
        raise NoDocument(code if item is None else str(item["name"]), None if item is None else item["treatment"])
    kind = str(item["treatment"])
    title = reader.say(f"document.form.{kind}")
    paper = open_paper(original, reader, title, str(item["name"]))
    paper.small(reader.say(f"document.form.about_{kind}"))
    _Form(paper, reader, item, original).write()
    close(paper, original, reader)
    name = file_name(title, str(item["everyday_name"]), original.reference)
    return File(name, f"{kind}-{code}-{original.reference}.docx", DOCX, paper.as_bytes())


class _Form:
    """Writes one form, part by part."""

    def __init__(self, paper: Paper, reader: Reader, item: Entry, original: Original) -> None:
        self.paper = paper
        self.reader = reader
        self.item = item
        self.original = original
        self.is_commitment = item["treatment"] == Treatment.COMMITMENT

    def write(self) -> None:
        self._applicant()
        self._procedure()
        self._answers()
        self._conditions()
        self._materials()
        self._afterwards()
        self._declarations()
        self._option()
        self._signatures()
        self._basis()

    def _say(self, key: str, **values: object) -> str:
        return self.reader.say(f"document.{key}", **values)

    def _applicant(self) -> None:
        self.paper.heading(self._say(f"applicant.{self.item['treatment']}"))
        blanks = ("name", "identifier", "head", "address", "contact", "agent")
        labels = [self._say(f"applicant.{blank}") for blank in blanks]
        labels += [str(own) for own in self.item.get("form_fields", ()) if own not in labels]
        self.paper.fields([(label, "") for label in labels], label_width=58)

    def _procedure(self) -> None:
        item, reader = self.item, self.reader
        self.paper.heading(self._say("item.heading"))
        rows = [
            ("topic", reader.guide["topic"]["name"]),
            ("name", reader.full_name(item)),
            ("code", item["code"]),
            ("type", item["item_type"]),
            ("authority", item["authority"]),
            ("level", item["level"]),
            ("treatment", item["treatment_name"]),
            ("timing", item["filing_timing"] and reader.say(f"filing_timing.{item['filing_timing']}")),
            ("since", item["since"] and reader.day(item["since"])),
            ("limit", reader.limit(item)),
            ("channel", reader.channel(item) or self._say("not_found")),
            ("fee", reader.fee(item)),
            ("result", self._result()),
        ]
        self.paper.fields([(self._say(f"item.{key}"), str(value)) for key, value in rows if value is not None])

    def _result(self) -> str | None:
        result = self.item.get("result")
        if result is None:
            return None
        if result["validity"] is None:
            return str(result["name"])
        return self._say("item.validity", name=result["name"], span=self.reader.span(result["validity"]))

    def _answers(self) -> None:
        self.paper.heading(self._say("answers.heading"))
        answers_table(self.paper, self.reader)
        reasons = [
            condition
            for because in self.item["because"]
            if because["treatment"] == self.item["treatment"]
            for condition in because["conditions"]
        ]
        if reasons:
            self.paper.text(self._say("answers.why"))
            self.paper.points(dict.fromkeys(self._held(condition) for condition in reasons))

    def _held(self, condition: Entry) -> str:
        key = {True: "holds", False: "fails", None: "open"}[condition["holds"]]
        return self._say(f"answers.{key}", text=condition["text"])

    def _conditions(self) -> None:
        self.paper.heading(self._say("conditions.heading"))
        told = [item for item in self.item["conditions"] if item["status"] == _REQUIRED]
        if told:
            headings = (self._say("conditions.text"), self._say("conditions.status"))
            rows = [(item["text"], self._met(item)) for item in told]
            self.paper.table(headings, rows, (TEXT_WIDTH - 38, 38))
        else:
            self.paper.text(self._say("conditions.none"))
        dropped = [item["text"] for item in self.item["conditions"] if item["status"] != _REQUIRED]
        self.paper.points(self._say("conditions.dropped", text=text) for text in dropped)

    def _met(self, condition: Entry) -> str:
        if condition["met"] is None:
            return self._say("conditions.own")
        if condition["met"]:
            return self._say("conditions.met")
        return self._say("conditions.confirm" if condition["unmet_means"] == _CONFIRM else "conditions.unmet")

    def _materials(self) -> None:
        self.paper.heading(self._say("materials.heading"))
        papers, authority = self.item["materials"], self.item["authority"]
        if not papers:
            self.paper.text(self._say("materials.unknown", authority=authority))
            return
        headings = [self._say(f"materials.{key}") for key in ("name", "status", "note")]
        order = list(MaterialStatus)
        rows = [
            (one["name"], self.reader.say(f"material.{one['status']}"), one["note"] or "")
            for one in sorted(papers, key=lambda one: order.index(one["status"]))
        ]
        self.paper.table(headings, rows, (72, 34, TEXT_WIDTH - 106))
        if not self.item["materials_complete"]:
            self.paper.text(self._say("materials.incomplete", authority=authority))

    def _afterwards(self) -> None:
        code = str(self.item["code"])
        checked, owed = (self.reader.obligations(code, checks=checks) for checks in (True, False))
        nothing_more = "consequences.none_but_checks" if checked else "consequences.none"
        for heading, texts, none in (
            ("checks.heading", checked, "checks.none"),
            ("consequences.heading", owed, nothing_more),
        ):
            self.paper.heading(self._say(heading))
            if texts:
                self.paper.points(texts)
            else:
                self.paper.text(self._say(none))

    def _declarations(self) -> None:
        if self.is_commitment:
            self.paper.heading(self._say("declarations.heading"))
            keys = ["told", "true", "met", "checked", "liable", "public"]
        else:
            self.paper.heading(self._say("declarations.filing_heading"))
            keys = ["told", "true", "checked", "liable_filing"]
        self.paper.points(self._say(f"declarations.{key}") for key in keys)

    def _option(self) -> None:
        item, reader = self.item, self.reader
        if self.is_commitment:
            self.paper.heading(self._say("option.heading"))
            self.paper.text(reader.fallback(item) or self._say("option.plain", authority=item["authority"]))
            return
        self.paper.heading(self._say("option.filing_heading"))
        timing = item["filing_timing"]
        said = self._say("not_found") if timing is None else reader.say(f"filing_timing.{timing}")
        self.paper.text(self._say("option.filing", timing=said))
        other = reader.fallback(item)
        if other is not None:
            self.paper.text(other)

    def _signatures(self) -> None:
        self.paper.heading(self._say(f"signature.{self.item['treatment']}"))
        who = self._say("signature.applicant" if self.is_commitment else "signature.filer")
        self.paper.signatures([(who, self._say("signature.authority", authority=self.item["authority"]))])

    def _basis(self) -> None:
        self.paper.heading(self._say("basis.heading"))
        self.paper.fields(self.reader.sources_of(self.item), label_width=62)
        for key, said in (("confirm", self.reader.confirm(self.item)), ("notes", self.item.get("notes", []))):
            if said:
                self.paper.heading(self._say(f"basis.{key}"), 2)
                self.paper.points(said)
