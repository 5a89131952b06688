"""Offers over HTTP: asking, accepting, declining, missing; events, explanations, and who may answer for whom."""

import pytest

from tests.testing.offering import offering


def test_an_offer_is_accepted() -> None:
    with offering("ana") as work:
        work.send("c1")
        contact = work.admin.get("/v1/contacts/c1").json()
        assert (contact["state"], contact["agent_id"], contact["offer_expires_at"]) == (
            "offered",
            "ana",
            "2026-01-05T09:00:20Z",
        )
        assert work.row("ana")["offered_contacts"] == 1

        work.bench.advance(5)
        accepted = work.post("ana", "c1/accept")

        assert (accepted["state"], accepted["agent_id"], accepted["source"]) == ("assigned", "ana", "automatic")
        assert (accepted["assigned_at"], accepted["offer_expires_at"]) == ("2026-01-05T09:00:05Z", None)
        assert work.post("ana", "c1/accept") == accepted, "once more is harmless"
        told = {"agent_id": "ana", "queue": "everybody"}
        assert work.told("contact.offered", "contact.assigned") == [
            (0, "contact.offered", "c1", {**told, "expires_at": "2026-01-05T09:00:20Z"}),
            (5, "contact.assigned", "c1", {**told, "source": "automatic", "accepted": True}),
        ]


def test_a_missed_offer_goes_on_to_the_next_agent_at_its_end() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.bench.advance(19.999)
        assert work.where() == ("offered", "ana")

        work.bench.advance(0.001)

        assert work.where() == ("offered", "bea")
        assert work.told("contact.returned") == [
            (20, "contact.returned", "c1", {"agent_id": "ana", "queue": "everybody", "reason": "missed"})
        ]
        late = work.clients["ana"].post("/v1/contacts/c1/accept")
        assert (late.status_code, late.json()["code"]) == (409, "no_offer")
        assert work.where() == ("offered", "bea")


def test_a_declined_contact_that_nobody_takes_says_so_in_three_languages() -> None:
    with offering("ana", "bea", "cem", offer={"timeout": 20, "decline_pause": 60}) as work:
        work.send("c1")
        for agent_id in ("ana", "bea", "cem"):
            work.post(agent_id, "c1/decline")

        sentences = {language: work.why(language=language)["sentence"] for language in ("en", "de", "es")}
        why = work.why()

        assert sentences["en"].endswith("Offered to three agents, none accepted.")
        assert sentences["de"].endswith("Drei Personen angeboten, keine hat angenommen.")
        assert sentences["es"].endswith("Ofrecido a tres agentes, ninguno lo aceptó.")
        assert (why["waiting_because"], why["next_change_at"]) == ("declined", "2026-01-05T09:01:00Z")
        assert work.why(agent="ana")["reason"] == "declined"

        work.bench.advance(60)
        assert work.where() == ("offered", "ana"), "all are asked again"


def test_an_explanation_tells_who_is_asked_and_afterwards_who_accepted() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        pending = work.why()
        assert (pending["state"], pending["winner"], pending["runner_up"], pending["key"]) == (
            "offered",
            "ana",
            "bea",
            "turn",
        )
        assert pending["sentence"].endswith("It is offered, and not accepted yet.")

        work.post("ana", "c1/accept")
        accepted = work.why()
        assert (accepted["state"], accepted["winner"], accepted["source"]) == ("assigned", "ana", "automatic")
        assert accepted["sentence"].endswith("It was offered and accepted.")
        assert accepted["decided_at"] == pending["decided_at"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"status": "busy"}, "withdrawn", id="busy"),
        pytest.param(None, "withdrawn", id="signed out"),
    ],
)
def test_who_goes_busy_or_offline_loses_the_offer_at_once(change: dict[str, str] | None, reason: str) -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.bench.advance(3)
        if change is None:
            work.clients["ana"].delete("/v1/sessions/current").raise_for_status()
        else:
            work.clients["ana"].put("/v1/agents/ana/status", json=change).raise_for_status()
        work.bench.settle()

        assert work.where() == ("offered", "bea")
        assert [(at, told["reason"]) for at, *_, told in work.told("contact.returned")] == [(3, reason)]


def test_after_so_many_missed_offers_the_agent_is_set_away_and_the_log_says_why() -> None:
    with offering("ana", offer={"timeout": 10, "missed_limit": 2}) as work:
        work.send("c1")
        work.bench.advance(25)

        row = work.row("ana")
        assert (row["status"], row["reason"], row["chosen"], row["since"]) == (
            "away",
            "missed_offers",
            "away",
            "2026-01-05T09:00:20Z",
        )
        assert work.where() == ("queued", None)
        log = work.admin.get("/v1/agents/ana/status-log").json()["items"]
        assert (log[-1]["status"], log[-1]["reason"]) == ("away", "missed_offers")

        work.clients["ana"].put("/v1/agents/ana/status", json={"status": "online"}).raise_for_status()
        work.bench.settle()
        assert work.where() == ("offered", "ana")
        work.bench.advance(10)
        assert work.row("ana")["status"] == "online", "the count begins anew with the choice"


def test_timers_survive_a_restart() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.bench.advance(10)
        work.bench.restart()
        assert work.where() == ("offered", "ana")

        work.bench.advance(10)

        assert work.where() == ("offered", "bea")
        assert [at for at, *_ in work.told("contact.returned")] == [20]


