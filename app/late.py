"""Names of a package that stand in modules loaded only when one of them is first asked for."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def late_names(package: str, where: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Return a package's `__getattr__` (PEP 562), which loads a module of `where` when a name of it is asked for.

    Shape: `where` module -> names; no name is also that of a module of the package, for loading that would hide it.
        Asked for once, a name is one of the package as any other.
    """
    homes = {name: f"{package}.{module}" for module, names in where.items() for name in names}

    def found(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        value: object = getattr(import_module(homes[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return found
