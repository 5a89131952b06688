"""What holds of every page: three languages, the keyboard alone, a narrow screen, and nothing that axe finds."""

import pytest
from playwright.sync_api import Browser, Page

from assigner.console.navigation import PLACES, SETTINGS
from tests.browser.browsing import Site, violations

DEEPER = ("/queues/lisbon", "/contacts/c1", "/rules/edit", "/rules/versions", "/rules/versions/1")
REPORTS = ("/reports/contacts", "/reports/waits", "/reports/agents", "/reports/fairness")
PAGES = (
    *(place.path for place in (*PLACES, *SETTINGS) if place.path not in ("/reports", "/settings")),
    *DEEPER,
    *REPORTS,
)

REACHABLE = """() => {
    const kinds = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const all = document.querySelectorAll(`main :is(${kinds})`);
    const isMeant = each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.type !== 'hidden'
        && (each.type !== 'radio' || each.checked) && each.type !== 'date';
    const meant = [...all].filter(isMeant);
    meant.forEach(each => { each.dataset.meant = 'yes'; });
    return meant.length;
}"""
"""How many controls there are, each marked. A date has several stops in one field; of radio buttons, the chosen one
stops."""
STOP = """() => {
    const at = document.activeElement;
    at.removeAttribute('data-meant');
    return document.querySelectorAll('[data-meant]').length;
}"""
"""How many are left after where the focus is now."""


def somebody(site: Site, browser_language: str = "en-GB", width: int = 1280, scheme: str = "light") -> Page:
    """An administrator in an organisation in which something happens."""
    site.bench.sign_in("joana")
    site.admin.post("/v1/contacts", json={"id": "c1", "channel": "chat", "office": "lisbon"}).raise_for_status()
    options = {"locale": browser_language, "viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    return site.sign_in("ada", at="/desk", role="admin", **options)


@pytest.mark.timeout(300)
def test_every_page_speaks_three_languages(browser: Browser) -> None:  # R56
    with Site(browser) as site:
        said = {}
        for language in ("en", "de", "es"):
            page = somebody(site, language)
            for path in PAGES:
                page.goto(path)
                assert page.locator("html").get_attribute("lang") == language
                said[path, language] = page.title(), page.locator("nav").first.inner_text()

    alike = [
        path for path in PAGES if path != "/contacts/c1" and len({said[path, each] for each in ("en", "de", "es")}) < 3
    ]
    assert alike == []


@pytest.mark.timeout(300)
def test_every_control_is_reached_with_the_keyboard_alone(browser: Browser) -> None:
    with Site(browser) as site:
        page = somebody(site)
        missed = {}
        for path in PAGES:
            page.goto(path)
            left = page.evaluate(REACHABLE)
            for _ in range(2 * left + 60):
                page.keyboard.press("Tab")
                left = page.evaluate(STOP)
                if not left:
                    break
            missed[path] = page.locator("[data-meant]").evaluate_all("all => all.map(each => each.outerHTML)")

    assert {path: controls for path, controls in missed.items() if controls} == {}


@pytest.mark.timeout(300)
def test_no_page_is_wider_than_a_narrow_screen(browser: Browser) -> None:
    with Site(browser) as site:
        page = somebody(site, width=390)
        wide = {}
        for path in PAGES:
            page.goto(path)
            wide[path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert {path: more for path, more in wide.items() if more > 0} == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, scheme: str) -> None:
    with Site(browser) as site:
        page = somebody(site, scheme=scheme)
        found = {}
        for path in PAGES:
            page.goto(path)
            found[path] = violations(page)

    assert found == {path: [] for path in found}
