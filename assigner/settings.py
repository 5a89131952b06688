"""How the product is run: where the database is and where it listens, from the environment or from options.

An option of the command line wins over the environment, which wins over the default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from assigner.logs import Form, Level
from assigner.store.address import checked
from assigner.webhooks.address import Network, networks_of
from presence.errors import Invalid

DATABASE, HOST, PORT, PUBLIC_URL = "ASSIGNER_DATABASE", "ASSIGNER_HOST", "ASSIGNER_PORT", "ASSIGNER_PUBLIC_URL"
SESSION_DAYS, METRICS_TOKEN = "ASSIGNER_SESSION_DAYS", "ASSIGNER_METRICS_TOKEN"
LOG_LEVEL, LOG_FORM, KEEP_DAYS = "ASSIGNER_LOG_LEVEL", "ASSIGNER_LOG_FORM", "ASSIGNER_KEEP_DAYS"
SIGN_IN_LIMIT, INTAKE_LIMIT = "ASSIGNER_SIGN_IN_LIMIT", "ASSIGNER_INTAKE_LIMIT"
WEBHOOK_NETWORKS = "ASSIGNER_WEBHOOK_NETWORKS"
OIDC_ISSUER, OIDC_CLIENT_ID = "ASSIGNER_OIDC_ISSUER", "ASSIGNER_OIDC_CLIENT_ID"
OIDC_CLIENT_SECRET, OIDC_NAME = "ASSIGNER_OIDC_CLIENT_SECRET", "ASSIGNER_OIDC_NAME"
OIDC_WORKSPACE = "ASSIGNER_OIDC_WORKSPACE"
DAY = 24 * 3600
PREFIX = "ASSIGNER_"
ELSEWHERE = ("ASSIGNER_WORKBENCH_DATABASE", "ASSIGNER_TEST_DATABASE_URL", "ASSIGNER_REQUIRE", "ASSIGNER_NO_APT")
"""Names that tests of rules, and our own, understand."""
KNOWN = frozenset(
    {
        *(DATABASE, HOST, PORT, PUBLIC_URL, SESSION_DAYS, METRICS_TOKEN, LOG_LEVEL, LOG_FORM, KEEP_DAYS),
        *(OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, OIDC_WORKSPACE),
        *(SIGN_IN_LIMIT, INTAKE_LIMIT, WEBHOOK_NETWORKS, *ELSEWHERE),
    }
)

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who can sign people in instead of a password, by OpenID Connect: agents of one workspace, by their email.

    `name` is what the page for signing in calls it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    workspace: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one process needs to know.

    `public_url` is how others reach it, where a proxy stands in between. A session in a browser ends `session_seconds`
    after the sign-in. `metrics_token`, where there is one, is what /metrics asks of an operator.

    `sign_in_limit` is how many sign-ins may fail for one email from one address in a quarter of an hour, `intake_limit`
    how many contacts one credential may send in a minute to one node: 10,000 or more, where full batches are sent.
    `webhook_networks` are the private networks that webhooks may reach. `provider`, where there is one, signs people in
    by OpenID Connect; it sends them back to `public_url`.

    `log_level` and `log_form` say what operators are told on standard error, and how it is written. Contacts that have
    ended, and the log, are kept for `keep_days`; None: for good."""

    database: str = field(default="sqlite:///assigner.db", repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str | None = None
    session_seconds: int = 30 * DAY
    metrics_token: str | None = field(default=None, repr=False)
    sign_in_limit: int = 10
    intake_limit: int = 600_000
    webhook_networks: tuple[Network, ...] = ()
    log_level: Level = Level.INFO
    log_form: Form = Form.AUTO
    keep_days: int | None = None
    provider: Provider | None = None


def settings_from(
    environment: Mapping[str, str] = os.environ,
    *,
    database: str | None = None,
    host: str | None = None,
    port: int | None = None,
    public_url: str | None = None,
) -> Settings:
    """The settings, checked. Raises Invalid, which names the option or the variable that is wrong."""
    default = Settings()
    reached_at = _public(public_url or environment.get(PUBLIC_URL))
    return Settings(
        database=checked(database or environment.get(DATABASE) or default.database),
        host=host or environment.get(HOST) or default.host,
        port=port if port is not None else _port(environment.get(PORT), default=default.port),
        public_url=reached_at,
        metrics_token=environment.get(METRICS_TOKEN) or None,
        sign_in_limit=_whole(environment, SIGN_IN_LIMIT, most=1_000_000, default=default.sign_in_limit),
        intake_limit=_whole(environment, INTAKE_LIMIT, most=1_000_000_000, default=default.intake_limit),
        session_seconds=_whole(environment, SESSION_DAYS, most=3650, default=30) * DAY,
        webhook_networks=networks_of((environment.get(WEBHOOK_NETWORKS) or "").split(",")),
        log_level=_one_of(environment, LOG_LEVEL, default=default.log_level),
        log_form=_one_of(environment, LOG_FORM, default=default.log_form),
        keep_days=_whole(environment, KEEP_DAYS, most=36_500, default=0) or None,
        provider=_provider(environment, public_url=reached_at),
    )


def _port(given: str | None, *, default: int) -> int:
    if not given:
        return default
    if not given.isdecimal() or not int(given) < 1 << 16:
        raise Invalid("invalid", f"{PORT} is {given!r}: a port is a number from 0 to 65535", field="port")
    return int(given)


def _whole(environment: Mapping[str, str], name: str, *, most: int, default: int) -> int:
    """A whole number from 1. Raises Invalid."""
    given = environment.get(name)
    if not given:
        return default
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise Invalid("invalid", f"{name} is {given!r}: write a whole number from 1 to {most}", field=name)
    return int(given)


def _one_of(environment: Mapping[str, str], name: str, *, default: Word) -> Word:
    """One of the words that there are. Raises Invalid."""
    given, words = environment.get(name), type(default)
    if not given:
        return default
    if given not in [word.value for word in words]:
        raise Invalid("invalid", f"{name} is {given!r}: write one of {', '.join(words)}", field=name)
    return words(given)


def _provider(environment: Mapping[str, str], *, public_url: str | None) -> Provider | None:
    """The provider of OpenID Connect; None where no issuer is named. Raises Invalid where something is missing."""
    issuer = environment.get(OIDC_ISSUER)
    if not issuer:
        return None
    needed = {PUBLIC_URL: public_url, **{name: environment.get(name) for name in (OIDC_CLIENT_ID, OIDC_CLIENT_SECRET)}}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise Invalid("invalid", f"{OIDC_ISSUER} is set, so {' and '.join(missing)} must be as well", field=missing[0])
    host = urlsplit(issuer).hostname
    if host is None:
        raise Invalid("invalid", f"{OIDC_ISSUER} is {issuer!r}: write the address of the provider", field=OIDC_ISSUER)
    return Provider(
        issuer=issuer,
        client_id=environment[OIDC_CLIENT_ID],
        client_secret=environment[OIDC_CLIENT_SECRET],
        name=environment.get(OIDC_NAME) or host,
        workspace=environment.get(OIDC_WORKSPACE) or "main",
    )


def _public(given: str | None) -> str | None:
    if given is None or given == "":
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Invalid(
            "invalid",
            f"the public URL {given!r} is none: write http://HOST or https://HOST (--public-url or {PUBLIC_URL})",
            field="public_url",
        )
    return given.rstrip("/")
