"""The four presets, and the settings document: read, checked, written."""

from typing import Any

import pytest

from presence.errors import Invalid
from presence.model import OnReturn, OnSignIn, PresencePolicy, Status
from presence.presets import PRESETS, policy_document, policy_from_document, validate
from tests.presence.builders import at

ONLINE, BUSY, AWAY = Status.ONLINE, Status.BUSY, Status.AWAY

DEFAULTS = {
    "preset": None,
    "away_after": None,
    "offline_after": None,
    "lease_after": None,
    "on_sign_in": "restore",
    "on_return": "restore",
    "selectable": ["online", "busy"],
    "lock_office_away": False,
}
ONLINE_AND_AWAY = {"selectable": ["online", "away"]}


@pytest.mark.parametrize(
    ("name", "differences"),
    [
        pytest.param("respond_io", {"offline_after": 600}, id="R15-R19-respond.io"),
        pytest.param("1980tic", {"offline_after": 600} | ONLINE_AND_AWAY, id="R9-R15-1980TIC"),
        pytest.param("emplifi_care", ONLINE_AND_AWAY, id="R25-Emplifi-Care"),
        pytest.param(
            "ocelot",
            {"away_after": 3600, "on_sign_in": "unavailable", "on_return": "manual"} | ONLINE_AND_AWAY,
            id="R39-R43-Ocelot",
        ),
    ],
)
def test_a_preset_by_name(name: str, differences: dict[str, Any]) -> None:
    policy = policy_from_document({"preset": name})

    assert policy == PRESETS[name]
    assert policy_document(policy) == DEFAULTS | {"preset": name} | differences


def test_an_empty_document_is_the_default() -> None:
    assert policy_from_document({}) == PresencePolicy()
    assert policy_document(PresencePolicy()) == DEFAULTS


def test_what_a_document_says_goes_over_the_preset() -> None:
    document = {
        "preset": "ocelot",
        "away_after": None,
        "offline_after": 900,
        "lease_after": 180,
        "on_return": "restore",
        "selectable": ["online", "busy", "busy"],
        "lock_office_away": True,
    }

    assert policy_from_document(document, saved_at=at(0)) == PresencePolicy(
        preset="ocelot",
        offline_after=900,
        lease_after=180,
        on_sign_in=OnSignIn.UNAVAILABLE,
        on_return=OnReturn.RESTORE,
        selectable=(ONLINE, BUSY),
        lock_office_away=True,
        saved_at=at(0),
    )


@pytest.mark.parametrize("name", PRESETS)
def test_a_document_that_was_written_reads_the_same(name: str) -> None:
    assert policy_from_document(policy_document(PRESETS[name])) == PRESETS[name]


def period(name: str, value: str, smallest: int) -> str:
    return f"{name} is {value}; give whole seconds from {smallest} to 31536000, or null for never"


@pytest.mark.parametrize(
    ("document", "code", "message"),
    [
        pytest.param(
            {"away_afetr": 60},
            "unknown_field",
            'presence settings have no field "away_afetr"; did you mean "away_after"?',
            id="unknown-field",
        ),
        pytest.param(
            {"preset": "ocelott"},
            "unknown_value",
            'preset "ocelott" is not known; did you mean "ocelot"?',
            id="unknown-preset",
        ),
        pytest.param(
            {"preset": 7},
            "unknown_value",
            'preset "7" is not known; known are: respond_io, 1980tic, emplifi_care, ocelot',
            id="preset-of-another-type",
        ),
        pytest.param(
            {"selectable": ["online", "bussy"]},
            "unknown_value",
            'selectable "bussy" is not known; did you mean "busy"?',
            id="unknown-status",
        ),
        pytest.param(
            {"selectable": "online"},
            "unknown_value",
            "selectable is 'online'; give a list such as [online, busy]",
            id="statuses-not-in-a-list",
        ),
        pytest.param(
            {"on_return": "manually"},
            "unknown_value",
            'on_return "manually" is not known; did you mean "manual"?',
            id="unknown-word",
        ),
        pytest.param(
            {"lock_office_away": 1},
            "unknown_value",
            "lock_office_away is 1; give true or false",
            id="number-for-true",
        ),
        pytest.param(
            {"selectable": ["busy"]}, "out_of_range", 'selectable must contain "online"; add it', id="without-online"
        ),
        pytest.param(
            {"selectable": ["online", "offline"]},
            "out_of_range",
            'selectable must not contain "offline", which is set by the system only; take it out',
            id="R14-offline-selectable",
        ),
        pytest.param({"away_after": 0}, "out_of_range", period("away_after", "0", 1), id="zero"),
        pytest.param({"away_after": -5}, "out_of_range", period("away_after", "-5", 1), id="negative"),
        pytest.param({"away_after": True}, "out_of_range", period("away_after", "True", 1), id="a-truth-is-no-number"),
        pytest.param({"away_after": 1.5}, "out_of_range", period("away_after", "1.5", 1), id="half-seconds"),
        pytest.param({"offline_after": "60"}, "out_of_range", period("offline_after", "'60'", 1), id="text"),
        pytest.param({"offline_after": 10**9}, "out_of_range", period("offline_after", "1000000000", 1), id="decades"),
        pytest.param({"lease_after": 179}, "out_of_range", period("lease_after", "179", 180), id="short-lease"),
        pytest.param(
            {"preset": "respond_io", "offline_after": 59},
            "out_of_range",
            'preset "respond_io" needs an offline_after of 60 to 3600 seconds',
            id="R19-respond.io-too-short",
        ),
        pytest.param(
            {"preset": "1980tic", "offline_after": 3601},
            "out_of_range",
            'preset "1980tic" needs an offline_after of 60 to 3600 seconds',
            id="R19-1980TIC-too-long",
        ),
        pytest.param(
            {"preset": "respond_io", "offline_after": None},
            "out_of_range",
            'preset "respond_io" needs an offline_after of 60 to 3600 seconds',
            id="R15-respond.io-without",
        ),
        pytest.param(
            {"away_after": 600, "offline_after": 600},
            "offline_not_after_away",
            "offline_after (600 s) must be greater than away_after (600 s), because both are counted from the last"
            " input; make it greater, or leave one of them out",
            id="R30-10-and-10-is-refused",
        ),
        pytest.param(
            {"preset": "ocelot", "offline_after": 1800},
            "offline_not_after_away",
            "offline_after (1800 s) must be greater than away_after (3600 s), because both are counted from the last"
            " input; make it greater, or leave one of them out",
            id="R30-against-the-preset",
        ),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(document: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        policy_from_document(document)

    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"preset": "respond_io", "offline_after": 60}, id="shortest-of-respond.io"),
        pytest.param({"preset": "1980tic", "offline_after": 3600}, id="longest-of-1980TIC"),
        pytest.param({"away_after": 1, "offline_after": 2}, id="R30-one-second-apart"),
        pytest.param({"lease_after": 180}, id="shortest-lease"),
    ],
)
def test_the_outermost_values_are_accepted(document: dict[str, Any]) -> None:
    policy = policy_from_document(document)

    validate(policy)
    assert {name: policy_document(policy)[name] for name in document} == document
