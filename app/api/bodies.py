"""A request's body: read up to a bound, then taken as JSON in the one reading that leaves nothing to chance."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NoReturn

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from app.api.exchange import header
from app.errors import Fault, FaultCode, InvalidRequest, ProblemCode, ScenarioError

# No request of ours nests deeper than facts -> fact -> list; the rest is room for mistakes worth a kind word.
DEEPEST: Final = 32
# Digits after which a number is no figure of a project any more; also what Python takes long to turn into an int.
_LONGEST_NUMBER: Final = 40
_JSON_TYPES: Final = ("application/json", "text/json")


class PayloadTooLarge(ScenarioError):
    """The body is larger than the setting allows."""

    default_code = ProblemCode.PAYLOAD_TOO_LARGE

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the body is larger than {max_bytes} bytes", params={"max_bytes": max_bytes})


class UnsupportedMediaType(ScenarioError):
    """The body is of a kind, or in a coding, that is not read here."""

    default_code = ProblemCode.UNSUPPORTED_MEDIA_TYPE

    def __init__(self, given: str, allowed: str = _JSON_TYPES[0]) -> None:
        super().__init__(f"{given!r} is not read here; send {allowed}", params={"given": given, "allowed": allowed})


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> bytes:
    """Return the whole body.

    Raises: PayloadTooLarge as soon as the bound is passed, by the declared length already where there is one;
        ClientDisconnect when the caller went away.
    """
    declared = header(scope, b"content-length")
    if declared.isascii() and declared.isdigit() and int(declared) > max_bytes:
        raise PayloadTooLarge(max_bytes)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body") and len(body) <= max_bytes:
        return body
    parts, size = [body], len(body)
    while message["type"] == "http.request" and message.get("more_body") and size <= max_bytes:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if message["type"] != "http.request":
        raise ClientDisconnect()
    if size > max_bytes:
        raise PayloadTooLarge(max_bytes)
    return b"".join(parts)


def expect_json(scope: Scope) -> None:
    """Pass when the headers announce JSON, or nothing at all.

    Raises: UnsupportedMediaType for another kind, another charset than UTF-8, or a compressed body.
    """
    given = header(scope, b"content-type")
    coding = header(scope, b"content-encoding")
    if given == _JSON_TYPES[0] and not coding:
        return
    kind, _, parameters = given.lower().partition(";")
    kind = kind.strip()
    charset = parameters.strip().removeprefix("charset=").strip('"')
    is_json = kind in _JSON_TYPES or (kind.startswith("application/") and kind.endswith("+json"))
    if given and not (is_json and charset in ("", "utf-8", "utf8")):
        raise UnsupportedMediaType(given[:100])
    if coding.lower() not in ("", "identity"):
        raise UnsupportedMediaType(f"content-encoding: {coding[:100]}", "the body uncompressed")


def read_json(body: bytes) -> object:
    """Return what the JSON text says: numbers exact (int or Decimal), every key once, no NaN, proper Unicode.

    The standard library's scanner is taken because it alone tells of repeated keys and keeps decimals exact;
    orjson lets the last key win in silence.

    Raises: InvalidRequest.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _malformed(f"not UTF-8 (byte {fault.start})", {"variant": "utf8"}) from None
    if _depth(text) > DEEPEST:
        raise InvalidRequest([Fault("", "too_deep", f"nested deeper than {DEEPEST}", params={"limit": DEEPEST})])
    repeats: list[_Repeating] = []
    try:
        value = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_no_constant,
            object_pairs_hook=lambda pairs: _object(pairs, repeats),
        )
    except json.JSONDecodeError as fault:
        place = {"line": fault.lineno, "column": fault.colno}
        raise _malformed(f"line {fault.lineno}, column {fault.colno}: {fault.msg}", place) from None
    except _BadNumber as fault:
        raise _malformed(str(fault), {"variant": fault.variant}) from None
    if repeats:
        raise InvalidRequest(list(_repeated(value, "")))
    if "\\u" in text and not _is_unicode(value):
        raise _malformed("half of a surrogate pair stands alone", {"variant": "surrogate"})
    return value


def escaped(name: str) -> str:
    """Return a name as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def expected(pointer: str, name: str, kind: str) -> Fault:
    """Return the fault of a value that is of another kind than the field takes."""
    return Fault(
        pointer,
        FaultCode.WRONG_TYPE,
        f"{name} takes a {kind}",
        allowed=kind,
        params={"name": name, "expected": kind},
    )


class _BadNumber(ValueError):
    """A number that JSON does not know (`constant`), or nobody needs (`number`)."""

    def __init__(self, why: str, variant: str = "number") -> None:
        super().__init__(why)
        self.variant = variant


class _Repeating(dict[str, object]):
    """An object some of whose names stand in it more than once."""

    names: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, object]], repeats: list[_Repeating]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    times = Counter(name for name, _ in pairs)
    repeating = _Repeating(found)
    repeating.names = tuple(name for name, count in times.items() if count > 1)
    repeats.append(repeating)
    return repeating


def _repeated(value: object, pointer: str) -> Iterator[Fault]:
    """Yield a fault for every repeated name, outer ones first; objects inside one that lost are not looked at."""
    if isinstance(value, _Repeating):
        for name in value.names:
            yield Fault(f"{pointer}/{escaped(name)}", "duplicate", f"{name!r} stands twice", params={"name": name})
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _repeated(part, f"{pointer}/{escaped(name)}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _repeated(part, f"{pointer}/{index}")


def _decimal(digits: str) -> Decimal:
    value = Decimal(digits)
    # 1e-999999999 is short to write and endless to write out.
    exponent = value.as_tuple().exponent
    if len(digits) > _LONGEST_NUMBER or not isinstance(exponent, int) or abs(exponent) > _LONGEST_NUMBER:
        raise _BadNumber(f"the number {digits[:_LONGEST_NUMBER]} is too long")
    return value


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _BadNumber(f"the number {digits[:_LONGEST_NUMBER]}… is too long")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise _BadNumber(f"{name} is no number", "constant")


def _depth(text: str) -> int:
    """Return how deep brackets nest, those inside strings counted too: an upper bound, and cheap where it is low."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return 0
    depth = deepest = 0
    in_string = False
    signs = iter(text)
    for sign in signs:
        if in_string:
            if sign == "\\":
                next(signs, None)
            elif sign == '"':
                in_string = False
        elif sign == '"':
            in_string = True
        elif sign in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "}]":
            depth -= 1
    return deepest


def _is_unicode(value: object) -> bool:
    match value:
        case str():
            return not any("\ud800" <= sign <= "\udfff" for sign in value)
        case dict():
            return all(_is_unicode(key) and _is_unicode(part) for key, part in value.items())
        case list():
            return all(_is_unicode(part) for part in value)
    return True


def _malformed(why: str, params: Mapping[str, object]) -> InvalidRequest:
    return InvalidRequest(
        [Fault("", "malformed", f"the body is not JSON: {why}", params=params)], detail="the body is not JSON"
    )
