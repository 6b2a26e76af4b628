"""Arrows between packages that the import contract in pyproject.toml cannot say as sharply."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import REPOSITORY, parsed, place, plant, python_files

# Standard modules that reach outside the process, or whose answer differs from one call to the next.
IMPURE = frozenset(
    {"asyncio", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"}
    | {"shutil", "socket", "sqlite3", "subprocess", "tempfile", "time", "urllib", "uuid"}
)
IMPURE_CALLS = frozenset({"open", "print", "input", "date.today", "datetime.now", "datetime.utcnow", "hash", "id"})
DOORS = frozenset({"api", "web", "cli"})
KEPT_FROM_DOORS = frozenset({"tables", "repository"})


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def impure_engine(root: Path) -> list[str]:
    """Return what in app/engine is neither the pure standard library, app.errors, app.late nor the engine."""
    found: list[str] = []
    for path in python_files(root, "app/engine"):
        for line, name in _imports(path):
            first = name.partition(".")[0]
            ours = f"{name}.".startswith(("app.engine.", "app.errors.", "app.late."))
            if not ours and (first not in sys.stdlib_module_names or first in IMPURE):
                found.append(f"{place(root, path, line)} imports {name}")
        found.extend(
            f"{place(root, path, node.lineno)} calls {ast.unparse(node.func)}"
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPURE_CALLS
        )
    return found


def reached_past_the_front(root: Path) -> list[str]:
    """Return each import of a file inside another package of ours; what its `__init__` offers is meant."""
    offered = {
        f"app.{front.parent.name}.{name.rpartition('.')[2]}"
        for front in (root / "app").glob("*/__init__.py")
        for _, name in _imports(front)
    }
    files = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in (root / "app").glob("*/**/*.py")
        if path.name != "__init__.py"
    }
    found = []
    for path in python_files(root, "app"):
        home = f"app.{path.relative_to(root).parts[1]}."
        for line, name in _imports(path):
            if name in files - offered and not name.startswith(home):
                found.append(f"{place(root, path, line)} imports {name}")
    return found


def doors_at_the_tables(root: Path) -> list[str]:
    """Return each import of a use case's tables or queries by a door."""
    return [
        f"{place(root, path, line)} imports {name}"
        for door in sorted(DOORS)
        for path in python_files(root, f"app/{door}")
        for line, name in _imports(path)
        if name.startswith("app.") and name.rpartition(".")[2] in KEPT_FROM_DOORS
    ]


def test_the_engine_is_pure() -> None:
    assert impure_engine(REPOSITORY) == []


def test_packages_are_entered_by_the_front() -> None:
    assert reached_past_the_front(REPOSITORY) == []


def test_doors_leave_the_tables_alone() -> None:
    assert doors_at_the_tables(REPOSITORY) == []


def test_an_impure_engine_is_caught(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "app/engine/decide.py",
        "from datetime import date\nfrom app.errors import AppError\nfrom app.engine import model\n"
        "import yaml\nfrom app.rulebook import Release\nimport os.path\nday = date.today()\n",
    )

    assert impure_engine(tmp_path) == [
        "app/engine/decide.py:4 imports yaml",
        "app/engine/decide.py:5 imports app.rulebook",
        "app/engine/decide.py:5 imports app.rulebook.Release",
        "app/engine/decide.py:6 imports os.path",
        "app/engine/decide.py:7 calls date.today",
    ]


def test_reaching_past_the_front_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "app/engine/__init__.py", "from app.engine.decide import decide\n")
    plant(tmp_path, "app/engine/decide.py", "def decide(): pass\n")
    plant(tmp_path, "app/engine/model.py", "class Topic: pass\n")
    plant(tmp_path, "app/search/__init__.py", "from app.engine import decide\nfrom app.engine.model import Topic\n")

    assert reached_past_the_front(tmp_path) == ["app/search/__init__.py:2 imports app.engine.model"]


def test_a_door_at_the_tables_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "app/api/v1/guides.py", "from app.guides import tables\nfrom app.guides import keep\n")
    plant(tmp_path, "app/guides/repository.py", "from app.guides import tables\n")

    assert doors_at_the_tables(tmp_path) == ["app/api/v1/guides.py:1 imports app.guides.tables"]
