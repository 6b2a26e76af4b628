"""A rulebook that was sent: a zip or JSON of its files, taken apart without trusting a single name or size in it."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from unicodedata import normalize

from app.errors import Fault, FaultCode, InvalidRequest, ProblemCode, ScenarioError
from app.releases.contents import is_kept

# A rulebook of all topics has some thousands of files.
_MOST_FILES: Final = 20_000
_LONGEST_PATH: Final = 300
# A folder in a folder in a folder is the most that is read; a file system takes no longer name, in bytes, than this.
_DEEPEST: Final = 8
_LONGEST_PART: Final = 255
# What file managers put into every archive they make.
_LITTER: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_FORBIDDEN: Final = frozenset('\\:*?"<>|')
_ENCRYPTED: Final = 0x1
_KIND_OF_FILE: Final = 0o170000
_REGULAR: Final = (0, 0o100000)
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def files_of_zip(archive: bytes, most_bytes: int) -> dict[str, bytes]:
    """Return path inside the rulebook -> bytes of the files in a zip; one folder around all of them is taken off.

    Raises: InvalidRequest with every name that is refused, or for what is no zip · ScenarioError (payload-too-large)
        when the files together weigh more than `most_bytes`, whatever the zip says of itself.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = [member for member in opened.infolist() if not _is_folder(member) and not _is_litter(member)]
            _refuse(_count_faults(len(members)))
            # A zip's own reader has put slashes for backslashes where it must, and cut the name at a NUL; the original
            # counts.
            faults = [fault for member in members for fault in _member_faults(member)]
            _refuse([*faults, *_faults_of_all([member.orig_filename for member in members])])
            found = _unpacked(opened, members, most_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as fault:
        raise _malformed(str(fault)) from fault
    return _checked(_without_folder(found))


def files_of_mapping(files: Mapping[str, object]) -> dict[str, bytes]:
    """Return path inside the rulebook -> bytes of files given as path to text.

    Raises: InvalidRequest with every path or value that is refused.
    """
    _refuse(_count_faults(len(files)))
    faults = [*(fault for path in files for fault in _path_faults(path)), *_faults_of_all(list(files))]
    for path, text in files.items():
        if not isinstance(text, str):
            params = {"name": path, "expected": "string"}
            faults.append(Fault(_pointer(path), FaultCode.WRONG_TYPE, f"{path} takes text", "string", params))
    _refuse(faults)
    return _checked({path: str(text).encode("utf-8", "surrogatepass") for path, text in files.items()})


def _unpacked(opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], most_bytes: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = most_bytes
    for member in members:
        with opened.open(member) as content:
            # Read no further than the bound: a few kilobytes of zip can say gigabytes.
            found[member.filename] = content.read(left + 1)
        left -= len(found[member.filename])
        if left < 0:
            raise ScenarioError(
                f"the files together are larger than {most_bytes} bytes",
                code=ProblemCode.PAYLOAD_TOO_LARGE,
                params={"max_bytes": most_bytes},
            )
    return found


def _without_folder(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Files as they stand inside the rulebook, where the archive holds the folder itself."""
    roots = {PurePosixPath(path).parts[0] for path in files}
    if len(roots) != 1 or any(is_kept(path) for path in files):
        return files
    (root,) = roots
    return {path.removeprefix(f"{root}/"): content for path, content in files.items()}


def _checked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files a release is made of; one that belongs to none is refused, for it would be left out in silence."""
    kept = {path: content for path, content in files.items() if not _is_left_out(path)}
    strangers = [path for path in kept if not is_kept(path)]
    _refuse([_fault(path, "not_allowed", "stranger", f"{path} belongs to no rulebook") for path in strangers])
    if not kept:
        raise InvalidRequest([Fault("/files", FaultCode.MISSING, "there are no files", params={"name": "files"})])
    return kept


def _is_left_out(path: str) -> bool:
    """What stands in a rulebook's folder and is none of it: an editor's hidden files, schemas made by the software."""
    parts = PurePosixPath(path).parts
    return parts[0] == "schemas" or any(part.startswith(".") for part in parts)


def _is_folder(member: zipfile.ZipInfo) -> bool:
    # The reader's own test fails on a name that is empty once it is cut at a NUL.
    return member.orig_filename.endswith("/") and "\0" not in member.orig_filename


def _is_litter(member: zipfile.ZipInfo) -> bool:
    return any(part in _LITTER for part in PurePosixPath(member.filename).parts)


def _member_faults(member: zipfile.ZipInfo) -> Iterator[Fault]:
    yield from _path_faults(member.orig_filename)
    if member.flag_bits & _ENCRYPTED:
        yield _fault(member.filename, "not_allowed", "encrypted", f"{member.filename} is encrypted")
    if (member.external_attr >> 16) & _KIND_OF_FILE not in _REGULAR:
        yield _fault(member.filename, "not_allowed", "link", f"{member.filename} is no plain file")
    if member.compress_type not in _METHODS:
        yield _fault(member.filename, "not_allowed", "method", f"{member.filename} is compressed in another way")


def _path_faults(path: str) -> Iterator[Fault]:
    parts = path.split("/")
    # Signs that are not shown, halves of signs among them, would make two names look alike.
    is_strange = any(sign in _FORBIDDEN or not sign.isprintable() for sign in path)
    if not path or is_strange or any(part in ("", ".", "..") for part in parts):
        yield _fault(path, "not_allowed", "path", f"{path[:_LONGEST_PATH]!r} is no path inside a rulebook")
    elif len(path) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_PART for part in parts):
        yield _fault(path, "not_allowed", "long", f"{path[:_LONGEST_PATH]!r} is too long")
    elif len(parts) > _DEEPEST:
        yield _fault(path, "not_allowed", "deep", f"{path!r} has more than {_DEEPEST} steps")


def _faults_of_all(paths: list[str]) -> Iterator[Fault]:
    """The paths that cannot stand beside each other, here or on the disk of whoever takes the files home."""
    alike: dict[str, list[str]] = {}
    for path in paths:
        alike.setdefault(_plainly(path), []).append(path)
    for same in alike.values():
        for path in dict.fromkeys(same):
            if same.count(path) > 1:
                yield _fault(path, "duplicate", "", f"{path} stands twice")
            elif len(same) > 1:
                yield _fault(path, "not_allowed", "twin", f"{path} differs from another path by its spelling alone")
    folders = {_plainly(folder) for path in paths for folder in _folders_of(path)}
    for plain in alike.keys() & folders:
        for path in dict.fromkeys(alike[plain]):
            yield _fault(path, "not_allowed", "clash", f"{path} is a file and a folder")


def _plainly(path: str) -> str:
    """The path as a file system sees it that tells neither capitals nor ways to write an accent apart."""
    return normalize("NFC", normalize("NFC", path).casefold())


def _folders_of(path: str) -> Iterable[str]:
    steps = path.split("/")[:_LONGEST_PATH]
    return ("/".join(steps[:count]) for count in range(1, len(steps)))


def _count_faults(count: int) -> list[Fault]:
    if count <= _MOST_FILES:
        return []
    params = {"name": "files", "variant": "entries", "maximum": _MOST_FILES}
    return [Fault("/files", FaultCode.ABOVE_MAXIMUM, f"at most {_MOST_FILES} files", _MOST_FILES, params)]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidRequest(faults)


def _fault(path: str, code: str, variant: str, message: str) -> Fault:
    params = {"name": _shown(path), "variant": variant}
    return Fault(_pointer(path), code, _shown(message), params=params)


def _pointer(path: str) -> str:
    return f"/files/{_shown(path).replace('~', '~0').replace('/', '~1')}"


def _shown(text: str) -> str:
    """The text as an answer can carry it: half a sign cannot be sent."""
    return text[: 2 * _LONGEST_PATH].encode("utf-8", "replace").decode("utf-8")[:_LONGEST_PATH]


def _malformed(why: str) -> InvalidRequest:
    fault = Fault("", "malformed", f"the body is no zip: {why}", params={"variant": "zip"})
    return InvalidRequest([fault], detail="the body is no zip")
