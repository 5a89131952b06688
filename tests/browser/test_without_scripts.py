"""Every form of the console as a person uses it whose browser runs no scripts: it is sent, and does what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import PASSWORD, Site

RULES = "rules:\n- name: all\n  then: {queue: madrid}\nqueues:\n  madrid: {offices: [madrid]}\n"
IN_FORCE = "queues:\n  lisbon: {offices: [lisbon]}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Who uses a form where, and what is asked for at which address afterwards, `told` being a part of the answer."""

    at: str
    use: Callable[[Page], None]
    asked: str
    told: dict[str, Any]
    who: str = "ada"
    role: str = "admin"


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def choose_busy(page: Page) -> None:
    page.locator("#own-status summary").click()
    page.get_by_role("button", name="Busy").click()


def give_to_marta(page: Page) -> None:
    page.get_by_role("link", name="Transfer…").first.click()
    page.get_by_role("button", name="Give Marta").click()


def move_to_madrid(page: Page) -> None:
    page.get_by_label("Or let it wait in another queue").select_option("madrid")
    page.get_by_role("button", name="Move").click()


def fill(button: str, **fields: str) -> Callable[[Page], None]:
    """Fill in fields by their labels, tick where nothing is written, and press a button."""

    def use(page: Page) -> None:
        for label, value in fields.items():
            field = page.get_by_label(label.replace("_", " "), exact=True).first
            field.fill(value) if value else field.check()
        page.get_by_role("button", name=button, exact=True).click()

    return use


def publish(page: Page) -> None:
    page.locator("textarea").fill(RULES)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#findings")).to_be_visible()
    page.get_by_label("Why, for those").fill("all to Lisboa")
    page.get_by_role("button", name="Publish").click()


def make_shop(page: Page) -> None:
    page.get_by_label("Address").fill("https://shop.example.org/events")
    page.get_by_label("Id", exact=True).fill("second")
    page.get_by_role("button", name="Save").click()


def use_ocelot(page: Page) -> None:
    page.get_by_role("radio", name="Ocelot").check()
    page.get_by_role("button", name="Use this").click()


