"""Where the settings of a process come from, and what is refused."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest

from assigner import settings
from assigner.logs import Form, Level
from assigner.settings import Settings, settings_from
from presence.errors import Invalid


@pytest.mark.parametrize(
    ("environment", "options", "expected"),
    [
        pytest.param({}, {}, Settings(), id="defaults"),
        pytest.param(
            {"ASSIGNER_DATABASE": "/data/a.db", "ASSIGNER_HOST": "0.0.0.0", "ASSIGNER_PORT": "80"},
            {},
            Settings(database="sqlite:////data/a.db", host="0.0.0.0", port=80),
            id="environment",
        ),
        pytest.param(
            {"ASSIGNER_DATABASE": "a.db", "ASSIGNER_PORT": "80"},
            {"database": "b.db", "port": 0},
            Settings(database="sqlite:///b.db", port=0),
            id="an option wins",
        ),
        pytest.param(
            {"ASSIGNER_PUBLIC_URL": "https://assigner.example.org/"},
            {},
            Settings(public_url="https://assigner.example.org"),
            id="public URL",
        ),
        pytest.param(
            {"ASSIGNER_WEBHOOK_NETWORKS": "10.1.0.0/16, fd00::/8"},
            {},
            Settings(webhook_networks=(IPv4Network("10.1.0.0/16"), IPv6Network("fd00::/8"))),
            id="networks",
        ),
        pytest.param(
            {"ASSIGNER_LOG_LEVEL": "warning", "ASSIGNER_LOG_FORM": "json"},
            {},
            Settings(log_level=Level.WARNING, log_form=Form.JSON),
            id="what operators are told",
        ),
        pytest.param({"ASSIGNER_KEEP_DAYS": "90"}, {}, Settings(keep_days=90), id="how long the log is kept"),
    ],
)
def test_settings(environment: Mapping[str, str], options: Mapping[str, Any], expected: Settings) -> None:
    assert settings_from(environment, **options) == expected


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        pytest.param({"ASSIGNER_PORT": "http"}, "ASSIGNER_PORT is 'http'", id="port"),
        pytest.param({"ASSIGNER_PORT": "65536"}, "from 0 to 65535", id="port too large"),
        pytest.param({"ASSIGNER_DATABASE": "oracle://host"}, "sqlite:///FILE or postgresql://", id="database"),
        pytest.param({"ASSIGNER_DATABASE": "postgresql+asyncpg://h/d"}, "cannot be used", id="another driver"),
        pytest.param({"ASSIGNER_LOG_LEVEL": "loud"}, "'loud': write one of debug, info, warning, error", id="level"),
        pytest.param({"ASSIGNER_PUBLIC_URL": "example.org"}, "http://HOST or https://HOST", id="public URL"),
        pytest.param({"ASSIGNER_WEBHOOK_NETWORKS": "10.1.0.1/16"}, "write a network as in", id="networks"),
    ],
)
def test_what_is_wrong_is_named(environment: Mapping[str, str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        settings_from(environment)


def test_every_variable_that_is_read_is_known_to_those_who_look_for_misspelt_ones() -> None:
    read = {value for name, value in vars(settings).items() if name.isupper() and str(value).startswith("ASSIGNER_")}

    assert read - {settings.PREFIX} <= settings.KNOWN
