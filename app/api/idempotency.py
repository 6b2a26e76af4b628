"""The `Idempotency-Key` of a request."""

from starlette.types import Scope

from app.errors import Fault, InvalidRequest
from app.guides import KEY_NAME, IdempotencyKey, read_key


def idempotency_key(scope: Scope) -> tuple[IdempotencyKey | None, tuple[Fault, ...]]:
    """Return the key of a request, if it has one, and what is wrong with it."""
    given = [value for name, value in scope["headers"] if name == b"idempotency-key"]
    if not given:
        return None, ()
    if len(given) > 1:
        said = f"{KEY_NAME} stands twice"
        return None, (Fault(f"/{KEY_NAME}", "duplicate", said, params={"name": KEY_NAME}),)
    try:
        # Blanks around a header's value are no part of it (RFC 9110 §5.5), and not every server takes them off.
        return read_key(given[0].decode("latin-1").strip(" \t")), ()
    except InvalidRequest as error:
        return None, error.faults
