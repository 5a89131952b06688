"""Who's Online: the offices with their agents, live, and the controls that each visitor may use (R1, R47 to R51)."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import Site, violations


def row(office: str, agent: str) -> str:
    return f"#at-{office}-{agent}"


def expect_status(page: Page, office: str, agent: str, word: str) -> None:
    expect(page.locator(f"{row(office, agent)} .status")).to_have_text(word)


def test_everybody_sees_every_office_with_its_agents(browser: Browser) -> None:  # R1, R47
    with Site(browser) as site:
        site.bench.sign_in("joana")
        ana = site.sign_in("ana", at="/online")

        assert ana.locator("article h2").all_inner_texts() == ["Lisboa", "Madrid", "Sevilla"]
        expect_status(ana, "lisbon", "joana", "Online")
        expect_status(ana, "lisbon", "nuno", "Offline")
        expect(ana.locator("#office-lisbon")).to_contain_text("1 of 5 available")
        expect(ana.locator("#count-online")).to_have_text("2")


def test_a_status_that_changes_is_seen_by_colleagues_at_once(browser: Browser) -> None:  # R1, R53
    with Site(browser) as site:
        carla, ana = site.sign_in("carla", at="/online"), site.sign_in("ana", at="/online")
        carla.locator("#own-status summary").click()
        carla.locator("#own-status button[value=busy]").click()

        expect_status(ana, "madrid", "carla", "Busy")
        expect(ana.locator("#count-busy")).to_have_text("1")
        expect_status(carla, "madrid", "carla", "Busy")


def test_load_is_seen_as_it_changes(browser: Browser) -> None:
    with Site(browser) as site:
        site.bench.sign_in("carla")
        ana = site.sign_in("ana", at="/online")
        expect(ana.locator(row("madrid", "carla")).locator(".load")).to_have_text("0/6")
        site.admin.post("/v1/contacts", json={"id": "c1", "channel": "email", "attributes": {"topic": "invoice"}})
        site.admin.post("/v1/contacts/c1/transfer", json={"agent_id": "carla"}).raise_for_status()
        expect(ana.locator(row("madrid", "carla")).locator(".load")).to_have_text("1/6")


def test_an_agent_switches_the_own_office_and_nobody_elses(browser: Browser) -> None:  # R45, R48, R51
    with Site(browser) as site:
        diego, ana = site.sign_in("diego", at="/online"), site.sign_in("ana", at="/online")
        expect(diego.locator("main form")).to_have_count(2)

        diego.locator(row("sevilla", "diego")).get_by_role("button").click()
        expect(diego.locator(row("sevilla", "diego")).get_by_role("button")).to_have_text("away")
        expect(ana.locator(row("sevilla", "diego")).locator(".bolt")).to_have_text("away")
        expect(ana.locator(row("madrid", "diego")).locator(".bolt")).to_have_text("on")
        expect_status(ana, "sevilla", "diego", "Online")


def test_an_administrator_sets_one_agent_away_for_one_office(browser: Browser) -> None:  # R49
    with Site(browser) as site:
        diego, ada = site.sign_in("diego", at="/online"), site.sign_in("ada", at="/online", role="admin")
        ada.locator(row("madrid", "diego")).get_by_role("button").click()

        expect(ada.locator(row("madrid", "diego"))).to_contain_text("by Ada")
        expect(diego.locator(row("madrid", "diego")).get_by_role("button")).to_have_text("away")
        expect(diego.locator(row("sevilla", "diego")).get_by_role("button")).to_have_text("on")


def test_the_page_stays_where_it_is_when_somebody_is_switched(browser: Browser) -> None:
    with Site(browser) as site:
        ada = site.sign_in("ada", at="/online", role="admin")
        ada.set_viewport_size({"width": 1000, "height": 400})
        switch = ada.locator(row("madrid", "carla")).get_by_role("button")
        switch.scroll_into_view_if_needed()
        place = ada.evaluate("scrollY")
        switch.click()

        expect(switch).to_have_text("away")
        assert (place > 0, ada.evaluate("scrollY")) == (True, place)


def test_an_administrator_sets_a_whole_office_away_and_lets_it_back(browser: Browser) -> None:  # R50
    with Site(browser) as site:
        for agent in ("bruno", "carla"):
            site.bench.sign_in(agent)
        ana, ada = site.sign_in("ana", at="/online"), site.sign_in("ada", at="/online", role="admin")
        expect(ana.locator("#office-madrid")).to_contain_text("3 of 6 available")
        expect(ana.locator("#office-madrid").get_by_role("button")).to_have_count(0)

        ada.locator("#office-madrid").get_by_role("button", name="Set everybody away").click()
        expect(ana.locator("#office-madrid")).to_contain_text("0 of 6 available")
        expect(ana.locator(row("madrid", "carla")).locator(".bolt")).to_have_text("away")

        ada.locator("#office-madrid").get_by_role("button", name="Let everybody back").click()
        expect(ana.locator("#office-madrid")).to_contain_text("3 of 6 available")


def test_rows_are_found_by_name_and_by_status(browser: Browser) -> None:
    with Site(browser) as site:
        site.bench.sign_in("joana")
        ana = site.sign_in("ana", at="/online")
        ana.get_by_label("Find somebody").fill("jo")
        expect(ana.locator("tbody tr:visible")).to_have_count(1)
        ana.get_by_label("Find somebody").fill("")
        ana.locator(".only label", has_text="Online").click()
        expect(ana.locator("tbody tr:visible")).to_have_count(2)
        site.bench.sign_in("nuno")
        expect(ana.locator("tbody tr:visible")).to_have_count(3)


def test_new_agents_and_offices_appear(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at="/online")
        site.admin.put("/v1/offices/porto", json={"name": "Porto", "time_zone": "Europe/Lisbon"})
        site.admin.put("/v1/agents/rita (2)", json={"name": "Rita Sá", "offices": ["porto"]})
        expect(ana.locator("#office-porto")).to_be_visible()
        site.bench.sign_in("rita (2)")
        expect(ana.locator("article", has_text="Porto").locator("tbody .status")).to_have_text("Online")


def test_a_stream_that_broke_off_catches_up(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at="/online")
        site.bench.sign_in("joana")
        expect_status(ana, "lisbon", "joana", "Online")
        ana.context.set_offline(True)
        site.bench.product.close_streams()
        expect(ana.locator("[data-broken-off]")).to_be_visible()
        site.admin.put("/v1/agents/joana/status", json={"status": "busy"})
        ana.context.set_offline(False)

        expect_status(ana, "lisbon", "joana", "Busy")
        expect(ana.locator("[data-broken-off]")).to_be_hidden()


def test_without_scripts_the_page_is_read_and_switched(browser: Browser) -> None:
    with Site(browser) as site:
        diego = site.sign_in("diego", at="/online", java_script_enabled=False)
        diego.locator(row("madrid", "diego")).get_by_role("button").click()

        expect(diego.locator(row("madrid", "diego")).get_by_role("button")).to_have_text("away")
        assert diego.url.endswith("/online")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, scheme: str, width: int) -> None:
    with Site(browser) as site:
        for agent in ("carla", "joana"):
            site.bench.sign_in(agent)
        site.admin.put("/v1/agents/carla/status", json={"status": "busy"})
        ada = site.sign_in(
            "ada", at="/online", role="admin", color_scheme=scheme, viewport={"width": width, "height": 800}
        )
        ada.locator("#office-madrid").get_by_role("button").click()
        expect(ada.locator("#office-madrid")).to_contain_text("Let everybody back")

        assert violations(ada) == []
