"""Packages that load some of their modules late offer the same names as any other."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from app.late import late_names

LATE = ["app.engine", "app.rulebook", "app.releases", "app.clients"]


@pytest.mark.parametrize("package", LATE)
def test_every_name_offered_is_there_in_a_fresh_process_whatever_was_loaded_before(package: str) -> None:
    """In both orders, for a module that bears an offered name would hide it once it is loaded."""
    code = (
        "import importlib, pkgutil, sys; package = importlib.import_module(sys.argv[1]);"
        "first = [getattr(package, name) for name in package.__all__];"
        "modules = [f'{package.__name__}.{module.name}' for module in pkgutil.iter_modules(package.__path__)];"
        "[importlib.import_module(module) for module in modules];"
        "assert first == [getattr(package, name) for name in package.__all__]"
    )

    done = subprocess.run([sys.executable, "-c", code, package], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("package", LATE)
def test_no_name_offered_is_that_of_a_module_loaded_late(package: str) -> None:
    found = import_module(package)
    modules = {path.stem for path in Path(found.__path__[0]).glob("*.py")}
    hidden = [name for name in found.__all__ if name in modules]

    assert [name for name in hidden if name not in vars(found)] == []


def test_a_name_that_is_nowhere_is_told_as_python_tells_it() -> None:
    with pytest.raises(AttributeError, match=r"module 'app.late' has no attribute 'nothing'"):
        late_names("app.late", {})("nothing")


def test_a_name_asked_for_once_is_found_without_being_looked_for_again() -> None:
    package = import_module("app.clients")
    vars(package).pop("create_client", None)

    assert package.create_client is vars(package)["create_client"]
