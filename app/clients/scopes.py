"""What a key may open; the one list of it."""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum

from app.errors import Fault, FaultCode, InvalidRequest


class Scope(StrEnum):
    """One thing a client may be allowed to do. What anybody may do needs no key and stands not here."""

    RULES_PUBLISH = "rules:publish"
    """Publish a release of the rulebook."""
    RULES_ACTIVATE = "rules:activate"
    """Let a published release answer, or take it back."""
    BATCH = "batch"
    """Have many scenarios evaluated in one request."""
    WEBHOOKS = "webhooks"
    """Be told when the rules change."""
    PLACES = "places"
    """Bring in a district's halls and windows."""


def read_scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes that names say, commas between several of them being taken too.

    Raises: InvalidRequest with every name that is none, or where there is none at all.
    """
    given = dict.fromkeys(part.strip() for name in names for part in name.split(",") if part.strip())
    known = [scope.value for scope in Scope]
    faults = []
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            said = f"there is no scope {name!r}" + (f"; did you mean {near[0]}?" if near else "")
            params = {"name": "scope", "value": name[:100]}
            faults.append(Fault("/scope", FaultCode.NOT_ALLOWED, said, known, params))
    if not given:
        faults.append(Fault("/scope", FaultCode.MISSING, "name at least one scope", known, {"name": "scope"}))
    if faults:
        raise InvalidRequest(faults, detail=f"a client may have the scopes {', '.join(known)}")
    return frozenset(Scope(name) for name in given)
