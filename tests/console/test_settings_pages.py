"""The settings as a program sees them: each form says what its call of the HTTP interface says, and no more."""

import pytest

from assigner.console.navigation import SETTINGS
from assigner.console.words import PERMISSIONS
from assigner.service.actor import Permission
from assigner.testing import Workbench
from tests.console.reading_pages import Elements, administrator, filled_in, page

URL = "https://shop.example.org/events"
ADMIN_PAGES = (
    *(place.path for place in SETTINGS),
    "/settings/agents/one",
    "/settings/offices/one",
    "/settings/roles/one",
    "/settings/roles/one?id=supervisor",
    "/settings/webhooks/one",
)
FORMS = (
    "/settings/presence",
    "/settings/preset",
    "/settings/assignment",
    "/settings/assignment/enabled",
    "/settings/agents/one",
    "/settings/agents/one/password?id=ana",
    "/settings/agents/one/invitation?id=ana",
    "/settings/agents/one/delete?id=ana",
    "/settings/offices/one",
    "/settings/offices/one/delete?id=madrid",
    "/settings/roles/one",
    "/settings/roles/one/delete?id=trainer",
    "/settings/keys",
    "/settings/keys/delete",
    "/settings/webhooks/one",
    "/settings/webhooks/one/rotate?id=shop",
    "/settings/webhooks/one/delete?id=shop",
    "/settings/webhooks/deliveries/test?id=shop",
    "/settings/webhooks/deliveries/again?id=shop",
)


PERIODS = (
    *("away_after", "offline_after", "lease_after"),
    *("flood_limit.per", "offer.timeout", "offer.decline_pause", "wrap_up", "on_offline.grace"),
)
"""The fields that have a unit beside them."""


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_page_is_there_in_every_language(language: str) -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        shown = [page(client, path, **{"accept-language": language}) for path in ADMIN_PAGES]

    assert {each.named("html")[0]["lang"] for each in shown} == {language}
    assert "".join(each.inline for each in shown).strip() == ""


def test_an_agent_changes_nothing_whatever_form_is_sent() -> None:
    fields = {"enabled": "off", "preset": "ocelot", "id": "rosa", "name": "x", "role": "agent", "password": "12345678"}
    with Workbench(sample=True) as bench:
        client = bench.sign_in("diego")
        number = len(bench.events())
        answers = {path: client.post(path, data=fields).text for path in FORMS}

        assert [path for path, text in answers.items() if "You may not do this" not in text] == []
        assert bench.events(after=number) == []


@pytest.mark.parametrize("agent_id", ["ana", "elena", "olga"])
def test_an_agent_who_is_saved_as_shown_stays_as_it_is(agent_id: str) -> None:
    with Workbench(sample=True) as bench:
        client, address = administrator(bench), f"/settings/agents/one?id={agent_id}"
        before = client.get(f"/v1/agents/{agent_id}").json()
        answer = client.post(address, data=filled_in(client, address), follow_redirects=False)

        assert (answer.status_code, answer.headers["location"]) == (303, "/settings/agents")
        assert client.get(f"/v1/agents/{agent_id}").json() == before


