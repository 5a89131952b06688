"""The desk: the own contacts and what is done with them, the own offices, what comes next and why nothing comes."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import Site, violations


def send(site: Site, contact_id: str, **more: object) -> None:
    body = {"id": contact_id, "channel": "chat", "office": "lisbon", **more}
    site.admin.post("/v1/contacts", json=body).raise_for_status()


def mine(page: Page) -> list[str]:
    return [str(each.get_attribute("data-contact")) for each in page.locator("[data-contact]").all()]


def test_a_new_contact_appears_on_the_desk_and_is_closed_there(browser: Browser) -> None:
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        expect(joana.locator("main")).to_contain_text("You have no contacts at the moment.")

        send(site, "c1", attributes={"subject": "Lost the key"})
        expect(joana.locator("[data-contact=c1]")).to_contain_text("Lost the key")
        expect(joana).to_have_title("(1) Desk · contact-assigner")

        joana.get_by_role("button", name="Close c1").click()
        expect(joana.locator("[data-contact]")).to_have_count(0)
        assert site.admin.get("/v1/contacts/c1").json()["state"] == "closed"


def test_a_contact_is_held_resumed_and_let_wait_again(browser: Browser) -> None:
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        send(site, "c1")
        joana.get_by_role("button", name="Hold c1").click()
        expect(joana.locator("[data-contact=c1] .held")).to_have_text("on hold")
        joana.get_by_role("button", name="Resume c1").click()
        expect(joana.locator("[data-contact=c1] .held")).to_have_count(0)

        joana.locator("#own-status summary").click()
        joana.locator("#own-status button[value=busy]").click()
        joana.get_by_role("button", name="Let it wait again c1").click()
        expect(joana.locator("[data-contact]")).to_have_count(0)
        assert site.admin.get("/v1/contacts/c1").json()["state"] == "queued"


def test_a_colleague_is_looked_at_before_a_contact_is_transferred(browser: Browser) -> None:  # R4, R13
    with Site(browser) as site:
        joana, nuno = site.sign_in("joana", at="/desk"), site.sign_in("nuno", at="/desk")
        site.admin.put("/v1/agents/nuno/status", json={"status": "busy"})
        send(site, "c1")
        joana.get_by_role("link", name="Transfer… c1").click()
        row = joana.locator("#give tr", has_text="Nuno Faria")
        expect(row.locator(".status")).to_have_text("Busy")
        expect(row).to_contain_text("0/5")

        row.get_by_role("button", name="Give").click()
        expect(nuno.locator("[data-contact=c1]")).to_be_visible()
        assert site.admin.get("/v1/contacts/c1").json()["agent_id"] == "nuno"


def test_the_desk_says_why_nothing_comes(browser: Browser) -> None:  # R12
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        standing = joana.locator(".standing")
        expect(standing).to_have_text("You are available: the next contact of your queues can be yours.")

        site.admin.put("/v1/agents/joana/status", json={"status": "busy"})
        send(site, "c1")
        expect(standing).to_contain_text("You are Busy, so nothing is given to you.")
        expect(joana.locator(".in-queues")).to_contain_text("Lisboa 1 waits")
        expect(joana.locator("aside")).to_contain_text("Next for you: c1")

        site.admin.put("/v1/settings/assignment", json={"enabled": False})
        expect(standing).to_have_text("Automatic assignment is switched off: nothing is given to anybody.")


def test_a_full_agent_reads_what_would_let_more_come(browser: Browser) -> None:
    with Site(browser) as site:
        site.admin.put("/v1/settings/assignment", json={"default_capacity": 1})
        joana = site.sign_in("joana", at="/desk")
        send(site, "c1")
        send(site, "c2")
        expect(joana.locator(".standing")).to_contain_text("You hold 1, as many as you may")
        joana.get_by_role("button", name="Hold c1").click()
        expect(joana.locator("[data-contact=c2]")).to_be_visible()
        assert mine(joana) == ["c2", "c1"]


def test_the_own_offices_have_a_switch_each_and_one_for_all(browser: Browser) -> None:  # R41, R45, R46
    with Site(browser) as site:
        site.admin.put("/v1/settings/presence", json={"selectable": ["online", "busy", "away"]})
        diego = site.sign_in("diego", at="/desk")
        madrid, sevilla = (diego.get_by_role("switch", name=f"Available for {each}") for each in ("Madrid", "Sevilla"))

        madrid.click()
        expect(madrid).not_to_be_checked()
        expect(sevilla).to_be_checked()
        diego.get_by_role("button", name="Away everywhere").click()
        expect(sevilla).not_to_be_checked()
        expect(diego.locator("#own-status summary .status")).to_have_text("Away")
        diego.get_by_role("button", name="Available everywhere").click()
        expect(madrid).to_be_checked()
        expect(diego.locator("#own-status summary .status")).to_have_text("Online")


def test_a_new_live_agent_is_away_until_one_toggle_opts_in(browser: Browser) -> None:  # R39, R40, R42, R43
    with Site(browser) as site:
        site.admin.post("/v1/settings/preset", json={"name": "ocelot"})
        diego = site.sign_in("diego", at="/desk")
        summary = diego.locator("#own-status summary")
        expect(summary.locator(".avatar")).to_have_class("avatar away")
        expect(diego.get_by_role("switch", name="Available for Madrid")).not_to_be_checked()

        summary.click()
        diego.locator("#own-status").get_by_role("button", name="Available Contacts").click()
        expect(summary.locator(".avatar")).to_have_class("avatar online")
        expect(diego.get_by_role("switch", name="Available for Madrid")).to_be_checked()
        expect(diego.get_by_role("switch", name="Available for Sevilla")).to_be_checked()

        site.bench.advance(3600)
        expect(summary.locator(".avatar")).to_have_class("avatar away")


def test_a_sound_is_wanted_or_not_and_stays_so(browser: Browser) -> None:
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        sound = joana.get_by_role("switch", name="Sound for new contacts")
        expect(sound).not_to_be_checked()
        sound.check()
        joana.reload()
        expect(sound).to_be_checked()


def test_without_scripts_a_contact_is_closed(browser: Browser) -> None:
    with Site(browser) as site:
        site.bench.sign_in("joana")
        send(site, "c1")
        joana = site.sign_in("joana", at="/desk", java_script_enabled=False)
        joana.get_by_role("button", name="Close c1").click()
        expect(joana.locator("main")).to_contain_text("You have no contacts at the moment.")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, scheme: str, width: int) -> None:
    with Site(browser) as site:
        site.admin.put("/v1/settings/assignment", json={"default_capacity": 2})
        diego = site.sign_in("diego", at="/desk", color_scheme=scheme, viewport={"width": width, "height": 800})
        for number in range(4):
            send(site, f"c{number}", office="sevilla")
        diego.get_by_role("button", name="Hold c0").click()
        expect(diego.locator(".held")).to_be_visible()
        site.admin.put("/v1/settings/assignment", json={"default_capacity": 9, "offer": {"timeout": 60}})
        send(site, "c4", office="sevilla")
        expect(diego.get_by_role("button", name="Accept c4")).to_be_visible()

        assert violations(diego) == []
