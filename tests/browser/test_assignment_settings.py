"""How contacts are assigned, as a supervisor sets it: offers, wrap-up and what comes back, with and without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import Site

ASSIGNMENT = "/settings/assignment"


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def terms(site: Site) -> tuple[object, ...]:
    document = site.admin.get("/v1/settings/assignment").json()
    return document["offer"], document["wrap_up"], document["on_offline"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_offers_wrap_up_and_what_comes_back_appear_with_their_toggles(browser: Browser, scripts: bool) -> None:
    with Site(browser) as site:
        nothing = (None, 0, {"contacts": "none", "grace": 0})
        olga = site.sign_in("olga", at=ASSIGNMENT, role="supervisor", java_script_enabled=scripts)
        answer, kept = olga.get_by_label("Time to answer").first, olga.get_by_label("The place is kept for").first
        expect(answer).to_be_hidden()
        expect(kept).to_be_hidden()
        olga.get_by_role("switch", name="Ask before a contact is given").check()
        answer.fill("15")
        olga.get_by_label("Missed offers in a row").fill("2")
        olga.get_by_role("switch", name="Time for notes").check()
        kept.fill("2")
        olga.get_by_label("Unit: The place is kept for").select_option("minutes")
        olga.get_by_role("switch", name="Contacts of agents who go Offline").check()
        olga.get_by_label("all of them").check()
        assert terms(site) == nothing

        save(olga)
        expect(olga.locator("#notice")).to_have_text("Saved. It is in force for everybody now.")
        asked = {"timeout": 15, "decline_pause": 60, "missed_limit": 2}
        assert terms(site) == (asked, 120, {"contacts": "all", "grace": 120})
        expect(kept).to_have_value("2")

        for name in ("Ask before a contact is given", "Time for notes", "Contacts of agents who go Offline"):
            olga.get_by_role("switch", name=name).uncheck()
        with olga.expect_response(f"**{ASSIGNMENT}"):
            save(olga)
        expect(answer).to_be_hidden()
        assert terms(site) == nothing


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(
    ("locale", "label", "said"),
    [
        ("en", "Time to answer", "timeout is 0, but must be at least 1"),
        ("de", "Zeit zum Antworten", "timeout ist 0, muss aber mindestens 1 sein"),
        ("es", "Tiempo para responder", "timeout es 0, pero debe ser al menos 1"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    browser: Browser, scripts: bool, locale: str, label: str, said: str
) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at=ASSIGNMENT, role="supervisor", java_script_enabled=scripts, locale=locale)
        olga.locator("[name=offers]").check()
        answer = olga.get_by_label(label).first
        answer.fill("0")
        olga.locator(".save button").click()

        expect(answer).to_have_attribute("aria-invalid", "true")
        expect(answer).to_have_accessible_description(re.compile(said))
        expect(answer).to_have_value("0")
        assert terms(site)[0] is None
