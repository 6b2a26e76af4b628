"""A rulebook's folder, read into entries: every file, every entry for itself, so that one fault hides no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar, cast

from app.rulebook.faults import validate
from app.rulebook.files.base import Entry
from app.rulebook.findings import Findings, did_you_mean
from app.rulebook.layout import CHANGELOG_FILE, MODULE_FILES, POLICY_FILES, SHARED_FILES, TOPIC_FILES, FileKind
from app.rulebook.places import Mark, Place, keys_of, without_places
from app.rulebook.reader import read

E = TypeVar("E", bound=Entry)

#: The stored text of a policy that is quoted letter by letter.
TEXT_FILE: Final = "text.txt"
_FOLDERS: Final = frozenset({"policies", "shared", "topics", "changelog"})
_KEPT_BESIDE: Final = frozenset({"README.md", TEXT_FILE, "schemas"})


@dataclass(slots=True)
class Folder:
    """One folder of the rulebook: a policy, the shared lists, a module or a topic.

    Shape: `path` as findings show it · `head` the entry of the file the folder is named after · `entries` key ->
        entries in order of files.
    """

    name: str
    path: str
    place: Place
    head: Entry | None = None
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def holds(self, file: str) -> bool:
        """Whether a file of a finding lies in it."""
        return file.startswith(f"{self.path}/")

    def list(self, key: str, kind: type[E]) -> list[E]:
        """The entries under the key."""
        found = self.entries.get(key, [])
        assert all(isinstance(entry, kind) for entry in found)
        return cast(list[E], found)


@dataclass(slots=True)
class Source:
    """A whole rulebook as its files say it, before any name is looked up.

    Shape: `contents` path inside the rulebook -> what the file says, as plain data, for the content hash;
        `broken` (key of the list, code) of entries that could not be read; `unreadable` files that could not,
        `flawed` files of which anything could not.
    """

    root: Path
    shared: Folder
    changelog: Folder
    policies: dict[str, Folder] = field(default_factory=dict)
    modules: dict[str, Folder] = field(default_factory=dict)
    topics: dict[str, Folder] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    contents: dict[str, object] = field(default_factory=dict)
    broken: set[tuple[str, str]] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    flawed: frozenset[str] = frozenset()
    findings: Findings = field(default_factory=Findings)


def read_folder(root: Path) -> Source:
    """Return all that stands in the rulebook's folder, with every fault of form."""
    reading = _Reading(root)
    source = reading.source
    for folder in _folders(root / "policies"):
        source.policies[folder.name] = reading.folder(folder, POLICY_FILES, "policy")
        text = reading.text(folder / TEXT_FILE) if (folder / TEXT_FILE).is_file() else None
        if text is not None:
            source.texts[folder.name] = text
    for folder in _folders(root / "shared"):
        if folder.name not in SHARED_FILES:
            source.modules[folder.name] = reading.folder(folder, MODULE_FILES, "module")
    for folder in _folders(root / "topics"):
        source.topics[folder.name] = reading.folder(folder, TOPIC_FILES, "topic")
    reading.changelog()
    reading.strangers()
    source.flawed = frozenset(source.findings.blocking)
    return source


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.glob("*") if path.is_dir() and not path.name.startswith("."))


def _files(parent: Path, pattern: str) -> list[Path]:
    return sorted(path for path in parent.glob(pattern) if path.is_file())