HOLIDAYS = [
    {"date": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00", "13:00-14:00"]},
    {"date": "2026-12-25", "name": None, "hours": []},
]


@pytest.mark.parametrize(
    ("sent", "document"),
    [
        pytest.param(
            {"open": "always", "holidays_kind": "none"}, {"hours": None, "holidays": []}, id="always open, no holidays"
        ),
        pytest.param(
            {
                "open": "hours",
                "hours.mon": "09:00-13:00, 14:00-17:00",
                "holidays_kind": "calendar",
                "holidays.calendar": "ES",
            },
            {
                "hours": {"mon": ["09:00-13:00", "14:00-17:00"]},
                "holidays": {"calendar": "ES", "subdivision": None},
            },
            id="hours and a calendar",
        ),
        pytest.param(
            {
                "open": "always",
                "holidays_kind": "list",
                "holidays": "2026-12-24 09:00-12:00, 13:00-14:00 Christmas Eve\n\n2026-12-25",
            },
            {"hours": None, "holidays": HOLIDAYS},
            id="days of its own",
        ),
    ],
)
def test_an_office_is_what_its_form_says(sent: dict[str, str], document: dict[str, object]) -> None:
    with Workbench() as bench:
        client = administrator(bench)
        form = {"id": "porto", "name": "Porto", "time_zone": "Europe/Lisbon", "version": "0", **sent}
        client.post("/settings/offices/one", data=form)
        made = client.get("/v1/offices/porto").json()
        again = filled_in(client, "/settings/offices/one?id=porto")

    assert made == {
        "id": "porto",
        "name": "Porto",
        "time_zone": "Europe/Lisbon",
        "version": made["version"],
        **document,
    }
    assert again["open"] == [sent["open"]]
    assert again["holidays_kind"] == [sent["holidays_kind"]]


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        pytest.param("/settings/presence", {"automated": "on"}, "has no period", id="a switch without a period"),
        pytest.param(
            "/settings/presence", {"away_after": "soon", "automated": "on"}, "not a whole number", id="no number"
        ),
        pytest.param(
            "/settings/assignment", {"flood_limit.contacts": "3"}, "give both, or neither", id="half a flood limit"
        ),
        pytest.param("/settings/agents/one", {"role": "agent"}, "an agent needs an id", id="nobody"),
        pytest.param("/settings/agents/one", {"id": "x", "capacity.channels": "chat"}, "cannot be read", id="no limit"),
        pytest.param(
            "/settings/offices/one", {"id": "x", "holidays_kind": "list", "holidays": "Easter"}, "cannot", id="no date"
        ),
        pytest.param("/settings/roles/one", {"permissions": "reports.read"}, "a role needs a name", id="no role"),
        pytest.param("/settings/roles/one?id=supervisor", {}, "is built in and stays", id="a built-in role"),
        pytest.param("/settings/keys", {"name": "", "role": "agent"}, "a key needs a name", id="a key for nothing"),
        pytest.param("/settings/keys", {"name": "x", "role": "agent", "days": "0"}, "1 to 3650 days", id="no days"),
    ],
)
def test_what_cannot_be_is_refused_and_shown_again(path: str, fields: dict[str, str], said: str) -> None:
    units = {f"{name}_unit": "60" for name in PERIODS}
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        number = len(bench.events())
        answer = client.post(path, data={**units, **fields})

        assert answer.status_code == 422
        assert said in Elements(answer.text).text
        assert bench.events(after=number) == []


def test_offers_wrap_up_and_what_comes_back_are_set_and_taken_back() -> None:
    chosen = {"contacts": "all", "grace": 0}
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        before = client.get("/v1/settings/assignment").json()
        form = filled_in(client, "/settings/assignment")
        on = {"offers": ["on"], "wraps_up": ["on"], "returns": ["on"], "on_offline.contacts": ["all"]}
        times = {"offer.timeout": ["25"], "wrap_up": ["1"], "wrap_up_unit": ["60"], "on_offline.grace": [""]}
        client.post("/settings/assignment", data=form | on | times)
        set_to = client.get("/v1/settings/assignment").json()
        again = filled_in(client, "/settings/assignment")
        client.post("/settings/assignment", data={n: v for n, v in again.items() if n not in on or "." in n})
        taken_back = client.get("/v1/settings/assignment").json()

    assert set_to["offer"] == {"timeout": 25, "decline_pause": 60, "missed_limit": 3}
    assert (set_to["wrap_up"], set_to["on_offline"]) == (60, chosen)
    assert again["on_offline.contacts"] == ["all"]
    assert {**taken_back, "version": 0} == {**before, "version": 0}


def test_limits_are_saved_and_leave_the_switch_alone() -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        client.post("/settings/assignment/enabled", data={"enabled": "off"})
        form = filled_in(client, "/settings/assignment")
        form |= {"default_capacity": ["5"], "flood_limit.contacts": ["2"]}
        form |= {"flood_limit.per": ["1"], "flood_limit.per_unit": ["60"]}
        client.post("/settings/assignment", data=form)
        document = client.get("/v1/settings/assignment").json()

    assert (document["enabled"], document["default_capacity"]) == (False, 5)
    assert document["flood_limit"] == {"contacts": 2, "per": 60}


