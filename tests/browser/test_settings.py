"""The settings as a supervisor and an administrator use them (R3, R24, R33 to R36, R44), with and without
scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect
from standardwebhooks import Webhook

from assigner.wiring import wall_clock
from tests.browser.browsing import PASSWORD, Site, violations
from tests.webhooks.receiver import Receiver, receiving

STATUS = "/settings/presence"
LISTS = tuple(
    f"/settings/{name}"
    for name in ("agents", "offices", "roles", "keys", "webhooks", "webhooks/deliveries?id=shop", "audit")
)
FORMS = (
    STATUS,
    "/settings/assignment",
    "/settings/agents/one",
    "/settings/agents/one?id=ana",
    "/settings/offices/one?id=madrid",
    "/settings/roles/one",
    "/settings/webhooks/one?id=shop",
)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def said(page: Page) -> str:
    return page.locator("#notice").inner_text()


def policy(site: Site) -> tuple[object, object]:
    document = site.admin.get("/v1/settings/presence").json()
    return document["away_after"], document["offline_after"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_toggle_reveals_away_a_plus_adds_offline_and_save_puts_it_into_force(
    browser: Browser, scripts: bool
) -> None:  # R33 to R36
    with Site(browser) as site:
        olga = site.sign_in("olga", at=STATUS, role="supervisor", java_script_enabled=scripts)
        toggle = olga.get_by_role("switch", name="Automated status switch")
        away, offline = (
            olga.get_by_label("Switch to Away after").first,
            olga.get_by_label("Switch to Offline after").first,
        )
        plus = olga.locator(".plus")
        expect(toggle).not_to_be_checked()
        expect(away).to_be_hidden()
        expect(plus).to_be_hidden()

        toggle.check()
        expect(away).to_be_visible()
        expect(offline).to_be_hidden()
        away.fill("10")
        plus.click()
        expect(offline).to_be_visible()
        offline.fill("30")
        assert policy(site) == (None, None)

        save(olga)
        expect(olga.locator("#notice")).to_have_text("Saved. It is in force for everybody now.")
        assert policy(site) == (600, 1800)
        expect(away).to_have_value("10")

        toggle.uncheck()
        expect(away).to_be_hidden()
        save(olga)
        expect(toggle).not_to_be_checked()
        assert policy(site) == (None, None)


def test_ten_and_ten_is_refused_and_what_was_filled_in_stays(browser: Browser) -> None:  # R30
    with Site(browser) as site:
        olga = site.sign_in("olga", at=STATUS, role="supervisor")
        olga.get_by_role("switch").check()
        olga.get_by_label("Switch to Away after").first.fill("10")
        olga.locator(".plus").click()
        olga.get_by_label("Switch to Offline after").first.fill("10")
        save(olga)

        expect(olga.get_by_role("alert")).to_contain_text("Offline must come later than Away")
        expect(olga.get_by_role("alert")).to_be_in_viewport()
        expect(olga.get_by_label("Switch to Offline after").first).to_have_value("10")
        assert policy(site) == (None, None)


def test_the_timeout_of_a_preset_is_adjusted_and_counts_at_once(browser: Browser) -> None:  # R43, R44
    with Site(browser) as site:
        olga = site.sign_in("olga", at=STATUS, role="supervisor")
        olga.get_by_role("radio", name="Ocelot").check()
        olga.get_by_role("button", name="Use this").click()
        expect(olga.get_by_label("Switch to Away after").first).to_have_value("60")
        joana = site.bench.sign_in("joana")
        joana.put("/v1/agents/joana/status", json={"status": "online"}).raise_for_status()

        olga.get_by_label("Switch to Away after").first.fill("5")
        save(olga)
        expect(olga.locator("#notice")).to_be_visible()
        site.bench.advance(300)
        assert site.admin.get("/v1/agents/joana/status").json()["status"] == "away"


def test_only_a_supervisor_comes_to_the_switch(browser: Browser) -> None:  # R23
    with Site(browser) as site:
        ana = site.sign_in("ana", at=STATUS)

        expect(ana.get_by_role("alert")).to_have_text("You may not do this; ask an administrator.")
        ana.goto("/settings")
        expect(ana.get_by_role("link", name="Status", exact=True)).to_have_count(0)


def test_two_who_change_the_same_settings_do_not_overwrite_each_other(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at=STATUS, role="supervisor")
        site.admin.put("/v1/settings/presence", json={"away_after": 900}).raise_for_status()
        olga.get_by_role("switch").check()
        olga.get_by_label("Switch to Away after").first.fill("10")
        save(olga)

        expect(olga.get_by_role("alert")).to_contain_text("Somebody changed this meanwhile")
        expect(olga.get_by_label("Switch to Away after").first).to_have_value("15")


def test_the_list_of_users_shows_the_status_of_each_as_it_changes(browser: Browser) -> None:  # R3
    with Site(browser) as site:
        ana = site.sign_in("ana", at="/settings/agents")
        expect(ana.locator("#agent-joana .status")).to_have_text("Offline")
        site.bench.sign_in("joana")
        expect(ana.locator("#agent-joana .status")).to_have_text("Online")
        expect(ana.get_by_role("link", name="New agent")).to_have_count(0)


def test_an_administrator_makes_an_agent_who_signs_in(browser: Browser) -> None:
    with Site(browser) as site:
        ada = site.sign_in("ada", role="admin", at="/settings/agents")
        ada.get_by_role("link", name="New agent").click()
        ada.get_by_label("Id", exact=True).fill("rosa")
        ada.get_by_label("Name", exact=True).fill("Rosa Prado")
        ada.get_by_label("Email").fill("rosa@example.org")
        ada.get_by_label("Madrid").check()
        ada.get_by_label("Skills").fill("es 3, billing")
        ada.get_by_label("Capacity", exact=True).fill("4")
        ada.get_by_label("Capacity by channel").fill("chat 2")
        save(ada)
        ada.get_by_role("link", name="Rosa Prado").click()
        ada.get_by_label("New password").fill(PASSWORD)
        ada.get_by_role("button", name="Set password").click()
        expect(ada.locator("#notice")).to_have_text("The new password counts from now on.")

        rosa = site.person()
        rosa.goto("/settings/agents")
        rosa.get_by_label("Email").fill("rosa@example.org")
        rosa.get_by_label("Password").fill(PASSWORD)
        rosa.get_by_role("button", name="Sign in").click()
        expect(ada.locator("#own-status")).to_be_visible()
        expect(rosa.locator("#agent-rosa")).to_contain_text("you")
        document = site.admin.get("/v1/agents/rosa").json()
        assert {name: document[name] for name in ("offices", "skills", "capacity", "takes_contacts")} == {
            "offices": ["madrid"],
            "skills": {"es": 3, "billing": 1},
            "capacity": {"total": 4, "channels": {"chat": 2}},
            "takes_contacts": True,
        }


def test_an_office_gets_hours_and_the_holidays_of_its_country(browser: Browser) -> None:
    with Site(browser) as site:
        ada = site.sign_in("ada", role="admin", at="/settings/offices")
        ada.get_by_role("link", name="New office").click()
        ada.get_by_label("Id", exact=True).fill("porto")
        ada.get_by_label("Name").fill("Porto")
        ada.get_by_label("Time zone", exact=True).fill("Europe/Lisbon")
        ada.get_by_label("Friday").fill("09:00-13:00")
        ada.get_by_label("always").check()
        expect(ada.get_by_label("Friday")).to_be_hidden()
        ada.get_by_label("at these hours").check()
        ada.get_by_label("the public holidays of a country").check()
        ada.get_by_label("Country", exact=True).fill("PT")
        save(ada)

        card = ada.locator("article", has=ada.get_by_role("heading", name="Porto"))
        expect(card).to_contain_text("open now")
        expect(card).to_contain_text("Public holidays of PT.")
        expect(card.locator("dd").nth(4)).to_have_text("09:00\N{EN DASH}13:00")
        expect(card.locator("dd").nth(5)).to_have_text("not open")
        site.bench.advance(8 * 3600)
        ada.reload()
        expect(card).to_contain_text("closed now")


def test_a_key_is_shown_once(browser: Browser) -> None:
    with Site(browser) as site:
        ada = site.sign_in("ada", role="admin", at="/settings/keys")
        ada.get_by_label("What it is for").fill("chat")
        ada.get_by_role("button", name="Make a key").click()
        key = ada.locator(".secret").inner_text()
        asked = site.person().request.get("/v1/offices", headers={"authorization": f"Bearer {key}"})
        ada.goto("/settings/keys")

        assert (asked.status, ada.locator(".secret").count()) == (200, 0)
        ada.once("dialog", lambda question: question.dismiss())
        ada.get_by_role("button", name="Delete chat").click()
        expect(ada.get_by_role("button", name="Delete chat")).to_be_visible()
        ada.once("dialog", lambda question: question.accept())
        ada.get_by_role("button", name="Delete chat").click()
        expect(ada.locator("#notice")).to_contain_text("The key is deleted")
        assert site.person().request.get("/v1/offices", headers={"authorization": f"Bearer {key}"}).status == 401


def test_a_role_of_ones_own_lets_a_supervisor_set_statuses_and_nothing_else(browser: Browser) -> None:  # R24
    with Site(browser) as site:
        ada = site.sign_in("ada", role="admin", at="/settings/roles")
        ada.get_by_role("link", name="New role").click()
        ada.get_by_label("Name").fill("shift lead")
        ada.get_by_label("See who is online").check()
        ada.get_by_label("Set when a status changes by itself").check()
        save(ada)
        expect(ada.locator("#notice")).to_contain_text("The role is saved")
        ada.goto("/settings/agents/one?id=ana")
        ada.get_by_label("Role").select_option("shift lead")
        save(ada)
        expect(ada.locator("#agent-ana")).to_contain_text("shift lead")
        expect(ada).to_have_url(site.address + "/settings/agents")

        ana = site.sign_in("ana", role="shift lead", at="/settings")
        expect(ana.get_by_role("switch")).to_be_visible()
        expect(ana.get_by_role("navigation", name="Settings").get_by_role("link")).to_have_text(
            ["Status", "Automatic assignment", "Agents", "Offices"]
        )
        ada.goto("/settings/roles/one?id=shift%20lead")
        ada.get_by_role("button", name="Delete this role").click()
        expect(ada.get_by_role("alert")).to_contain_text("give them another first")


def test_a_link_to_choose_a_password_is_handed_over_once(browser: Browser) -> None:
    with Site(browser) as site:
        site.account("ana", "agent")
        ada = site.sign_in("ada", role="admin", at="/settings/agents/one?id=ana")
        ada.get_by_role("button", name="Make a link to choose a password").click()
        link = ada.locator(".secret").inner_text()
        ada.reload()
        expect(ada.locator(".secret")).to_have_count(0)

        ana = site.person()
        ana.goto(link)
        expect(ana.get_by_role("heading", name="Choose a password")).to_be_visible()


def test_a_key_has_permissions_of_its_own_and_an_end(browser: Browser) -> None:
    with Site(browser) as site:
        ada = site.sign_in("ada", role="admin", at="/settings/keys")
        ada.get_by_label("What it is for").fill("statistics")
        expect(ada.get_by_label("Read reports")).to_be_hidden()
        ada.get_by_label("What it may").select_option("permissions of its own")
        ada.get_by_label("Read reports").check()
        ada.get_by_label("Days until it ends").fill("30")
        ada.get_by_role("button", name="Make a key").click()
        expect(ada.locator(".secret")).to_be_visible()
        made = next(each for each in site.admin.get("/v1/api-keys").json()["items"] if each["name"] == "statistics")

        assert (made["role"], made["permissions"]) == (None, ["reports.read"])
        assert made["expires_at"] == "2026-02-06T10:00:00Z"


def test_a_webhook_is_made_tested_and_what_was_not_taken_is_sent_again(browser: Browser) -> None:
    answers = [500, 200]
    with (
        receiving(Receiver(answer=lambda _: answers.pop(0) if answers else 200)) as shop,
        Site(browser, start=str(wall_clock())) as site,
    ):
        ada = site.sign_in("ada", role="admin", at="/settings/webhooks")
        ada.get_by_role("link", name="New webhook").click()
        ada.get_by_label("Address").fill(shop.url)
        ada.get_by_label("Id", exact=True).fill("shop")
        ada.get_by_label("Which events").fill("contact.*")
        save(ada)
        secret = ada.locator(".secret").inner_text()
        ada.get_by_role("link", name="Deliveries").click()
        expect(ada.locator(".secret")).to_have_count(0)
        ada.get_by_role("button", name="Send a test").click()
        expect(ada.locator("#notice")).to_contain_text("A test is on its way")
        site.bench.settle()
        ada.get_by_role("link", name="tried again").click()
        expect(ada.locator(".deliveries tbody tr")).to_contain_text("1 attempt")

        ada.get_by_role("button", name="Send again webhook.test").click()
        expect(ada.locator("#notice")).to_contain_text("It is sent again")
        site.bench.settle()
        ada.get_by_role("link", name="the newest").click()
        expect(ada.locator(".deliveries tbody tr .chip")).to_have_text("taken")
        message = shop.taken[0]
        assert Webhook(secret).verify(message.body, message.headers)["type"] == "webhook.test"


def test_the_switch_is_set_with_the_keyboard_alone(browser: Browser) -> None:  # R33 to R35
    with Site(browser) as site:
        olga = site.sign_in("olga", at=STATUS, role="supervisor")
        olga.get_by_role("switch").focus()
        for key in ("Space", "Tab", "2", "0", "Tab", "Tab", "Space", "Tab", "4", "0", "Enter"):
            olga.keyboard.press(key)

        expect(olga.locator("#notice")).to_be_visible()
        assert policy(site) == (1200, 2400)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("paths", [LISTS, FORMS], ids=["lists", "forms"])
def test_axe_finds_nothing(browser: Browser, paths: tuple[str, ...], scheme: str, width: int) -> None:
    with Site(browser) as site:
        site.admin.put("/v1/settings/presence", json={"away_after": 600, "offline_after": 1800}).raise_for_status()
        site.admin.post("/v1/webhooks", json={"id": "shop", "url": "http://127.0.0.1:9/events"}).raise_for_status()
        site.bench.sign_in("joana")
        site.bench.settle()
        view = {"width": width, "height": 800}
        ada = site.sign_in("ada", role="admin", at="/settings", color_scheme=scheme, viewport=view)
        found = {}
        for path in paths:
            ada.goto(path)
            found[path] = violations(ada)

        assert found == {path: [] for path in found}