class _Reading:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: set[Path] = set()
        shared, changelog = (Folder(name, *self.nowhere(root / name)) for name in ("shared", "changelog"))
        self.source = Source(root, shared, changelog)
        self.findings = self.source.findings
        self.files(root / "shared", SHARED_FILES, shared)

    def nowhere(self, path: Path) -> tuple[str, Place]:
        label = self.label(path)
        return label, Place(label, Mark(0, 0))

    def label(self, path: Path) -> str:
        return f"{self.root.name}/{path.relative_to(self.root).as_posix()}"

    def folder(self, path: Path, kinds: Mapping[str, FileKind], head: str) -> Folder:
        """One folder; its file `<head>.yaml` has to be there."""
        folder = Folder(path.name, self.label(path), Place(self.label(path / f"{head}.yaml"), Mark(0, 0)))
        if not (path / f"{head}.yaml").is_file():
            self.findings.add(folder.place, "missing_file", f"the folder {path.name} needs a {head}.yaml")
        self.files(path, kinds, folder)
        return folder

    def files(self, path: Path, kinds: Mapping[str, FileKind], folder: Folder) -> None:
        for file, kind in self.in_order(path, kinds):
            self.file(file, kind, folder)

    def in_order(self, path: Path, kinds: Mapping[str, FileKind]) -> Iterator[tuple[Path, FileKind]]:
        """`rules.yaml`, then `rules/*.yaml` by name, kind by kind; others are findings."""
        for name, kind in kinds.items():
            if (path / f"{name}.yaml").is_file():
                yield path / f"{name}.yaml", kind
            for file in _files(path / name, "*.yaml"):
                yield file, kind
        for file in _files(path, "*.y*ml"):
            if file.name not in {f"{name}.yaml" for name in kinds}:
                self.unknown(file, [f"{name}.yaml" for name in kinds])

    def changelog(self) -> None:
        """The fragments, each a file of its own under a name of its own."""
        folder, found = self.source.changelog, list[Entry]()
        for file in _files(self.root / "changelog", "*.yaml"):
            self.file(file, CHANGELOG_FILE, folder)
            found.extend([folder.head] if folder.head else [])
            folder.head = None
        folder.entries["changelog"] = found

    def strangers(self) -> None:
        """Files that nothing reads: any at the top, and YAML wherever it lies."""
        for path in sorted(self.root.glob("*")):
            if path.name.startswith(".") or path.name in _KEPT_BESIDE | _FOLDERS:
                continue
            self.unknown(path, ["policies", "shared", "topics", "changelog"])
        for path in sorted(self.root.glob("*/**/*.y*ml")):
            parts = path.relative_to(self.root).parts
            if path in self.seen or not path.is_file() or any(part.startswith(".") for part in parts):
                continue
            if parts[0] in _FOLDERS:
                place = Place(self.label(path), Mark(0, 0))
                self.findings.add(place, "unknown_file", f"nothing reads {path.name} where it lies; put it elsewhere")

    def unknown(self, path: Path, known: list[str]) -> None:
        self.seen.add(path)
        near = did_you_mean(path.name, known) or f"; here belong {', '.join(known)}"
        place = Place(self.label(path), Mark(0, 0))
        self.findings.add(place, "unknown_file", f"nothing reads {path.name}{near}")

    def text(self, path: Path) -> str | None:
        """What the file says, None where it is no text."""
        self.seen.add(path)
        try:
            return path.read_text("utf-8")
        except UnicodeDecodeError as fault:
            message = f"the file is not UTF-8 (byte {fault.start}); save it as UTF-8"
            self.findings.add(Place(self.label(path), Mark(1, 1)), "syntax", message)
            self.source.unreadable.add(self.label(path))
            return None

    def file(self, path: Path, kind: FileKind, folder: Folder) -> None:
        label = self.label(path)
        text = self.text(path)
        if text is None:
            return
        document = read(text, label)
        self.findings.take(*document.findings)
        if document.data is None:
            if document.findings:
                self.source.unreadable.add(label)
            else:
                self.findings.add(document.place, "missing_key", "the file is empty; fill it or remove it")
            return
        self.source.contents[path.relative_to(self.root).as_posix()] = without_places(document.data)
        if kind.whole:
            folder.place = document.place
            folder.head = self.entry(kind.whole, document.data, document.place)
        elif kind.bare:
            self.entries(kind.name, kind.bare, document.data, document.place, folder)
        else:
            self.keys(kind, document.data, document.place, folder)

    def keys(self, kind: FileKind, data: object, place: Place, folder: Folder) -> None:
        lists, single = kind.lists or {}, kind.single or {}
        if not isinstance(data, dict):
            self.findings.add(place, "wrong_type", f"the file begins with a key: {', '.join([*lists, *single])}")
            return
        for key in keys_of(data):
            below = place.at(key)
            if key in lists:
                self.entries(key, lists[key], data[key], below, folder)
            elif key in single:
                entry = self.entry(single[key], data[key], below)
                folder.entries.setdefault(key, []).extend([entry] if entry else [])
            else:
                near = did_you_mean(key, [*lists, *single]) or f"; here belong {', '.join([*lists, *single])}"
                self.findings.add_at_key(below, "unknown_key", f"there is no key `{key}` in this file{near}")

    def entries(self, key: str, model: type[Entry], data: object, place: Place, folder: Folder) -> None:
        if data is None:
            return
        if not isinstance(data, tuple):
            self.findings.add(place, "wrong_type", f"`{key}` takes a list")
            return
        found = folder.entries.setdefault(key, [])
        for index, part in enumerate(data):
            entry = self.entry(model, part, place.at(index))
            if entry:
                found.append(entry)
            elif isinstance(part, dict):
                self.mark_broken(key, part)

    def entry(self, model: type[Entry], data: object, place: Place) -> Entry | None:
        found = validate(model, data, place)
        if isinstance(found, Entry):
            return found
        self.findings.take(*found)
        if isinstance(data, dict):
            for key in keys_of(data):
                parts = data[key] if isinstance(data[key], tuple) else ()
                for part in parts:
                    if isinstance(part, dict):
                        self.mark_broken(key, part)
        return None

    def mark_broken(self, key: str, data: dict[str, object]) -> None:
        """Remember the code of an entry that cannot be read, so that its uses are not findings too."""
        for name in ("code", "id"):
            if isinstance(data.get(name), str):
                self.source.broken.add((key, str(data[name])))
