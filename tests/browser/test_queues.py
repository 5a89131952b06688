"""Queues and contacts: what waits and why, who could serve, what happened, and giving by hand with open eyes."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsing import Site, violations


def send(site: Site, contact_id: str, **more: object) -> None:
    body = {"id": contact_id, "channel": "chat", "office": "lisbon", **more}
    site.admin.post("/v1/contacts", json=body).raise_for_status()


def test_a_supervisor_sees_every_queue_and_why_each_contact_waits(browser: Browser) -> None:  # R6
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/queues", role="supervisor")
        expect(olga.locator("main")).to_contain_text("Nothing waits.")

        send(site, "c1")
        waits = olga.locator(".waiting li")
        expect(waits).to_contain_text("Nobody in Lisboa is online. 4 in Lisboa: 4 offline.")
        expect(olga.locator(".queues tr", has_text="Lisboa").locator("td").first).to_have_text("1")
        site.bench.sign_in("joana")
        expect(olga.locator("main")).to_contain_text("Nothing waits.")


def test_a_queue_tells_its_alarm_and_the_expected_wait(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/queues", role="supervisor")
        lisboa = olga.locator(".queues tr", has_text="Lisboa")
        expect(lisboa.locator("td").nth(2)).to_have_text("–")  # noqa: RUF001

        for number in range(1, 4):
            send(site, f"c{number}")
        expect(lisboa.locator(".alarm")).to_have_text("nobody is there who could take one")
        site.bench.advance(20)
        site.bench.sign_in("joana")
        expect(lisboa.locator(".alarm")).to_have_count(0)
        expect(lisboa.locator("td").nth(2)).to_have_text("at once")

        site.admin.patch("/v1/agents/joana", json={"capacity": 4}).raise_for_status()
        send(site, "c4")
        send(site, "c5")
        expect(lisboa.locator("td").nth(2)).to_have_text("20 s")
        site.bench.advance(60)
        send(site, "c6")
        expect(lisboa.locator("td").nth(2)).to_have_text("30 s")


def test_an_agent_sees_the_own_queues_only(browser: Browser) -> None:
    with Site(browser) as site:
        send(site, "c1")
        send(site, "c2", office="madrid", skills={"tech": 9})
        joana = site.sign_in("ana", at="/queues")

        expect(joana.locator(".queues tbody th")).to_have_text(["Madrid", "billing", "everybody", "first-aid", "night"])
        expect(joana.locator(".waiting .id")).to_have_text(["c2"])


def test_a_queue_says_who_could_serve_and_why_not(browser: Browser) -> None:
    with Site(browser) as site:
        for agent in ("joana", "nuno"):
            site.bench.sign_in(agent)
        site.admin.put("/v1/agents/nuno/status", json={"status": "busy"})
        olga = site.sign_in("olga", at="/queues", role="supervisor")
        olga.get_by_role("link", name="Lisboa").click()

        rows = olga.locator("#queue tbody tr")
        expect(rows.filter(has_text="Joana")).to_contain_text("yes")
        expect(rows.filter(has_text="Nuno")).to_contain_text("not online")
        expect(olga.locator(".figures")).to_contain_text("lowest occupancy")


def test_the_full_account_of_a_contact_is_one_click_away(browser: Browser) -> None:
    with Site(browser) as site:
        send(site, "c1", skills={"pt": 9})
        site.bench.sign_in("joana")
        olga = site.sign_in("olga", at="/queues", role="supervisor")
        olga.get_by_role("link", name="c1").click()

        expect(olga.locator(".why")).to_contain_text("Nobody who is there has the skill pt 9.")
        olga.get_by_text("The full account of who was asked").click()
        expect(olga.locator(".account-of tbody tr")).to_have_text(
            [r"not in the queue104", "not online31", "lacks a skill10"]
        )
        expect(olga.locator("#give tr", has_text="Joana")).to_contain_text("without skill pt 9")


def test_a_contact_is_given_by_hand_and_the_story_tells_what_was_overridden(browser: Browser) -> None:  # R4, R13
    with Site(browser) as site:
        send(site, "c1")
        joana = site.sign_in("joana", at="/desk")
        site.admin.put("/v1/agents/joana/status", json={"status": "busy"})
        send(site, "c2")
        olga = site.sign_in("olga", at="/contacts/c2", role="supervisor")
        row = olga.locator("#give tr", has_text="Joana")
        expect(row.locator(".status")).to_have_text("Busy")
        row.get_by_role("button", name="Give").click()

        expect(joana.locator("[data-contact=c2]")).to_be_visible()
        told = "Given to Joana Marques by hand (although: not online) by Olga Pereira"
        expect(olga.locator(".story")).to_contain_text(told)


def test_the_story_of_a_contact_is_told_to_its_end(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/online", role="supervisor")
        site.admin.post("/v1/contacts", json={"id": "c1", "channel": "chat", "language": "pt"})
        site.bench.sign_in("joana")
        site.admin.post("/v1/contacts/c1/hold")
        site.admin.post("/v1/contacts/c1/resume")
        site.admin.post("/v1/contacts/c1/transfer", json={"queue": "billing"})
        site.admin.post("/v1/contacts/c1/close", json={"outcome": "solved"})
        olga.goto("/contacts/c1")

        told = [text.split("\n")[0] for text in olga.locator(".story li > div").all_inner_texts()]
        assert told == [
            "Arrived; rule “portuguese” led to Lisboa by a program",
            "Given to Joana Marques",
            "Put on hold by a program",
            "Taken off hold by a program",
            "Moved to billing by a program",
            "Given to Joana Marques",
            "Closed: solved by a program",
        ]
        expect(olga.locator(".now .state")).to_have_text("closed")


def test_an_agent_takes_a_contact_that_waits(browser: Browser) -> None:
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        send(site, "c1", skills={"pt": 9})
        joana.goto("/contacts/c1")
        expect(joana.get_by_role("button", name="Give")).to_have_count(0)
        joana.get_by_role("button", name="Take it").click()
        expect(joana.locator(".now .state")).to_have_text("assigned")
        assert site.admin.get("/v1/contacts/c1").json()["agent_id"] == "joana"


def test_somebody_elses_contact_is_not_shown(browser: Browser) -> None:
    with Site(browser) as site:
        site.bench.sign_in("joana")
        send(site, "c1")
        ana = site.sign_in("ana", at="/contacts/c1")
        expect(ana.get_by_role("alert")).to_have_text("You may not do this; ask an administrator.")
        ana.goto("/contacts/nothing")
        expect(ana.get_by_role("alert")).to_have_text("This does not exist, or exists no more.")


def test_two_supervisors_who_give_one_contact_are_told_who_was_first(browser: Browser) -> None:
    with Site(browser) as site:
        for agent in ("joana", "nuno"):
            site.bench.sign_in(agent)
        send(site, "c1", skills={"pt": 9})
        first = site.sign_in("olga", at="/contacts/c1", role="supervisor", java_script_enabled=False)
        second = site.sign_in("ada", at="/contacts/c1", role="admin", java_script_enabled=False)
        first.locator("#give tr", has_text="Joana").get_by_role("button").click()
        second.locator("#give tr", has_text="Nuno").get_by_role("button").click()

        held = site.admin.get("/v1/contacts/c1").json()
        assert held["agent_id"] == "nuno"
        expect(second.locator(".story")).to_contain_text("Given to Joana Marques by hand")


def test_what_customers_write_is_text_and_nothing_else(browser: Browser) -> None:
    with Site(browser) as site:
        evil = "<img src=x onerror=alert(1)>"
        site.admin.put("/v1/agents/eve", json={"name": evil, "offices": ["lisbon"]})
        site.bench.sign_in("eve")
        send(site, "c <b>1", attributes={"subject": evil}, customer_id=evil)
        olga = site.sign_in("olga", at="/queues", role="supervisor")
        for path in ("/online", "/contacts/c%20%3Cb%3E1", "/queues/lisbon"):
            olga.goto(path)
            expect(olga.locator("main")).to_contain_text(evil)
            assert olga.locator("main img").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, scheme: str, width: int) -> None:
    with Site(browser) as site:
        site.bench.sign_in("joana")
        send(site, "c1", attributes={"subject": "Lost the key"})
        send(site, "c2", skills={"pt": 9})
        olga = site.sign_in(
            "olga", at="/queues", role="supervisor", color_scheme=scheme, viewport={"width": width, "height": 800}
        )
        found = {}
        for path in ("/queues", "/queues/lisbon", "/contacts/c1", "/contacts/c2"):
            olga.goto(path)
            for summary in olga.locator("main summary").all():
                summary.click()
            found[path] = violations(olga)

        assert found == {path: [] for path in found}
