"""Reports: a period as pictures with their tables, told apart and taken away as CSV."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsing import Site, violations


def a_morning(site: Site) -> None:
    """Two hours in Lisboa: two contacts served at once, one that waits for a while, one that gives up."""
    site.bench.sign_in("joana")
    for number in range(2):
        body = {"id": f"c{number}", "channel": "chat", "office": "lisbon"}
        site.admin.post("/v1/contacts", json=body).raise_for_status()
    site.bench.advance(3600)
    site.admin.put("/v1/agents/joana/status", json={"status": "busy"})
    for number in range(2, 4):
        body = {"id": f"c{number}", "channel": "chat", "office": "lisbon"}
        site.admin.post("/v1/contacts", json=body).raise_for_status()
    site.bench.advance(90)
    site.admin.post("/v1/contacts/c3/abandon").raise_for_status()
    site.admin.put("/v1/agents/joana/status", json={"status": "online"})
    site.admin.post("/v1/contacts/c0/close").raise_for_status()
    site.bench.advance(1)


def test_a_supervisor_reads_how_the_day_goes(browser: Browser) -> None:
    with Site(browser) as site:
        a_morning(site)
        olga = site.sign_in("olga", at="/reports", role="supervisor")

        expect(olga.locator(".figures div")).to_have_text(
            ["Arrived4", "Assigned3", "By hand0", "Closed1", "Abandoned1"]
        )
        picture = olga.get_by_role("img", name="Arrived. 00:00: 0; ")
        expect(picture).to_have_attribute(
            "aria-label", "Arrived. " + "; ".join(f"{hour:02}:00: {2 if hour > 10 else 0}" for hour in range(13))
        )
        olga.get_by_text("As a table").click()
        expect(olga.locator(".as-table tbody tr").last).to_contain_text("12:00 has not ended")
        expect(olga.locator(".groups tbody tr")).to_contain_text(["Lisboa"])


def test_waits_are_told_with_a_service_level_of_ones_own(browser: Browser) -> None:
    with Site(browser) as site:
        a_morning(site)
        olga = site.sign_in("olga", at="/reports/waits", role="supervisor")
        level = olga.locator(".figures div", has_text="Service level").locator("dd")
        expect(level).to_have_text("50%")
        olga.get_by_label("Service level within").fill("100")
        olga.get_by_role("button", name="Show").click()
        expect(level).to_have_text("75%")


def test_one_agent_is_looked_at_alone(browser: Browser) -> None:
    with Site(browser) as site:
        a_morning(site)
        olga = site.sign_in("olga", at="/reports/agents", role="supervisor")
        expect(olga.locator(".groups tr", has_text="Joana")).to_contain_text("1 min 30 s")
        olga.get_by_role("link", name="Joana Marques").click()

        expect(olga.locator(".only-this")).to_contain_text("only agent Joana Marques")
        expect(olga.locator(".groups tbody tr")).to_have_count(1)
        olga.get_by_role("link", name="Fairness").click()
        expect(olga.locator(".figures div", has_text="Agents").locator("dd")).to_have_text("1")


def test_the_same_is_taken_away_as_csv(browser: Browser) -> None:
    with Site(browser) as site:
        a_morning(site)
        olga = site.sign_in("olga", at="/reports/contacts", role="supervisor")
        with olga.expect_download() as begun:
            olga.get_by_role("link", name="Download as CSV").last.click()

        assert begun.value.suggested_filename == "contacts.csv"
        assert begun.value.path().read_text().splitlines()[1].endswith(",lisbon,4,3,0,0,0,1,1")


def test_what_cannot_be_asked_is_said_and_can_be_asked_otherwise(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/reports/waits?first=2026-01-09&last=2026-01-08", role="supervisor")
        expect(olga.get_by_role("alert")).to_contain_text("the period ends before it begins")
        olga.get_by_role("link", name="Last 7 days").click()
        expect(olga.get_by_role("alert")).to_have_count(0)
        expect(olga.locator(".chart")).to_have_count(3)


def test_reports_are_read_without_scripts_and_in_spanish(browser: Browser) -> None:
    with Site(browser) as site:
        a_morning(site)
        olga = site.sign_in("olga", at="/reports/agents", role="supervisor", locale="es-ES", java_script_enabled=False)
        expect(olga.locator("h1")).to_have_text("Informes")
        expect(olga.locator(".meanings")).to_contain_text("contactos divididos por el tiempo conectado")
        olga.get_by_role("link", name="Ayer").click()
        expect(olga.locator(".shortcuts [aria-current]")).to_have_text("Ayer")


def test_an_agent_has_no_reports(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at="/reports")
        expect(ana.get_by_role("alert")).to_have_text("You may not do this; ask an administrator.")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(browser: Browser, scheme: str, width: int) -> None:
    with Site(browser) as site:
        a_morning(site)
        options = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        olga = site.sign_in("olga", at="/reports", role="supervisor", **options)
        found = {}
        for path in ("/reports/contacts", "/reports/waits", "/reports/agents?agent=joana", "/reports/fairness"):
            olga.goto(path)
            for summary in olga.locator("main summary").all():
                summary.click()
            found[path] = violations(olga)

        assert found == {path: [] for path in found}
