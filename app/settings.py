"""The settings of a running service; nothing else in `app` reads the environment."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from app.errors import AppError, Fault, FaultCode

PREFIX = "APG_"
_REPOSITORY = Path(__file__).resolve().parent.parent
_LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
_LANGUAGES = ("zh-CN", "en")


class SettingsError(AppError):
    """Settings are unknown or cannot be used; `faults` lists every one of them."""

    default_code = "invalid-settings"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "\n".join(["the settings cannot be used:", *(f"  {fault.message}" for fault in faults)]),
            hint="`approval-guide settings` lists every setting with its meaning",
            params={"count": len(self.faults)},
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """What the service was started with; made once, at the outermost edge, and handed on."""

    database_url: str = "sqlite:///var/approval-guide.db"
    """Where guides and releases are kept: `sqlite:///<path>` or `postgresql://…`; drivers are our choice."""

    rules_dir: Path = _REPOSITORY / "rules"
    """The folder of the rulebook that is served until a release was activated."""

    host: str = "127.0.0.1"
    """The address to listen on."""

    port: int = 8000
    """The port to listen on; 0 takes any free one."""

    workers: int = 1
    """How many processes answer."""

    log_level: str = "info"
    """The least serious kind of event that is logged."""

    max_body_bytes: int = 262_144
    """The largest request body that is read, in bytes."""

    cache_entries: int = 2_048
    """How many answers each process keeps ready; 0 keeps none."""

    public_url: str = ""
    """The address others reach the service under, for QR codes and documents; "" takes that of the request."""

    client_requests_per_minute: int = 600
    """How many requests with a key each process takes from one client in a minute; 0 sets no bound."""

    state_dir: Path = Path("var")
    """Where this machine keeps the release it served last, for a start while the database is away."""

    two_person_rule: bool = False
    """Whether somebody else than its publisher has to activate a release."""

    max_rulebook_bytes: int = 33_554_432
    """The largest rulebook that is published over the API, in bytes, packed and unpacked alike."""

    lang: str = "zh-CN"
    """The language in which commands speak where `--lang` is not given."""

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
    ) -> "Settings":
        """Return the settings of the environment (or `environ`), over those of `env_file`, over the defaults.

        Unknown: a variable that is absent or empty takes its default; a file that is absent is no fault.
        Raises: SettingsError with every unknown name, bad value and unreadable line.
        """
        faults: list[Fault] = []
        given = _read_env_file(env_file, faults) if env_file is not None else {}
        given |= _ours(os.environ if environ is None else environ)
        faults.extend(_unknown_names(given))
        values: dict[str, object] = {}
        for setting in SETTINGS:
            text = given.get(setting.name, "").strip()
            if not text:
                continue
            try:
                values[setting.field] = setting.parse(text)
            except Unfit as fault:
                shown = "***" if setting.mask else repr(text)
                params = {"name": setting.name, "value": shown, **fault.params}
                said = f"{setting.name}={shown}: {fault}"
                faults.append(Fault(setting.name, FaultCode.NOT_ALLOWED, said, str(fault), params))
        if faults:
            raise SettingsError(faults)
        return cls(**values)  # type: ignore[arg-type]  # each parser returns what its field holds

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Return (name, value, default) of each setting, in `SETTINGS` order, secrets masked."""
        for setting in SETTINGS:
            value, default = (_written(getattr(source, setting.field)) for source in (self, _DEFAULTS))
            shown = setting.mask(value) if setting.mask else value
            yield setting.name, shown, default


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the outside sees it; what it means stands in `app/wording/texts/`.

    Shape: `parse` turns text into the field's value or raises Unfit with what would be taken; `mask`
    hides the secret part of a value, and is None where there is none.
    """

    name: str
    field: str
    parse: Callable[[str], object]
    mask: Callable[[str], str] | None = None


class Unfit(ValueError):
    """A setting's value that cannot be used; says what would be taken, in `params` for other languages."""

    def __init__(self, allowed: str, variant: str, **params: object) -> None:
        super().__init__(allowed)
        self.params = {"variant": f"setting_{variant}", **params}


