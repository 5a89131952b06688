"""What is on every page: the own status and its list, language and appearance, several tabs, and signing out."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import PASSWORD, Site, violations

PAGE = "/settings/assignment"


def expect_status(page: Page, word: str) -> None:
    expect(page.locator("#own-status summary .status")).to_have_text(word)


def choose(page: Page, status: str) -> None:
    page.locator("#own-status summary").click()
    page.locator(f"#own-status button[value={status}]").click()


def test_somebody_signs_in_and_comes_to_the_page_that_was_asked_for(browser: Browser) -> None:  # R17
    with Site(browser) as site:
        site.account("ana", "agent")
        ana = site.person()
        ana.goto(PAGE)
        ana.get_by_label("Email").fill("Ana@example.org")
        ana.get_by_label("Password").fill("wrong")
        ana.keyboard.press("Enter")
        expect(ana.get_by_role("alert")).to_have_text("Email or password is wrong.")

        ana.get_by_label("Password").fill(PASSWORD)
        ana.get_by_role("button", name="Sign in").click()
        expect_status(ana, "Online")
        assert ana.url.endswith(PAGE)


def test_the_status_beside_the_initials_is_a_colour_an_icon_and_a_word(browser: Browser) -> None:  # R2, R42
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        summary = ana.locator("#own-status summary")

        expect(summary.locator(".avatar")).to_have_text("AR")
        expect(summary.locator(".avatar")).to_have_class("avatar online")
        expect(summary.locator(".status use")).to_have_attribute("href", "#online")
        expect(summary.locator(".status")).to_have_text("Online")


def test_a_status_is_chosen_from_a_list_that_explains_each(browser: Browser) -> None:  # R10, R14, R22
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        ana.locator("#own-status summary").click()
        sheet = ana.locator("#own-status > div")

        expect(sheet.get_by_role("button")).to_have_count(2)
        expect(sheet).to_contain_text("You can go on working, but no contacts are assigned to you automatically.")
        expect(sheet.locator(".not-selectable")).to_contain_text("Offline")
        expect(sheet.get_by_role("link")).to_have_attribute("href", PAGE)

        sheet.get_by_role("button", name="Busy").click()
        expect_status(ana, "Busy")
        expect(sheet).to_be_hidden()
        expect(ana.locator("#own-status-said")).to_have_text("Your status is now: Busy")
        assert ana.url.endswith(PAGE)
        assert site.admin.get("/v1/agents/ana/status").json()["status"] == "busy"


def test_what_changes_elsewhere_is_seen_at_once(browser: Browser) -> None:  # R53
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        other = site.sign_in("ana", at=PAGE)

        choose(other, "busy")
        expect_status(ana, "Busy")

        other.locator(".account summary").click()
        other.get_by_role("button", name="Sign out").click()
        other.wait_for_url("**/sign-in")
        expect_status(ana, "Busy")


def test_a_status_is_chosen_again_on_a_page_that_the_stream_has_changed(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at="/online?x=1")
        for status, word in (("busy", "Busy"), ("online", "Online"), ("busy", "Busy")):
            site.admin.put("/v1/agents/ana/status", json={"status": "online" if status == "busy" else "busy"})
            choose(ana, status)
            expect_status(ana, word)
            expect(ana.locator("#own-status input[name=back]")).to_have_value("/online?x=1")


def test_signing_out_in_one_tab_signs_out_in_all(browser: Browser) -> None:  # R16, R53
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        tab = ana.context.new_page()
        tab.goto(PAGE)
        tab.locator(".account summary").click()
        tab.get_by_role("button", name="Sign out").click()

        ana.wait_for_url("**/sign-in?next=**")
        assert site.admin.get("/v1/agents/ana/status").json()["reason"] == "signed_out"


def test_several_tabs_are_warned_of_while_there_are_several(browser: Browser) -> None:  # R52
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        warning = ana.locator("[data-several-tabs]")
        expect(warning).to_be_hidden()

        tab = ana.context.new_page()
        tab.goto(PAGE)
        expect(warning).to_be_visible()
        expect(tab.locator("[data-several-tabs]")).to_be_visible()

        tab.goto("about:blank")
        expect(warning).to_be_hidden()


def test_input_keeps_online_and_the_lack_of_it_is_seen(browser: Browser) -> None:  # R15, R18, R20, R21
    with Site(browser) as site:
        site.admin.put("/v1/settings/presence", json={"away_after": 600, "offline_after": 1800}).raise_for_status()
        ana = site.sign_in("ana", at=PAGE)

        site.bench.advance(600)
        expect_status(ana, "Away")
        with ana.expect_response("**/v1/sessions/current/activity"):
            ana.mouse.wheel(0, 10)
        expect_status(ana, "Online")
        site.bench.advance(1800)
        expect_status(ana, "Offline")


def test_a_tab_that_is_closed_changes_nothing(browser: Browser) -> None:  # R54
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        tab = ana.context.new_page()
        tab.goto(PAGE)
        tab.close()

        expect_status(ana, "Online")
        assert site.admin.get("/v1/agents/ana/status").json()["status"] == "online"


def test_the_words_are_those_of_the_product_whose_preset_is_chosen(browser: Browser) -> None:  # R9, R40, R56
    with Site(browser) as site:
        site.admin.post("/v1/settings/preset", json={"name": "ocelot"}).raise_for_status()
        ana = site.sign_in("ana", at=PAGE, locale="es-ES")

        expect_status(ana, "Ausente")
        choose(ana, "online")
        expect_status(ana, "Disponible")


@pytest.mark.parametrize(
    ("name", "word"), [("Deutsch", "Besetzt"), ("Español", "Ocupado"), ("English", "Busy")], ids=["de", "es", "en"]
)
def test_language_is_a_choice_of_the_browser(browser: Browser, name: str, word: str) -> None:  # R56
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE, locale="fr-FR")
        ana.locator(".account summary").click()
        ana.get_by_role("button", name=name).click()
        choose(ana, "busy")

        expect_status(ana, word)
        assert ana.url.endswith(PAGE)


def test_dark_is_a_choice_that_outlasts_the_page(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE, color_scheme="light")
        paper = "getComputedStyle(document.documentElement).backgroundColor"
        light = ana.evaluate(paper)
        ana.locator(".account summary").click()
        ana.get_by_role("button", name="Dark").click()
        ana.goto(PAGE)

        assert ana.locator("html").get_attribute("data-theme") == "dark"
        assert ana.evaluate(paper) != light


def test_the_status_is_chosen_with_the_keyboard_alone(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE)
        ana.keyboard.press("Tab")
        assert ana.evaluate("document.activeElement.textContent") == "Skip to the content"
        for _ in range(10):
            ana.keyboard.press("Tab")
            if ana.evaluate("document.activeElement.closest('#own-status') !== null"):
                break
        ana.keyboard.press("Enter")
        ana.keyboard.press("Escape")
        expect(ana.locator("#own-status > div")).to_be_hidden()
        ana.keyboard.press("Enter")
        ana.keyboard.press("Tab")
        ana.keyboard.press("Tab")
        ana.keyboard.press("Enter")

        expect_status(ana, "Busy")


def test_without_scripts_everything_of_the_frame_works(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE, java_script_enabled=False)
        choose(ana, "busy")
        expect_status(ana, "Busy")
        ana.locator(".account summary").click()
        ana.get_by_role("button", name="Deutsch").click()
        expect_status(ana, "Besetzt")
        ana.locator(".account summary").click()
        ana.get_by_role("button", name="Abmelden").click()
        expect(ana.get_by_role("button", name="Anmelden")).to_be_visible()


def test_a_supervisor_switches_assignment_off_and_everybody_reads_so(browser: Browser) -> None:  # R8
    with Site(browser) as site:
        olga = site.sign_in("olga", at=PAGE, role="supervisor")
        ana = site.sign_in("ana", at=PAGE)
        expect(ana.get_by_role("button", name="Switch automatic assignment off")).to_have_count(0)

        olga.get_by_role("button", name="Switch automatic assignment off").click()
        expect(olga.get_by_role("status").filter(has_text="From now on")).to_be_visible()
        ana.reload()
        expect(ana.locator("main")).to_contain_text("Contacts are not assigned automatically")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/sign-in", PAGE])
def test_axe_finds_nothing(browser: Browser, path: str, scheme: str) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at=PAGE, color_scheme=scheme)
        ana.goto(path)
        for summary in ana.locator("details.sheet summary").all():
            summary.click()

        assert violations(ana) == []
