"""A Word document read again, part by part, as a person would: headings, and what stands under each."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph


@dataclass(slots=True)
class Part:
    """What stands under one heading."""

    texts: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """Two columns as names and values."""
        return {row[0]: row[1] for row in self.rows}

    @property
    def words(self) -> str:
        """All of it as one text."""
        return "\n".join([*self.texts, *("\n".join(row) for row in self.rows)])


class ReadDocument:
    """A document opened by the library that reads it."""

    def __init__(self, body: bytes) -> None:
        self.document: Document = docx.Document(io.BytesIO(body))
        self.parts: dict[str, Part] = {"": Part()}
        self.title = ""
        for block in self._blocks():
            self._take(block)

    def __getitem__(self, heading: str) -> Part:
        """Return the part under the heading that has these words in it."""
        (found,) = [part for name, part in self.parts.items() if heading in name]
        return found

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join([self.title, *(f"{name}\n{part.words}" for name, part in self.parts.items())])

    @property
    def footer(self) -> str:
        """What stands at the foot of each page."""
        return "\n".join(line.text for line in self.document.sections[0].footer.paragraphs)

    def _blocks(self) -> Iterator[Paragraph | Table]:
        yield from self.document.iter_inner_content()

    def _take(self, block: Paragraph | Table) -> None:
        current = list(self.parts.values())[-1]
        if isinstance(block, Table):
            current.rows += [tuple(cell.text for cell in row.cells) for row in block.rows]
            return
        style = block.style.name if block.style is not None else ""
        if style == "Title":
            self.title = block.text
        elif style == "Heading 1":
            self.parts[block.text] = Part()
        elif block.text:
            current.texts.append(block.text)
