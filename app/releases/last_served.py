"""The release served last, kept on the disk: a server that starts while the database is away serves that one."""

import base64
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import orjson

from app.releases.records import Stored

_FORMAT: Final = "approval-guide release 1"
_FILE: Final = "last-release.json"


@dataclass(frozen=True, slots=True)
class LastServed:
    """The place of the copy.

    Shape: `database_url` is whose release it is; a copy of another database's is as good as none.
    """

    folder: Path
    database_url: str

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / _FILE

    def keep(self, stored: Stored) -> None:
        """Put the release in place of the one kept before, whole or not at all, safe from a lost power supply.

        Raises: OSError.
        """
        if self._heading() == self._heading_of(stored):
            return
        content = {**self._heading_of(stored), "files": base64.b64encode(stored.packed).decode()}
        # One folder, as `var/` is; a longer missing path is more likely a slip.
        self.folder.mkdir(exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, prefix=f".{_FILE}-", delete=False) as file:
            try:
                file.write(orjson.dumps(content))
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(self.path)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
        _settle(self.folder)

    def read(self) -> Stored | None:
        """Return the release kept here, None where there is none of this database or it cannot be read.

        Its hashes are checked when it is opened.
        """
        try:
            content = orjson.loads(self.path.read_bytes())
            packed = base64.b64decode(content["files"])
            stored = Stored(content["version"], content["content_hash"], packed, content["files_hash"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return stored if {**content, "files": None} == {**self._heading_of(stored), "files": None} else None

    def _heading(self) -> object:
        try:
            content = orjson.loads(self.path.read_bytes())
            return {name: part for name, part in content.items() if name != "files"}
        except (OSError, ValueError, AttributeError):
            return None

    def _heading_of(self, stored: Stored) -> dict[str, str]:
        # A fingerprint, for an address may hold a password.
        database = hashlib.sha256(self.database_url.encode()).hexdigest()[:16]
        return {
            "format": _FORMAT,
            "database": database,
            "version": stored.version,
            "content_hash": stored.content_hash,
            "files_hash": stored.files_hash,
        }


def _settle(folder: Path) -> None:
    """Have the folder itself on the disk, so that the new name is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
