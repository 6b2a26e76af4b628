"""How the gates look at a tree: this repository's, or a small one planted in a temporary folder."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

type_of_definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Return every Python file under these folders of the tree, sorted."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree; several gates read the same one."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def texts(root: Path) -> dict[str, str]:
    """Return path -> content of each text file that is, or would be, committed.

    A tree that is no repository of its own counts whole.
    """
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=root,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split("\0")
        paths = [root / name for name in listed if name]
    else:
        paths = list(root.rglob("*"))
    found: dict[str, str] = {}
    for path in sorted(paths):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(root).as_posix()] = content.decode("utf-8", "replace")
    return found


def place(root: Path, path: Path, line: int) -> str:
    """Return `file:line`, relative to the tree."""
    return f"{path.relative_to(root).as_posix()}:{line}"


def plant(root: Path, name: str, content: str) -> None:
    """Write one file of a planted tree."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