def test_an_office_in_use_is_not_deleted_until_that_is_meant() -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        refused = client.post("/settings/offices/one/delete?id=lisbon", data={})
        there = client.get("/v1/offices/lisbon").status_code
        client.post("/settings/offices/one/delete?id=lisbon", data={"reassign": "on"})

        assert (refused.status_code, there) == (422, 200)
        assert "is in use" in refused.text
        assert client.get("/v1/offices/lisbon").status_code == 404


def test_the_audit_is_filtered_and_all_of_it_is_a_file() -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        client.post("/settings/assignment/enabled", data={"enabled": "off"})
        bench.sign_in("ana").get("/v1/audit")
        shown = page(client, "/settings/audit?actor=agent:ada&action=settings.*&since=2026-01-05&until=2026-01-05")
        refused = page(client, "/settings/audit?outcome=refused")
        wrong = client.get("/settings/audit?since=yesterday")
        export = next(each["href"] for each in shown.named("a") if "download" in each)
        lines = client.get(str(export)).text.splitlines()

    assert "settings.changed" in shown.text
    assert "agent.changed" not in shown.text
    assert "Ana Romero" in refused.text
    assert wrong.status_code == 422
    assert "is not a day" in wrong.text
    assert [line.split(",")[1:3] for line in lines[1:]] == [["agent:ada", "settings.changed"]]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"url": "shop.example.org"}, "is no address", id="no address"),
        pytest.param({"url": "http://10.0.0.1/x"}, "is no public address", id="an address inside"),
        pytest.param({"url": URL, "id": "the shop"}, "is no id", id="no id"),
        pytest.param({"url": URL, "types": "keys.*"}, "is no type of event", id="no type"),
    ],
)
def test_a_webhook_that_could_not_be_is_refused_and_shown_again(fields: dict[str, str], said: str) -> None:
    with Workbench(sample=True) as bench:
        client = administrator(bench)
        answer = client.post("/settings/webhooks/one", data={"format": "event", "active": "on", **fields})

        assert answer.status_code == 422
        assert said in Elements(answer.text).text
        assert bench.client().get("/v1/webhooks").json()["items"] == []


def test_a_webhook_that_is_saved_as_shown_stays_as_it_is() -> None:
    with Workbench(sample=True) as bench:
        client, address = administrator(bench), "/settings/webhooks/one?id=shop"
        made = {"id": "shop", "url": URL, "types": ["contact.*", "agent.status"], "format": "cloudevents"}
        bench.client().post("/v1/webhooks", json=made).raise_for_status()
        before = client.get("/v1/webhooks/shop").json()
        client.post(address, data=filled_in(client, address))

        assert client.get("/v1/webhooks/shop").json() == before


def test_every_permission_is_named_once() -> None:
    named = [permission for _, permissions in PERMISSIONS for permission in permissions]

    assert sorted(named) == sorted(Permission)


def test_nobody_ticks_or_changes_what_goes_beyond_the_own_permissions() -> None:
    with Workbench(sample=True) as bench:
        admin = bench.client()
        own = ["presence.read", "roles.manage"]
        admin.put("/v1/roles/roster", json={"permissions": own}).raise_for_status()
        admin.put("/v1/roles/reader", json={"permissions": ["reports.read"]}).raise_for_status()
        admin.patch("/v1/agents/ana", json={"role": "roster"}).raise_for_status()
        client = bench.sign_in("ana")
        new, theirs = page(client, "/settings/roles/one"), page(client, "/settings/roles/one?id=reader")
        form = {"id": "boss", "permissions": ["presence.read", "agents.manage"], "version": "0"}
        refused = client.post("/settings/roles/one", data=form)
        known = [each["id"] for each in admin.get("/v1/roles").json()["items"]]

    assert [
        each["value"] for each in new.named("input") if "disabled" not in each and each["name"] == "permissions"
    ] == own
    assert [
        each["value"] for each in theirs.named("input") if each["name"] == "permissions" and "disabled" not in each
    ] == []
    assert refused.status_code == 422
    assert "boss" not in known
