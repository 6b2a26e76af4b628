"""Settings come from the environment over `.env` over defaults, and every fault is named at once."""

from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import SETTINGS, Settings, SettingsError, asked_language
from app.wording import LANGUAGES, Language, phrases_in


def _env_file(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_given_gives_the_defaults(tmp_path: Path) -> None:
    settings = Settings.from_environment({}, tmp_path / ".env")

    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.rules_dir == Path(__file__).resolve().parents[1] / "rules"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    env_file = _env_file(
        tmp_path,
        "# ours\n\nexport APG_PORT=9000\nAPG_HOST='0.0.0.0'\nAPG_WORKERS = 3\nOTHER=1\n"
        "APG_DATABASE_URL=postgresql://apg:se%23cret@db:5433/apg\n",
    )

    settings = Settings.from_environment({"APG_PORT": "8100", "PATH": "/bin"}, env_file)

    assert (settings.port, settings.host, settings.workers) == (8100, "0.0.0.0", 3)
    assert settings.database_url == "postgresql://apg:se%23cret@db:5433/apg"


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_environment({"APG_PORT": ""}, None).port == 8000


def test_every_fault_is_named_in_one_error(tmp_path: Path) -> None:
    env_file = _env_file(tmp_path, "APG_LOG_LEVEL=loud\nnonsense\n")
    environ = {
        "APG_PROT": "1",
        "APG_PORT": "70000",
        "APG_WORKERS": "two",
        "APG_RULES_DIR": str(tmp_path / "none"),
        "APG_DATABASE_URL": "mysql://user:secret@host/x",
    }

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ, env_file)

    assert tuple(fault.message for fault in caught.value.faults) == (
        ".env:2: takes KEY=VALUE or a line starting with #",
        "APG_PROT: there is no such setting; did you mean APG_PORT?",
        "APG_DATABASE_URL=***: takes sqlite:///<path> or postgresql://<user>:<password>@<host>:<port>/<database>",
        f"APG_RULES_DIR={str(tmp_path / 'none')!r}: is not a folder",
        "APG_PORT='70000': takes a whole number from 0 to 65535",
        "APG_WORKERS='two': takes a whole number from 1 to 64",
        "APG_LOG_LEVEL='loud': takes one of debug, info, warning, error, critical",
    )
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///x?mode=ro",
        "postgresql:///apg",
        "postgresql://host",
        "postgresql://u:se/cret@host/apg",
        "postgresql://u:p@host:port/apg",
        "postgresql+asyncpg://host/apg",
        "postgresql://[/apg",
    ],
)
def test_an_address_that_is_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="takes sqlite"):
        Settings.from_environment({"APG_DATABASE_URL": url}, None)


@pytest.mark.parametrize("number", ["1_000", "٣", "-1", "1.0", "+1"])
def test_a_number_is_plain_digits(number: str) -> None:
    with pytest.raises(SettingsError, match="takes a whole number"):
        Settings.from_environment({"APG_CACHE_ENTRIES": number}, None)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///var/x.db", "sqlite:///var/x.db"),
        ("postgresql://apg@db/apg", "postgresql://apg@db/apg"),
        ("postgresql://apg:se@cret@db:5432/apg", "postgresql://apg:***@db:5432/apg"),
        ("postgresql://db/apg?user=u&password=secret&x=1", "postgresql://db/apg?user=u&password=***&x=1"),
    ],
)
def test_the_listing_hides_passwords(url: str, shown: str) -> None:
    rows = list(Settings(database_url=url).rows())

    assert rows[0] == ("APG_DATABASE_URL", shown, "sqlite:///var/approval-guide.db")
    assert len(rows) == len(SETTINGS)


def test_the_table_lists_every_field_in_order() -> None:
    assert [setting.field for setting in SETTINGS] == [field.name for field in fields(Settings)]
    assert [setting.name for setting in SETTINGS] == [f"APG_{setting.field.upper()}" for setting in SETTINGS]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_setting_says_what_it_means(lang: Language) -> None:
    meant = {key.removeprefix("setting.") for key in phrases_in(lang).keys if key.startswith("setting.")}

    assert meant == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(
    ("environ", "line", "asked"),
    [({}, "", "zh-CN"), ({"APG_LANG": "en"}, "", "en"), ({}, "APG_LANG=en\n", "en"), ({"APG_LANG": "fr"}, "", "zh-CN")],
)
def test_the_language_of_commands_is_read_even_where_a_setting_is_wrong(
    tmp_path: Path, environ: dict[str, str], line: str, asked: str
) -> None:
    env_file = _env_file(tmp_path, f"{line}APG_PORT=ninety\nnonsense\n")

    assert asked_language(environ, env_file) == asked
