"""What is refused of a form of the settings is said beside the field that it is about."""

import pytest

from assigner.testing import Workbench
from tests.console.reading_pages import Elements, administrator, filled_in

AT_FIELDS = [
    pytest.param("/settings/presence", {"automated": "on"}, ["away_after"], id="no period"),
    pytest.param(
        "/settings/presence",
        {"automated": "on", "with_offline": "on", "away_after": "10", "offline_after": "10"},
        ["offline_after"],
        id="ten and ten",
    ),
    pytest.param(
        "/settings/assignment",
        {"flood_limit.contacts": "3"},
        ["flood_limit.contacts", "flood_limit.per"],
        id="half a limit",
    ),
    pytest.param(
        "/settings/assignment", {"offers": "on", "offer.timeout": ""}, ["offer.timeout"], id="an offer for no time"
    ),
    pytest.param(
        "/settings/assignment",
        {"offers": "on", "offer.timeout": "0", "offer.missed_limit": "0"},
        ["offer.timeout", "offer.missed_limit"],
        id="two that are too small",
    ),
    pytest.param("/settings/assignment", {"wraps_up": "on", "wrap_up": "a bit"}, ["wrap_up"], id="no number"),
    pytest.param(
        "/settings/assignment",
        {"returns": "on", "on_offline.contacts": "some"},
        ["on_offline.contacts"],
        id="no such choice",
    ),
    pytest.param("/settings/agents/one", {"role": "agent"}, ["id"], id="nobody"),
    pytest.param("/settings/agents/one?id=ana", {"role": "agent", "skills": "es 0"}, ["skills"], id="no level"),
    pytest.param("/settings/agents/one?id=ana", {"role": "agent", "email": "ana"}, ["email"], id="no email"),
    pytest.param(
        "/settings/offices/one?id=madrid",
        {
            "open": "hours",
            "hours.tue": "09:00-08:00",
            "holidays_kind": "calendar",
            "holidays.calendar": "XX",
            "holidays.subdivision": "",
        },
        ["hours.tue", "holidays.calendar"],
        id="hours that end before they begin, and no country",
    ),
    pytest.param(
        "/settings/offices/one?id=madrid",
        {"holidays_kind": "list", "holidays": "2026-02-30 Never"},
        ["holidays"],
        id="no date",
    ),
    pytest.param("/settings/webhooks/one", {"url": "shop", "format": "event"}, ["url"], id="no address"),
    pytest.param("/settings/keys", {"name": "x", "role": "agent", "days": "0"}, ["days"], id="no days"),
]


@pytest.mark.parametrize(("path", "fields", "at"), AT_FIELDS)
def test_what_is_refused_is_said_at_its_field(path: str, fields: dict[str, str], at: list[str]) -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        answer = client.post(path, data={**filled_in(client, path), **fields})
        shown = Elements(answer.text)

    invalid = [each for _, each in shown.found if each.get("aria-invalid")]
    told = [each["id"] for each in shown.named("small") if each.get("class") == "wrong"]
    assert answer.status_code == 422
    assert told == [f"field-{name}-problem" for name in at]
    assert [str(each["aria-describedby"]).split()[0] for each in invalid] == told


IN_GERMAN = [
    pytest.param(
        "/settings/presence",
        {"automated": "on", "away_after": "99999999999", "away_after_unit": "1"},
        "away_after ist 99999999999; geben Sie ganze Sekunden von 1 bis 31536000 an, oder nichts für nie",
        id="a period of centuries",
    ),
    pytest.param(
        "/settings/presence",
        {"automated": "on", "with_offline": "on", "away_after": "10", "offline_after": "10"},
        "Offline muss später kommen als Abwesend, denn beide zählen ab der letzten Eingabe.",
        id="ten and ten",
    ),
    pytest.param(
        "/settings/assignment",
        {"offers": "on", "offer.timeout": "0"},
        "timeout ist 0, muss aber mindestens 1 sein",
        id="an offer for no time",
    ),
    pytest.param(
        "/settings/agents/one?id=ana",
        {"role": "agent", "email": "ana"},
        "'ana' ist keine E-Mail-Adresse; sie lautet name@host",
        id="no email",
    ),
    pytest.param(
        "/settings/agents/one?id=ana",
        {"role": "boss"},
        "die Rolle 'boss' gibt es nicht; die Rollen sind: agent, supervisor, admin",
        id="no role",
    ),
    pytest.param(
        "/settings/webhooks/one",
        {"url": "shop", "format": "event"},
        "'shop' ist keine Adresse; schreiben Sie https://HOST/PFAD",
        id="no address",
    ),
]


@pytest.mark.parametrize(("path", "fields", "said"), IN_GERMAN)
def test_what_is_refused_is_said_in_the_language_of_the_reader(path: str, fields: dict[str, str], said: str) -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        filled = {**filled_in(client, path), **fields}
        answer = client.post(path, data=filled, headers={"Accept-Language": "de"})
        shown = Elements(answer.text)

    assert answer.status_code == 422
    assert said in shown.text
    assert "must be" not in shown.text
