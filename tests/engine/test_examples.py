"""The worked examples in the engine's docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import app.engine

MODULES = [module.name for module in pkgutil.iter_modules(app.engine.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    failures, _ = doctest.testmod(importlib.import_module(f"app.engine.{name}"))

    assert failures == 0
