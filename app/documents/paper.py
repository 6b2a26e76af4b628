"""A4 paper in Word's format: styles, headings, tables, footer; the same content gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.documents.typefaces import FONT_TABLE, Face, faces_for

# GB/T 9704 prints the text of an official letter 156 mm wide; a form needs the same margins left and right.
_PAGE: Final = (Mm(210), Mm(297))
_MARGINS: Final = {"top": Mm(25), "bottom": Mm(22), "left": Mm(26), "right": Mm(26)}
TEXT_WIDTH: Final = 158
"""Width between the margins, in millimetres."""
_GREY: Final = RGBColor(0x40, 0x40, 0x40)
# Style of ours -> its id in the file. Setting a style by its name walks through all of them each time.
_STYLES: Final = {
    "Normal": "Normal",
    "Title": "Title",
    "Subtitle": "Subtitle",
    "Heading 1": "Heading1",
    "Heading 2": "Heading2",
    "List Bullet": "ListBullet",
    "No Spacing": "NoSpacing",
    "Caption": "Caption",
    "Footer": "Footer",
}
_OTHER_STYLES: Final = frozenset({"DefaultParagraphFont", "TableNormal", "NoList", "TableGrid"})
_NEEDLESS_PARTS: Final = ("/thumbnail", "/stylesWithEffects", "/customXml")
_FONT_TABLE_PART: Final = "word/fontTable.xml"
# What a zip archive can say at the earliest; a file's own day would make each copy another one.
_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)


class Paper:
    """A document being written.

    Shape: `lang` a language tag; it chooses typefaces, and tells programs that read aloud what they read.
    """

    def __init__(self, *, lang: str, title: str, subject: str, made_at: datetime) -> None:
        self._document: Document = docx.Document(io.BytesIO(_template()))
        self._is_chinese = lang != "en"
        self._set_styles(faces_for(lang))
        self._set_page()
        about = self._document.core_properties
        about.title, about.subject, about.language = title, subject, lang
        about.author = about.last_modified_by = about.comments = about.keywords = ""
        about.created = about.modified = made_at.replace(tzinfo=None, microsecond=0)
        about.revision = 1

    # ---- what stands on it -------------------------------------------------------------------------------

    def title(self, text: str, below: str | None = None) -> None:
        """Write the title, and a smaller line below it."""
        self._write(text, "Title")
        if below:
            self._write(below, "Subtitle")

    def heading(self, text: str, level: int = 1) -> None:
        """Write a heading; programs list them as the document's outline."""
        self._write(text, f"Heading {level}")

    def text(self, text: str, *, bold: bool = False) -> None:
        """Write a paragraph."""
        self._write(text, "Normal").runs[0].bold = bold or None

    def points(self, texts: Iterable[str]) -> None:
        """Write a list with a dot before each entry."""
        for text in texts:
            self._write(text, "List Bullet")

    def small(self, text: str) -> None:
        """Write a remark in small print."""
        self._write(text, "Caption")

    def fields(self, rows: Iterable[tuple[str, str]], *, label_width: int = 42) -> None:
        """Write names and values in two columns; an empty value leaves room to write by hand."""
        table = self._table(list(rows), (label_width, TEXT_WIDTH - label_width))
        for row in table.rows:
            _shade(row.cells[0])
            if not row.cells[1].text:
                row.height = Mm(9)
        self._after_table()

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """Write a table whose headings come again on each page; widths in millimetres."""
        table = self._table([headings, *rows], widths)
        for cell in table.rows[0].cells:
            _shade(cell)
            for run in cell.paragraphs[0].runs:
                run.bold = True
        table.rows[0]._tr.get_or_add_trPr().append(_on_off("w:tblHeader"))
        self._after_table()

    def signatures(self, rows: Iterable[tuple[str, str]]) -> None:
        """Write boxes to sign in, two beside each other, high enough for a seal."""
        table = self._table(list(rows), (TEXT_WIDTH // 2, TEXT_WIDTH // 2))
        for row in table.rows:
            row.height = Mm(30)
        self._after_table()

    def picture(self, png: bytes, width: int, description: str) -> None:
        """Write a picture on its own line; width in millimetres."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width))
        shape._inline.docPr.set("descr", description)

    def footer(self, text: str, page_of: tuple[str, str, str]) -> None:
        """Write what stands at the foot of each page; `page_of` are the words around page and number of pages."""
        line = self._document.sections[0].footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(text).add_break()
        before, between, after = page_of
        line.add_run(before)
        _field(line.add_run(), "PAGE")
        line.add_run(between)
        _field(line.add_run(), "NUMPAGES")
        line.add_run(after)

    def as_bytes(self) -> bytes:
        """Return the file."""
        written = io.BytesIO()
        self._document.save(written)
        return _settled(written.getvalue(), {_FONT_TABLE_PART: FONT_TABLE})

    # ---- how it looks ------------------------------------------------------------------------------------

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = _PAGE
        section.top_margin, section.bottom_margin = _MARGINS["top"], _MARGINS["bottom"]
        section.left_margin, section.right_margin = _MARGINS["left"], _MARGINS["right"]
        section.footer_distance = Mm(10)

    def _set_styles(self, faces: dict[str, Face]) -> None:
        for name, face in faces.items():
            style = self._document.styles[name]
            assert isinstance(style, ParagraphStyle)
            _dress(style, face)
        # Said once for the whole document: some styles rest on no other.
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "zh-CN" if self._is_chinese else "en-GB")
            language.set(qn("w:eastAsia"), "zh-CN")

    def _table(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Table:
        table: Table = self._document.add_table(len(rows), len(widths), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row, texts in zip(table.rows, rows, strict=True):
            row._tr.get_or_add_trPr().append(_on_off("w:cantSplit"))
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = Mm(width)
                _fill(cell, text)
        return table

    def _after_table(self) -> None:
        """Two tables without a paragraph between them would become one."""
        self._write("", "No Spacing").paragraph_format.line_spacing = Pt(6)

    def _write(self, text: str, style: str) -> Paragraph:
        return _in_style(self._document.add_paragraph(text), style)


@cache
def _template() -> bytes:
    """The library's empty document without what nobody uses: table styles, a picture of itself, old copies."""
    document = docx.Document()
    for rels in (document.part.rels, document.part.package.rels):
        for key, relation in list(rels.items()):
            if relation.reltype.endswith(_NEEDLESS_PARTS):
                rels.pop(key)
    kept = {*_STYLES.values(), *_OTHER_STYLES}
    for style in list(document.styles.element.style_lst):
        if style.get(qn("w:styleId")) not in kept:
            document.styles.element.remove(style)
        for link in style.findall(qn("w:link")):
            style.remove(link)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _settled(packed: bytes, replaced: dict[str, bytes]) -> bytes:
    """The archive with every time taken out, and some parts exchanged."""
    settled = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as given,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for part in given.infolist():
            entry = zipfile.ZipInfo(part.filename, _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Otherwise the archive says on which kind of machine it was made.
            entry.create_system = 0
            taken.writestr(entry, replaced.get(part.filename, given.read(part)))
    return settled.getvalue()


def _dress(style: ParagraphStyle, face: Face) -> None:
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for key, name in (("ascii", face.latin), ("hAnsi", face.latin), ("cs", face.latin), ("eastAsia", face.chinese)):
        fonts.set(qn(f"w:{key}"), name)
    properties.insert(0, fonts)
    style.font.size = Pt(face.points)
    style.font.bold = face.bold
    style.font.italic = False
    style.font.color.rgb = _GREY if face.is_small else RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(face.before), Pt(face.after)
    layout.line_spacing = face.leading
    if face.is_centred:
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _in_style(paragraph: Paragraph, style: str) -> Paragraph:
    paragraph._p.style = _STYLES[style]
    return paragraph


def _fill(cell: _Cell, text: str) -> None:
    first, *others = text.split("\n")
    _in_style(cell.paragraphs[0], "No Spacing").add_run(first)
    for other in others:
        _in_style(cell.add_paragraph(other), "No Spacing")


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "F2F2F2")):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _on_off(name: str) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(name)
    return element


def _field(run: Run, instruction: str) -> None:
    """A number that the program showing the page works out."""
    for kind, text in (("begin", None), (None, instruction), ("separate", None), ("shown", "1"), ("end", None)):
        if kind in (None, "shown"):
            element = OxmlElement("w:t" if kind else "w:instrText")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), str(kind))
        run._r.append(element)
