"""URLs of databases: what is refused with which sentence, what connections are made with, and that no password is ever
shown."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from assigner.commands.doctor_run import examine
from assigner.store.address import NETWORK, checked, connect_arguments, shown
from assigner.store.database import Database, StoreUnavailable
from presence.errors import Invalid
from tests.faults.served import run

SECRET = "geheim"
UNUSABLE = [
    pytest.param(f"mysql://ada:{SECRET}@db/name", "it begins with 'mysql'", id="another database"),
    pytest.param(f"postgres://ada:{SECRET}@db/name", "it begins with 'postgres'", id="a scheme of old"),
    pytest.param(f"postgresql+asyncpg://ada:{SECRET}@db/name", "it begins with 'postgresql+asyncpg'", id="driver"),
    pytest.param(f"postgresql:/ada:{SECRET}@db/name", "postgresql: is not followed by //", id="one stroke"),
    pytest.param(f"postgresql://ada:{SECRET}@db:port/name", "a port in it is not a number", id="port"),
    pytest.param(f"postgresql://ada:{SECRET}@a:1,b:2/name", "written ?host=HOST:PORT&host=HOST:PORT", id="two ports"),
    pytest.param(
        f"postgresql://ada:{SECRET}@a/name?host=b:1&host=c:x", "a port in it is not a number", id="second port"
    ),
    pytest.param(f"postgresql://ada:ge@{SECRET}@db/name", "write %40 for an @", id="password with an @"),
    pytest.param(f"postgresql://ada:{SECRET}@db/name?sslmod=on", 'invalid connection option "sslmod"', id="option"),
]


@pytest.mark.parametrize(("url", "says"), UNUSABLE)
def test_an_unusable_url_is_refused_with_the_reason_and_without_its_password(url: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(url)

    assert says in refused.value.message
    assert "postgresql://USER@HOST/NAME (--database or ASSIGNER_DATABASE)" in refused.value.message
    assert SECRET not in refused.value.message


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("a.db", "sqlite:///a.db"),
        ("sqlite:////data/a.db", "sqlite:////data/a.db"),
        ("postgresql://ada@db/name", "postgresql://ada@db/name"),
        ("postgresql+psycopg://ada:g%40h@db:5433/name", "postgresql+psycopg://ada:g%40h@db:5433/name"),
        ("postgresql://ada@/name?host=a:1&host=b:2", "postgresql://ada@/name?host=a:1&host=b:2"),
        ("postgresql://ada@/name?host=/run/postgresql", "postgresql://ada@/name?host=/run/postgresql"),
    ],
)
def test_what_can_be_used(given: str, url: str) -> None:
    assert checked(given) == url


def test_what_is_secret_is_not_shown() -> None:
    url = f"postgresql://ada:{SECRET}@db/name?password={SECRET}&sslpassword={SECRET}&sslmode=require"

    assert shown(url) == "postgresql://ada:***@db/name?password=...&sslmode=require&sslpassword=..."


@pytest.mark.parametrize("command", ["serve --port 0", "doctor", "workspace list", "admin key create"])
@pytest.mark.parametrize(
    "url",
    [f"mysql://ada:{SECRET}@db/name", f"postgresql://ada:{SECRET}@127.0.0.1:1/name?password={SECRET}"],
    ids=["unusable", "unreachable"],
)
def test_no_command_prints_a_password(url: str, command: str) -> None:
    ended = run(*command.split(), "--database", url)

    assert ended.returncode in (1, 2)
    assert SECRET not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_error_of_a_connection_tells_its_password(tmp_path: Path) -> None:
    url = f"postgresql://ada:{SECRET}@/name?host={tmp_path}"
    database = Database(url)

    with pytest.raises(StoreUnavailable) as unavailable, database.reading():
        pass
    told = [each.told + (each.advice or "") for each in examine(url, address=None, quick=True, environment={})]

    assert SECRET not in f"{unavailable.value} {unavailable.value.__cause__} {database.engine!r} {told}"
    database.close()


def test_a_connection_whose_other_end_is_silent_is_given_up_within_ten_seconds_unless_the_url_says_otherwise() -> None:
    made = connect_arguments("postgresql://ada@db/name", name="assigner 1")
    otherwise = connect_arguments("postgresql://ada@db/name?tcp_user_timeout=60000&options=-csearch_path%3Dx", name="a")

    assert {each: made[each] for each in NETWORK} == NETWORK
    assert NETWORK["keepalives_idle"] + NETWORK["keepalives_interval"] * NETWORK["keepalives_count"] < 10
    assert max(NETWORK["tcp_user_timeout"] / 1000, NETWORK["connect_timeout"]) < 10
    assert (made["application_name"], "timezone=UTC" in made["options"]) == ("assigner 1", True)
    assert "tcp_user_timeout" not in otherwise
    assert otherwise["options"].startswith("-c timezone=UTC ")
    assert otherwise["options"].endswith(" -csearch_path=x")


def test_both_timeouts_of_a_url_reach_the_driver(tmp_path: Path) -> None:
    url = f"postgresql://ada@/name?host={tmp_path}&tcp_user_timeout=60000"
    database = Database(url)

    _, told = database.engine.dialect.create_connect_args(make_url(url))
    database.close()

    assert told["tcp_user_timeout"] == "60000"
