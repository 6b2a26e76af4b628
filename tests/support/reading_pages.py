"""Reads a page as a tree, to look things up in it; a tag that is left open or closed twice is an error."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905


@dataclass
class Node:
    """An element, its attributes, and what stands in it: elements and pieces of text in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its text, runs of blanks as one."""
        return " ".join("".join(self._pieces()).split())

    def all(self, tag: str | None = None, css: str | None = None, **attributes: str) -> list["Node"]:
        """Return every element below with the tag, the class and the attributes, underscores for hyphens."""
        return [node for node in self._below() if node.fits(tag, css, attributes)]

    def one(self, tag: str | None = None, css: str | None = None, **attributes: str) -> "Node":
        """Return the only such element."""
        found = self.all(tag, css, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {css} {attributes}"
        return found[0]

    def fits(self, tag: str | None, css: str | None, attributes: dict[str, str]) -> bool:
        """Return whether it is one that is looked for."""
        named = {name.replace("_", "-"): value for name, value in attributes.items()}
        return (
            (tag is None or self.tag == tag)
            and (css is None or css in self.attributes.get("class", "").split())
            and all(self.attributes.get(name) == value for name, value in named.items())
        )

    def _below(self) -> Iterator["Node"]:
        for part in self.content:
            if isinstance(part, Node):
                yield part
                yield from part._below()

    def _pieces(self) -> Iterator[str]:
        for part in self.content:
            if isinstance(part, str):
                yield part
            else:
                yield from part._pieces()


def read_page(text: str) -> Node:
    """Return the page as a tree.

    Raises: AssertionError where its tags do not fit together.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, f"left open: {[node.tag for node in reader.open[1:]]}"
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(node)
        if tag not in _EMPTY:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].content.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        node = self.open.pop()
        assert node.tag == tag, f"<{node.tag}> is ended by </{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)