def test_an_offer_that_ran_out_while_the_machine_was_paused_is_logged_at_its_end() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.bench.advance(300, run=False)
        late = work.clients["ana"].post("/v1/contacts/c1/accept")
        work.bench.settle()

        assert late.status_code == 409
        assert [at for at, *_ in work.told("contact.returned")] == [20]
        assert [at for at, *_ in work.told("contact.offered")] == [0, 300]


def test_the_lapse_of_a_status_comes_before_the_offer_that_ran_out_after_it() -> None:
    """The agent became Offline at 15 s, which withdrew the offer; the end at 20 s was missed by nobody."""
    with offering("ana") as work:
        work.admin.put("/v1/settings/presence", json={"offline_after": 15}).raise_for_status()
        work.send("c1")
        work.bench.advance(300, run=False)
        work.bench.settle()

        assert [(at, told["reason"]) for at, *_, told in work.told("contact.returned")] == [(15, "withdrawn")]


def test_a_host_application_answers_for_the_agent_it_names() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        wrong = work.admin.post("/v1/contacts/c1/accept", json={"agent_id": "bea"})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "no_offer")

        right = work.admin.post("/v1/contacts/c1/accept", json={"agent_id": "ana"})
        assert (right.status_code, right.json()["agent_id"]) == (200, "ana")


@pytest.mark.parametrize("call", ["accept", "decline"])
def test_nobody_answers_for_somebody_else(call: str) -> None:
    with offering("ana", "bea") as work:
        work.send("c1")

        other = work.clients["bea"].post(f"/v1/contacts/c1/{call}")
        forbidden = work.clients["bea"].post(f"/v1/contacts/c1/{call}", json={"agent_id": "ana"})

        assert (other.status_code, other.json()["code"]) == (409, "no_offer")
        assert (forbidden.status_code, forbidden.json()["code"]) == (403, "forbidden")
        assert work.where() == ("offered", "ana")


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param("hold", 409, id="hold"),
        pytest.param("return", 409, id="return"),
        pytest.param("answered", 409, id="answered"),
        pytest.param("abandon", 200, id="abandon"),
        pytest.param("close", 200, id="close"),
    ],
)
def test_what_can_be_done_with_an_offered_contact(call: str, status: int) -> None:
    with offering("ana") as work:
        work.send("c1")

        assert work.admin.post(f"/v1/contacts/c1/{call}").status_code == status
        work.bench.settle()
        if status == 200:
            assert work.where()[1] is None, "nobody held it"
            assert work.row("ana")["offered_contacts"] == 0


def test_an_offer_is_no_holding() -> None:
    with offering("ana") as work:
        work.send("c1")

        answers = [work.clients["ana"].post("/v1/contacts/c1/close"), work.clients["ana"].post("/v1/contacts/c1/hold")]

        assert [answer.status_code for answer in answers] == [403, 403]


def test_a_supervisor_gives_an_offered_contact_to_somebody_else() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.admin.post("/v1/contacts/c1/assign", json={"agent_id": "bea"}).raise_for_status()
        work.bench.settle()

        assert work.where() == ("assigned", "bea")
        assert [(each["agent_id"], each["open_contacts"]) for each in (work.row("ana"), work.row("bea"))] == [
            ("ana", 0),
            ("bea", 1),
        ]


def test_an_amended_contact_that_the_agent_may_not_have_any_more_is_taken_back() -> None:
    with offering("ana") as work:
        work.send("c1")

        work.admin.patch("/v1/contacts/c1", json={"skills": {"es": 1}}).raise_for_status()
        work.bench.settle()

        assert work.where() == ("queued", None)
        assert work.why()["waiting_because"] == "missing_skill"


def test_settings_and_rules_say_how_contacts_are_offered() -> None:
    with offering("ana", offer={"timeout": 20, "missed_limit": 3}, wrap_up=30) as work:
        settings = work.admin.get("/v1/settings/assignment").json()
        assert settings["offer"] == {"timeout": 20, "decline_pause": 0, "missed_limit": 3}
        assert (settings["wrap_up"], settings["on_offline"]) == (30, {"contacts": "none", "grace": 0})
        again = work.admin.put("/v1/settings/assignment", json=settings).json()
        assert again == settings, "what was read can be sent again"

        queue = {"queues": {"everybody": {"offer": None}}}
        work.admin.put("/v1/rules", json=queue).raise_for_status()
        work.send("c1")
        assert work.where() == ("assigned", "ana"), "this queue assigns at once"


@pytest.mark.parametrize(
    ("settings", "field", "code"),
    [
        pytest.param({"offer": {"timeout": 0}}, "offer.timeout", "out_of_range", id="no time at all"),
        pytest.param({"offer": {"decline_pause": 5}}, "offer", "missing_field", id="no timeout"),
        pytest.param({"offer": {"timeout": 5, "missed_limit": 0}}, "offer.missed_limit", "out_of_range", id="limit 0"),
        pytest.param({"wrap_up": -1}, "wrap_up", "out_of_range", id="negative wrap-up"),
        pytest.param({"on_offline": {"contacts": "some"}}, "on_offline.contacts", "unknown_value", id="unknown choice"),
        pytest.param({"on_offline": {"grace": "1m"}}, "on_offline.grace", "wrong_type", id="grace as text"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object], field: str, code: str) -> None:
    with offering() as work:
        before = work.admin.get("/v1/settings/assignment").json()
        answer = work.admin.put("/v1/settings/assignment", json=settings)

        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
        assert work.admin.get("/v1/settings/assignment").json() == before
