"""Short functions, short files: what is long is split before it is merged."""

import ast
from pathlib import Path

from tests.architecture.tree import REPOSITORY, parsed, place, plant, python_files

LONGEST_FUNCTION = 60
LONGEST_MODULE = {"app": 400, "tests": 600, "bench": 400}


def long_functions(root: Path) -> list[str]:
    """Return each function of more than sixty lines, docstring included, decorators not."""
    found = []
    for path in python_files(root, *LONGEST_MODULE):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found.append(f"{place(root, path, node.lineno)} {node.name} has {lines} lines")
    return found


def long_modules(root: Path) -> list[str]:
    """Return each file with more lines than its folder allows."""
    found = []
    for folder, longest in LONGEST_MODULE.items():
        for path in python_files(root, folder):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > longest:
                found.append(f"{place(root, path, 1)} has {lines} lines, {longest} are allowed")
    return found


def test_functions_are_short() -> None:
    assert long_functions(REPOSITORY) == []


def test_modules_are_short() -> None:
    assert long_modules(REPOSITORY) == []


def test_a_long_function_is_caught(tmp_path: Path) -> None:
    body = "    x = 1\n"
    plant(tmp_path, "app/fine.py", "def fine():\n" + body * 59)
    plant(tmp_path, "app/long.py", "\nasync def long():\n" + body * 60)

    assert long_functions(tmp_path) == ["app/long.py:2 long has 61 lines"]


def test_a_long_module_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "app/long.py", "x = 1\n" * 401)
    plant(tmp_path, "tests/fine.py", "x = 1\n" * 600)
    plant(tmp_path, "tests/long.py", "x = 1\n" * 601)

    assert long_modules(tmp_path) == [
        "app/long.py:1 has 401 lines, 400 are allowed",
        "tests/long.py:1 has 601 lines, 600 are allowed",
    ]
