"""Pages that stay as they are while somebody reads or writes tell that more has happened, and by whom."""

from playwright.sync_api import Browser, expect

from tests.browser.browsing import Site

RULES = "rules:\n- name: all\n  then: {queue: lisbon}\nqueues:\n  lisbon: {offices: [lisbon]}\n"


def test_who_looks_at_the_rules_learns_that_a_colleague_published_others(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/rules", role="supervisor")
        reading, writing = (site.sign_in("ada", at=path, role="admin") for path in ("/rules", "/rules/edit"))
        writing.locator("textarea").fill("name: what ada writes")
        olga.goto("/rules/edit")
        olga.locator("textarea").fill(RULES)
        olga.get_by_role("button", name="Publish").click()

        expect(reading.locator("#rules-news")).to_contain_text("Version 2 is in force, published by Olga Pereira")
        reading.locator("#rules-news").get_by_role("link", name="Show it").click()
        expect(reading.locator(".published")).to_contain_text("version 2")
        expect(reading.locator("#rules-news")).to_be_hidden()
        expect(writing.locator("#rules-news")).to_contain_text("published by Olga Pereira")
        expect(writing.locator("textarea")).to_have_value("name: what ada writes")
        expect(olga.locator("#rules-news")).to_be_hidden()


def test_a_report_of_today_tells_that_more_has_happened(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/reports/contacts", role="supervisor")
        earlier = site.sign_in("ada", at="/reports/contacts?first=2026-01-05&last=2026-01-06", role="admin")
        expect(olga.locator(".figures div").first).to_have_text("Arrived0")
        site.bench.advance(30)
        site.admin.post("/v1/contacts", json={"id": "c1", "office": "lisbon"}).raise_for_status()

        expect(olga.locator("#page-news")).to_contain_text("More has happened")
        site.bench.advance(1)
        olga.get_by_role("link", name="Show it").click()
        expect(olga.locator(".figures div").first).to_have_text("Arrived1")
        expect(olga.locator("#page-news")).to_be_hidden()
        expect(earlier.locator("#page-news")).to_be_hidden()


def test_what_was_sent_and_done_meanwhile_is_told_where_it_is_listed(browser: Browser) -> None:
    with Site(browser) as site:
        made = {"id": "shop", "url": "https://shop.example/events", "types": ["contact.*"]}
        site.admin.post("/v1/webhooks", json=made).raise_for_status()
        sent = site.sign_in("ada", at="/settings/webhooks/deliveries?id=shop", role="admin")
        audit = site.sign_in("ada", at="/settings/audit", role="admin")
        site.bench.sign_in("joana")
        expect(audit.locator("#page-news")).to_contain_text("More has happened")
        expect(sent.locator("#page-news")).to_be_hidden()

        site.admin.post("/v1/contacts", json={"id": "c1", "office": "lisbon"}).raise_for_status()
        expect(sent.locator("#page-news")).to_contain_text("More has happened")
        sent.get_by_role("link", name="Show it").click()
        expect(sent.locator(".deliveries tbody")).to_contain_text("contact.queued")
        expect(sent.locator("#page-news")).to_be_hidden()


def test_who_gives_a_contact_away_comes_to_the_desk(browser: Browser) -> None:
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        site.admin.post("/v1/contacts", json={"id": "c1", "office": "lisbon"}).raise_for_status()
        joana.get_by_role("link", name="Transfer… c1").click()
        site.bench.sign_in("nuno")
        joana.get_by_role("button", name="Give Nuno").click()

        expect(joana).to_have_url(f"{site.address}/desk")
        expect(joana.locator("#notice")).to_have_text("The contact is not with you any more.")


def test_a_contact_that_a_supervisor_takes_away_leaves_no_buttons(browser: Browser) -> None:
    with Site(browser) as site:
        joana = site.sign_in("joana", at="/desk")
        site.admin.post("/v1/contacts", json={"id": "c1", "office": "lisbon"}).raise_for_status()
        joana.get_by_role("link", name="c1", exact=True).click()
        olga = site.sign_in("olga", at="/contacts/c1", role="supervisor")
        olga.get_by_role("button", name="Give Nuno").click()

        expect(joana.locator("#contact")).to_contain_text("The contact is not with you any more.")
        expect(joana.get_by_role("button", name="Close")).to_have_count(0)