JOANA = {"who": "joana", "role": "agent", "at": "/desk"}
SETTINGS = "/v1/settings/assignment"
FORMS = {
    "choose a status": Form(use=choose_busy, asked="/v1/agents/joana/status", told={"status": "busy"}, **JOANA),
    "hold": Form(use=press("Hold"), asked="/v1/contacts/mine", told={"on_hold": True}, **JOANA),
    "close": Form(use=press("Close"), asked="/v1/contacts/mine", told={"state": "closed"}, **JOANA),
    "accept": Form(use=press("Accept"), asked="/v1/contacts/offered", told={"agent_id": "joana"}, **JOANA),
    "decline": Form(use=press("Decline"), asked="/v1/contacts/offered", told={"agent_id": "marta"}, **JOANA),
    "end wrap-up": Form(use=press("End wrap-up"), asked="/v1/agents/joana", told={"id": "joana"}, **JOANA),
    "transfer": Form(use=give_to_marta, asked="/v1/contacts/mine", told={"agent_id": "marta"}, **JOANA),
    "switch off everywhere": Form(
        use=lambda page: page.get_by_role("switch").first.click(),
        asked="/v1/agents/joana/status",
        told={"offices": [{"id": "lisbon", "available": False, "set_by": None}]},
        **JOANA,
    ),
    "give by hand": Form(
        at="/contacts/waiting", use=press("Give Marta"), asked="/v1/contacts/waiting", told={"agent_id": "marta"}
    ),
    "move": Form(at="/contacts/waiting", use=move_to_madrid, asked="/v1/contacts/waiting", told={"queue": "madrid"}),
    "set an office away": Form(
        at="/online",
        use=press("Set everybody away (Lisboa)"),
        asked="/v1/agents/joana/status",
        told={"offices": [{"id": "lisbon", "available": False, "set_by": "agent:ada"}]},
    ),
    "publish rules": Form(at="/rules/edit", use=publish, asked="/v1/rules/versions", told={"items": [1, 2, 3]}),
    "bring rules back": Form(
        at="/rules/versions/1", use=press("Bring it back"), asked="/v1/rules/versions", told={"items": [1, 2, 3]}
    ),
    "when a status changes": Form(
        at="/settings/presence",
        use=fill("Save", **{"Automated status switch": "", "Switch to Away after": "7"}),
        asked="/v1/settings/presence",
        told={"away_after": 420},
    ),
    "a preset": Form(
        at="/settings/presence",
        use=use_ocelot,
        asked="/v1/settings/presence",
        told={"preset": "ocelot"},
    ),
    "assignment off": Form(
        at="/settings/assignment", use=press("Switch automatic assignment off"), asked=SETTINGS, told={"enabled": False}
    ),
    "limits": Form(
        at="/settings/assignment",
        use=fill("Save", **{"Contacts that an agent may hold": "9"}),
        asked=SETTINGS,
        told={"default_capacity": 9},
    ),
    "an agent": Form(
        at="/settings/agents/one",
        use=fill("Save", Id="rosa", Name="Rosa", Email="rosa@example.org"),
        asked="/v1/agents/rosa",
        told={"name": "Rosa"},
    ),
    "an agent is gone": Form(
        at="/settings/agents/one?id=diego",
        use=press("Delete this agent"),
        asked="/v1/agents/diego",
        told={"status": 404},
    ),
    "an office": Form(
        at="/settings/offices/one",
        use=fill("Save", Id="porto", Name="Porto"),
        asked="/v1/offices/porto",
        told={"name": "Porto"},
    ),
    "an office is gone": Form(
        at="/settings/offices/one?id=sevilla",
        use=fill("Delete this office", **{"Let its agents leave it, and its contacts wait elsewhere": ""}),
        asked="/v1/offices/sevilla",
        told={"status": 404},
    ),
    "a role": Form(
        at="/settings/roles/one",
        use=fill("Save", Name="reader"),
        asked="/v1/roles/reader",
        told={"id": "reader"},
    ),
    "a key": Form(
        at="/settings/keys",
        use=fill("Make a key", **{"What it is for": "chat"}),
        asked="/v1/api-keys",
        told={"items": ["chat", "workbench admin", "workbench admin"]},
    ),
    "a webhook": Form(at="/settings/webhooks/one", use=make_shop, asked="/v1/webhooks/second", told={"id": "second"}),
    "another secret": Form(
        at="/settings/webhooks/one?id=shop",
        use=press("Make a new secret"),
        asked="/v1/webhooks/shop",
        told={"id": "shop"},
    ),
    "a webhook is gone": Form(
        at="/settings/webhooks/one?id=shop",
        use=press("Delete this webhook"),
        asked="/v1/webhooks/shop",
        told={"status": 404},
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_does_what_it_says(browser: Browser, name: str) -> None:
    form = FORMS[name]
    with Site(browser) as site:
        work(site)
        page = site.sign_in(form.who, role=form.role, at=form.at, java_script_enabled=False)
        form.use(page)
        expect(page.get_by_role("alert")).to_have_count(0)
        answer = site.admin.get(form.asked).json()

    if "items" in answer:
        # keys that were made at one instant come in any order
        answer["items"] = sorted(each.get("version", each.get("name")) for each in answer["items"])
    assert {field: answer.get(field) for field in form.told} == form.told


def work(site: Site) -> None:
    """Joana holds a contact, is offered another and has wrap-up; one waits, there are rules and a webhook."""
    admin = site.admin
    site.bench.sign_in("joana")
    for contact in ("mine", "done"):
        admin.post("/v1/contacts", json={"id": contact, "office": "lisbon", "channel": "chat"}).raise_for_status()
    admin.put("/v1/settings/assignment", json={"default_capacity": 4, "wrap_up": 600, "offer": {"timeout": 600}})
    admin.post("/v1/contacts/done/close").raise_for_status()
    admin.post("/v1/contacts", json={"id": "offered", "office": "lisbon", "channel": "chat"}).raise_for_status()
    site.bench.sign_in("marta")
    admin.post("/v1/contacts", json={"id": "waiting", "skills": {"nobody has it": 1}, "office": "lisbon"})
    headers = {"content-type": "application/yaml"}
    admin.put("/v1/rules", content=IN_FORCE, headers=headers).raise_for_status()
    admin.post("/v1/webhooks", json={"id": "shop", "url": "http://127.0.0.1:9/events"}).raise_for_status()


def test_somebody_signs_in_chooses_a_language_and_signs_out(browser: Browser) -> None:
    with Site(browser) as site:
        site.account("ana", "agent")
        ana = site.person(java_script_enabled=False)
        ana.goto("/queues")
        ana.get_by_label("Email").fill("ana@example.org")
        ana.get_by_label("Password").fill(PASSWORD)
        ana.get_by_role("button", name="Sign in").click()
        expect(ana.get_by_role("heading", name="Queues")).to_be_visible()

        ana.locator(".account summary").click()
        ana.get_by_role("button", name="Deutsch").click()
        expect(ana.get_by_role("heading", name="Warteschlangen")).to_be_visible()
        ana.locator(".account summary").click()
        ana.get_by_role("button", name="Abmelden").click()
        ana.goto("/queues")
        expect(ana.get_by_label("Passwort")).to_be_visible()


def test_a_link_lets_somebody_choose_a_password(browser: Browser) -> None:
    with Site(browser) as site:
        site.account("ana", "agent")
        ada = site.sign_in("ada", role="admin", at="/settings/agents/one?id=ana", java_script_enabled=False)
        ada.get_by_role("button", name="Make a link to choose a password").click()
        ana = site.person(java_script_enabled=False)
        ana.goto(ada.locator(".secret").inner_text())
        ana.get_by_label("Password", exact=True).fill("a new long password")
        ana.get_by_label("The same again").fill("a new long password")
        ana.get_by_role("button", name="Save").click()
        expect(ana.get_by_text("Your password is saved.")).to_be_visible()


def test_reports_and_the_audit_are_asked_for(browser: Browser) -> None:
    with Site(browser) as site:
        work(site)
        ada = site.sign_in("ada", role="admin", at="/reports/contacts", java_script_enabled=False)
        ada.locator("[name=by]").select_option("office")
        ada.get_by_role("button", name="Show").click()
        expect(ada.get_by_role("heading", name="For each office")).to_be_visible()
        ada.goto("/settings/audit")
        ada.get_by_label("What was done").fill("webhook.*")
        ada.get_by_role("button", name="Show").click()
        expect(ada.locator(".audit tbody th")).to_contain_text(["webhook.created"])
