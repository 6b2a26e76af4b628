"""A file's name says its role, and what is public says what it returns."""

import ast
import re
from pathlib import Path

from tests.architecture.tree import (
    REPOSITORY,
    parsed,
    place,
    plant,
    python_files,
    texts,
    type_of_definition,
)

VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
PROMISE = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b(?!\(#\d+\))")


def vague_names(root: Path) -> list[str]:
    """Return each Python file or folder whose name could hold anything."""
    return [
        path.relative_to(root).as_posix()
        for path in python_files(root, "app", "tests", "bench", "migrations")
        if VAGUE_NAMES & {path.stem, path.parent.name}
    ]


def undocumented(root: Path) -> list[str]:
    """Return each module of app/, and each public function and class in it, that has no docstring."""
    found = []
    for path in python_files(root, "app"):
        tree = parsed(path)
        if tree.body and not ast.get_docstring(tree):
            found.append(f"{place(root, path, 1)} the module")
        for node in tree.body:
            public = isinstance(node, type_of_definition) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                found.append(f"{place(root, path, node.lineno)} {node.name}")
    return found


def unkept_promises(root: Path) -> list[str]:
    """Return each line that puts work off without naming the issue that holds it, as in `(#12)`."""
    return [
        f"{name}:{number}"
        for name, text in texts(root).items()
        for number, line in enumerate(text.splitlines(), start=1)
        if PROMISE.search(line)
    ]


def test_no_file_has_a_vague_name() -> None:
    assert vague_names(REPOSITORY) == []


def test_public_things_have_docstrings() -> None:
    assert undocumented(REPOSITORY) == []


def test_no_work_is_put_off_without_an_issue() -> None:
    assert unkept_promises(REPOSITORY) == []


def test_a_vague_name_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "app/search/utils.py", "")
    plant(tmp_path, "app/common/words.py", "")
    plant(tmp_path, "tests/search/test_index.py", "")

    assert vague_names(tmp_path) == ["app/common/words.py", "app/search/utils.py"]


def test_a_missing_docstring_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "app/__init__.py", "")
    plant(tmp_path, "app/words.py", '"""Words."""\ndef said(): pass\ndef _unsaid(): pass\nclass Word: pass\n')
    plant(tmp_path, "app/bare.py", "x = 1\n")

    assert undocumented(tmp_path) == ["app/bare.py:1 the module", "app/words.py:2 said", "app/words.py:4 Word"]


def test_work_put_off_is_caught(tmp_path: Path) -> None:
    word = "TO" + "DO"
    plant(tmp_path, "app/later.py", f"x = 1\n# {word}: later\n# {word}(#12): kept in an issue\n")

    assert unkept_promises(tmp_path) == ["app/later.py:2"]
