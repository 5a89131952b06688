"""The rules: read as cards and a picture, written with lint at its place, published, compared and brought back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import Site, violations

TWO_QUEUES = """\
name: small
rules:
- name: spanish
  when: {field: language, equals: es}
  then: {queue: spanish, priority: 5}
queues:
  spanish:
    skills: [es]
    overflow:
    - {after: 120, to: lisbon}
  lisbon:
    offices: [lisbon]
    overflow:
    - {when: closed, to: spanish}
"""


def publish(site: Site, text: str, note: str = "") -> None:
    headers = {"content-type": "application/yaml"}
    site.admin.put("/v1/rules", params={"note": note}, content=text, headers=headers).raise_for_status()


def write(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)


def test_the_rules_are_read_as_cards_in_their_order(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/rules", role="supervisor")
        cards = olga.locator(".rule-cards > li")

        assert [text.split("\n")[1] for text in cards.all_inner_texts()] == [
            "left-to-the-bot",
            "urgent-at-home",
            "billing",
            "big-spenders",
            "spanish-evening",
            "portuguese",
            "spanish",
            "Otherwise",
        ]
        expect(cards.nth(4)).to_contain_text("language is es")
        expect(cards.nth(4)).to_contain_text("and arrived Mon–Thu, 19:00 to 20:00")  # noqa: RUF001
        expect(olga.locator("#queue-first_2d_aid")).to_contain_text("takes agents who are Online or Offline")
        expect(olga.locator("#queue-lisbon")).to_contain_text("after 1 min: enough is pt 1")


def test_overflow_is_a_picture_with_a_table(browser: Browser) -> None:
    with Site(browser) as site:
        publish(site, TWO_QUEUES)
        olga = site.sign_in("olga", at="/rules", role="supervisor")
        picture = olga.get_by_role("img", name="Where a contact is offered as well while it waits")

        assert picture.locator(".title").all_text_contents() == ["spanish", "Lisboa"]
        assert picture.locator(".label").all_text_contents() == ["2 min", "when closed"]
        expect(olga.locator(".overflow-picture")).to_contain_text("A dashed line closes a circle.")
        olga.get_by_text("As a table").click()
        expect(olga.locator(".overflow-picture tbody tr")).to_have_text(
            ["spanishLisboaafter 2 min", "Lisboaspanishwhen closed"]
        )


def test_lint_speaks_at_its_place_while_somebody_types(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/rules/edit", role="supervisor")
        write(olga, TWO_QUEUES.replace("to: lisbon", "to: lisbn"))
        told = olga.locator("#findings-told")
        expect(told).to_have_text("1 error keeps it from being published.")
        expect(olga.locator(".finding.error")).to_contain_text('queue "lisbn" does not exist; did you mean "lisbon"?')
        expect(olga.locator(".line-numbers .error")).to_have_text("10")

        olga.get_by_role("button", name="line 10").click()
        selected = (
            "[...document.querySelectorAll('textarea')].map(t => t.value.slice(t.selectionStart, t.selectionEnd))"
        )
        assert olga.evaluate(selected) == ["    - {after: 120, to: lisbn}"]
        olga.keyboard.type("    - {after: 120, to: lisbon}")
        expect(told).to_contain_text("It can be published")
        expect(olga.locator(".line-numbers .error")).to_have_count(0)


def test_rules_are_published_with_a_note_and_reach_what_waits(browser: Browser) -> None:
    with Site(browser) as site:
        site.admin.post("/v1/contacts", json={"id": "c1", "channel": "chat", "language": "fr"}).raise_for_status()
        olga = site.sign_in("olga", at="/rules", role="supervisor")
        olga.get_by_role("link", name="Edit the document").click()
        write(olga, "rules:\n- then: {queue: lisbon}\n")
        olga.get_by_label("Why, for those who look").fill("all to Lisboa")
        olga.get_by_role("button", name="Publish").click()

        expect(olga.get_by_role("status").filter(has_text="The rules are in force.")).to_be_visible()
        expect(olga.locator(".published")).to_contain_text("version 2")
        expect(olga.locator(".published")).to_contain_text("by Olga Pereira · all to Lisboa")
        assert site.admin.get("/v1/contacts/c1").json()["queue"] == "lisbon"
        assert site.admin.get("/v1/rules/versions/2").json()["text"] == "rules:\n- then: {queue: lisbon}\n"


def test_what_cannot_be_published_stays_to_be_mended(browser: Browser) -> None:
    with Site(browser) as site:
        olga = site.sign_in("olga", at="/rules/edit", role="supervisor", java_script_enabled=False)
        write(olga, "  rules:\n  - then: {queue: nowhere}\n")
        olga.get_by_label("Why, for those who look").fill("a try")
        olga.get_by_role("button", name="Publish").click()

        expect(olga.locator(".finding")).to_contain_text("line 2 Unknown queue rules[0].then.queue")
        expect(olga.locator("textarea")).to_have_value("  rules:\n  - then: {queue: nowhere}\n")
        expect(olga.get_by_label("Why, for those who look")).to_have_value("a try")
        write(olga, "rules:\n- then: {queue: night}\n")
        olga.get_by_role("button", name="Check").click()
        expect(olga.locator("#findings-told")).to_contain_text("1 error")
        assert site.admin.get("/v1/rules/versions").json()["items"][0]["version"] == 1


def test_who_was_overtaken_is_told_and_keeps_the_text(browser: Browser) -> None:
    with Site(browser) as site:
        olga, ada = (
            site.sign_in(name, at="/rules/edit", role=role) for name, role in (("olga", "supervisor"), ("ada", "admin"))
        )
        for page, queue in ((olga, "lisbon"), (ada, "madrid")):
            write(page, f"rules:\n- then: {{queue: {queue}}}\n")
        olga.get_by_role("button", name="Publish").click()
        expect(olga.locator(".published")).to_contain_text("version 2")
        ada.get_by_role("button", name="Publish").click()

        expect(ada.get_by_role("alert")).to_contain_text("Somebody published version 2 meanwhile")
        expect(ada.locator("textarea")).to_have_value("rules:\n- then: {queue: madrid}\n")
        ada.get_by_role("button", name="Publish").click()
        expect(ada.locator(".published")).to_contain_text("version 3")


def test_an_older_version_is_compared_and_brought_back(browser: Browser) -> None:
    with Site(browser) as site:
        publish(site, TWO_QUEUES, "smaller")
        publish(site, TWO_QUEUES.replace("priority: 5", "priority: 7"), "sooner")
        olga = site.sign_in("olga", at="/rules", role="supervisor", locale="de-DE")
        olga.get_by_role("link", name="Versionen").click()
        expect(olga.locator(".versions tbody tr").first).to_contain_text("3 gilt")
        olga.get_by_role("link", name="2", exact=True).click()

        back = olga.locator(".bring-back")
        expect(back.locator("li")).to_have_text("Regel spanish: priority wird von 7 zu 5.")
        back.get_by_role("button", name="Zurückholen").click()
        expect(olga.locator(".versions tbody tr").first).to_contain_text("4 gilt")
        assert site.admin.get("/v1/rules").json()["rules"][0]["then"]["priority"] == 5


def test_an_agent_has_no_rules_page(browser: Browser) -> None:
    with Site(browser) as site:
        ana = site.sign_in("ana", at="/rules")
        expect(ana.get_by_role("alert")).to_have_text("You may not do this; ask an administrator.")
        ana.goto("/desk")
        expect(ana.get_by_role("link", name="Rules")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(browser: Browser, scheme: str, width: int) -> None:
    with Site(browser) as site:
        publish(site, TWO_QUEUES)
        options = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        olga = site.sign_in("olga", at="/rules", role="supervisor", **options)
        found = {}
        for path in ("/rules", "/rules/edit?version=1", "/rules/versions", "/rules/versions/1"):
            olga.goto(path)
            for summary in olga.locator("main summary").all():
                summary.click()
            found[path] = violations(olga)

        assert found == {path: [] for path in found}