def asked_language(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> str:
    """Return the language that commands are set to speak; never raises.

    Unknown: where it cannot be read, the default; what is wrong is told once all settings are read.
    """
    given = _read_env_file(env_file, []) if env_file is not None else {}
    given |= _ours(os.environ if environ is None else environ)
    asked = given.get("APG_LANG", "").strip()
    return asked if asked in _LANGUAGES else _DEFAULTS.lang


def _written(value: object) -> str:
    """A setting's value as it is set."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _database_url(text: str) -> str:
    if re.fullmatch(r"sqlite:///[^?#]+", text) or _is_postgresql(text):
        return text
    raise Unfit("takes sqlite:///<path> or postgresql://<user>:<password>@<host>:<port>/<database>", "database")


def _is_postgresql(text: str) -> bool:
    try:
        parts = urlsplit(text)
        # Reading `port` raises for one that is no number, as when an unescaped / or # cuts a password in two.
        return parts.scheme == "postgresql" and bool(parts.hostname and parts.path.strip("/")) and parts.port != 0
    except ValueError:  # its words may hold a piece of the password
        return False


def _without_password(url: str) -> str:
    in_login = re.sub(r"(//[^:/@]*:).*@", r"\1***@", url)
    return re.sub(r"(password=)[^&]*", r"\1***", in_login)


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or not re.fullmatch(r"[!-~]+", text) or "?" in text or "#" in text or "@" in text:
        raise Unfit("takes http(s)://<host>, with a port and a path where needed", "address")
    return text.rstrip("/")


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_dir():
        raise Unfit("is not a folder", "folder")
    return path.resolve()


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    """Return what reads one of the words, in capitals or not."""

    def parse(text: str) -> str:
        found = next((word for word in words if word.lower() == text.lower()), None)
        if found is None:
            raise Unfit(f"takes one of {', '.join(words)}", "word", options=list(words))
        return found

    return parse


def _yes_or_no(text: str) -> bool:
    return _one_of(("true", "false"))(text) == "true"


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # Not int() alone: it would also take "1_000" and digits of other scripts.
        number = int(text) if text.isascii() and text.isdigit() else least - 1
        if not least <= number <= most:
            raise Unfit(f"takes a whole number from {least} to {most}", "number", least=str(least), most=str(most))
        return number

    return parse


SETTINGS: tuple[Setting, ...] = (
    Setting("APG_DATABASE_URL", "database_url", _database_url, mask=_without_password),
    Setting("APG_RULES_DIR", "rules_dir", _folder),
    Setting("APG_HOST", "host", str),
    Setting("APG_PORT", "port", _whole_number(0, 65_535)),
    Setting("APG_WORKERS", "workers", _whole_number(1, 64)),
    Setting("APG_LOG_LEVEL", "log_level", _one_of(_LOG_LEVELS)),
    Setting("APG_MAX_BODY_BYTES", "max_body_bytes", _whole_number(1_024, 1 << 30)),
    Setting("APG_CACHE_ENTRIES", "cache_entries", _whole_number(0, 1_000_000)),
    Setting("APG_PUBLIC_URL", "public_url", _web_address),
    Setting("APG_CLIENT_REQUESTS_PER_MINUTE", "client_requests_per_minute", _whole_number(0, 1_000_000)),
    Setting("APG_STATE_DIR", "state_dir", Path),
    Setting("APG_TWO_PERSON_RULE", "two_person_rule", _yes_or_no),
    Setting("APG_MAX_RULEBOOK_BYTES", "max_rulebook_bytes", _whole_number(1_024, 1 << 30)),
    Setting("APG_LANG", "lang", _one_of(_LANGUAGES)),
)
_DEFAULTS = Settings()


def _ours(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(PREFIX)}


def _read_env_file(path: Path, faults: list[Fault]) -> dict[str, str]:
    """Return our variables in a file of KEY=VALUE lines; quotes around a whole value are taken off.

    A `#` starts a comment only at the start of a line, for a password may hold one.
    """
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8-sig", "replace").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.removeprefix("export ").partition("=")
        if not equals:
            # The line itself is not shown: it may hold half of a secret.
            where = f"{path.name}:{number}"
            said = f"{where}: takes KEY=VALUE or a line starting with #"
            faults.append(Fault(where, "unreadable_line", said, params={"name": where}))
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[name.strip()] = value
    return _ours(found)


def _unknown_names(given: Mapping[str, str]) -> Iterator[Fault]:
    known = [setting.name for setting in SETTINGS]
    for name in sorted(given.keys() - set(known)):
        near = get_close_matches(name, known, n=1)
        said = f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
        code = "unknown_setting_near" if near else "unknown_setting"
        yield Fault(name, code, said, known, {"name": name, "near": near})
