"""The presence policy as a document: four products by name, reading, checking and writing it (R19, R23 to R36).

A field that is left out takes the preset's value, else the default. A preset stays named in the policy, because it
also bounds what may be saved later."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from presence.errors import Invalid, did_you_mean
from presence.model import OnReturn, OnSignIn, PresencePolicy, Status
from presence.wording import sentence

PRESETS: Mapping[str, PresencePolicy] = MappingProxyType(
    {
        "respond_io": PresencePolicy(preset="respond_io", offline_after=600),
        "1980tic": PresencePolicy(preset="1980tic", offline_after=600, selectable=(Status.ONLINE, Status.AWAY)),
        "emplifi_care": PresencePolicy(preset="emplifi_care", selectable=(Status.ONLINE, Status.AWAY)),
        "ocelot": PresencePolicy(
            preset="ocelot",
            away_after=3600,
            on_sign_in=OnSignIn.UNAVAILABLE,
            on_return=OnReturn.MANUAL,
            selectable=(Status.ONLINE, Status.AWAY),
        ),
    }
)

LONGEST_PERIOD = 365 * 24 * 3600
"""A year: whoever wants longer wants null."""

SHORTEST_LEASE = 180
"""Browsers let a hidden page speak once a minute, so three beats may be missed."""

OFFLINE_AFTER_BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"respond_io": (60, 3600), "1980tic": (60, 3600)}
)
"""respond.io and 1980TIC Cloud always have an inactivity period, of 1 to 60 minutes."""

FIELDS = tuple(field.name for field in fields(PresencePolicy) if field.name != "saved_at")


def policy_from_document(document: Mapping[str, Any], *, saved_at: datetime | None = None) -> PresencePolicy:
    """The policy that a settings document asks for; `saved_at` is when it comes into force.

    Raises Invalid: `unknown_field`, `unknown_value`, `out_of_range`, `offline_not_after_away`."""
    for name in document:
        if name not in FIELDS:
            hint = did_you_mean(name, FIELDS) or sentence("; the fields are: %(known)s", known=", ".join(FIELDS))
            raise Invalid(
                "unknown_field",
                sentence('presence settings have no field "%(name)s"%(hint)s', name=name, hint=hint),
                field=str(name),
            )
    preset = document.get("preset")
    base = PresencePolicy() if preset is None else PRESETS[_known("preset", preset, PRESETS)]
    values = {name: getattr(base, name) for name in FIELDS}
    for name, value in document.items():
        values[name] = _READERS[name](name, value) if name in _READERS else value
    policy = PresencePolicy(**values, saved_at=saved_at)
    validate(policy)
    return policy


def policy_document(policy: PresencePolicy) -> dict[str, Any]:
    """The policy as a settings document with every field; reading it again gives the same policy."""
    document = {name: getattr(policy, name) for name in FIELDS}
    return document | {
        "on_sign_in": policy.on_sign_in.value,
        "on_return": policy.on_return.value,
        "selectable": [status.value for status in policy.selectable],
    }


def validate(policy: PresencePolicy) -> None:
    """Refuse a policy that contradicts itself or its preset: Invalid `out_of_range`, `offline_not_after_away` (R30)."""
    _check_period("away_after", policy.away_after, smallest=1)
    _check_period("offline_after", policy.offline_after, smallest=1)
    _check_period("lease_after", policy.lease_after, smallest=SHORTEST_LEASE)
    if policy.preset is not None and policy.preset in OFFLINE_AFTER_BOUNDS:
        smallest, largest = OFFLINE_AFTER_BOUNDS[policy.preset]
        if policy.offline_after is None or not smallest <= policy.offline_after <= largest:
            raise Invalid(
                "out_of_range",
                sentence(
                    'preset "%(preset)s" needs an offline_after of %(smallest)s to %(largest)s seconds',
                    preset=policy.preset,
                    smallest=smallest,
                    largest=largest,
                ),
                field="offline_after",
            )
    if policy.away_after is not None and policy.offline_after is not None and policy.offline_after <= policy.away_after:
        raise Invalid(
            "offline_not_after_away",
            sentence(
                "offline_after (%(offline_after)s s) must be greater than away_after (%(away_after)s s), because"
                " both are counted from the last input; make it greater, or leave one of them out",
                offline_after=policy.offline_after,
                away_after=policy.away_after,
            ),
            field="offline_after",
        )
    if Status.ONLINE not in policy.selectable:
        raise Invalid("out_of_range", sentence('selectable must contain "online"; add it'), field="selectable")
    if Status.OFFLINE in policy.selectable:
        message = sentence('selectable must not contain "offline", which is set by the system only; take it out')
        raise Invalid("out_of_range", message, field="selectable")


def _check_period(name: str, value: object, *, smallest: int) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not smallest <= value <= LONGEST_PERIOD:
        message = sentence(
            "%(name)s is %(value)r; give whole seconds from %(smallest)s to %(largest)s, or null for never",
            name=name,
            value=value,
            smallest=smallest,
            largest=LONGEST_PERIOD,
        )
        raise Invalid("out_of_range", message, field=name)


def _known(name: str, value: object, known: Iterable[str]) -> str:
    """The value, if it is one of the known words."""
    words = tuple(known)
    if not isinstance(value, str) or value not in words:
        hint = did_you_mean(value, words) or sentence("; known are: %(known)s", known=", ".join(words))
        raise Invalid(
            "unknown_value",
            sentence('%(name)s "%(value)s" is not known%(hint)s', name=name, value=value, hint=hint),
            field=name,
        )
    return value


def _word_of(words: type[StrEnum]) -> Callable[[str, Any], StrEnum]:
    return lambda name, value: words(_known(name, value, words))


def _statuses(name: str, value: Any) -> tuple[Status, ...]:
    if not isinstance(value, list | tuple):
        raise Invalid(
            "unknown_value",
            sentence("%(name)s is %(value)r; give a list such as [online, busy]", name=name, value=value),
            field=name,
        )
    return tuple(dict.fromkeys(Status(_known(name, status, Status)) for status in value))


def _true_or_false(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid(
            "unknown_value", sentence("%(name)s is %(value)r; give true or false", name=name, value=value), field=name
        )
    return value


_READERS: Mapping[str, Callable[[str, Any], Any]] = MappingProxyType(
    {
        "on_sign_in": _word_of(OnSignIn),
        "on_return": _word_of(OnReturn),
        "selectable": _statuses,
        "lock_office_away": _true_or_false,
    }
)
"""Fields whose values are words or lists; the periods are checked with the whole policy."""
