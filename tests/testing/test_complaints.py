"""What users of other products complain about most, each as a test that it does not happen here.

Offers, wrap-up, coming back and alarms answer these: work that sits with who is absent, nobody who can tell why."""

from tests.testing.offering import Offering, offering

GIVEN_BACK = {"on_offline": {"contacts": "all", "grace": 30}}


def leaves(work: Offering, agent_id: str) -> None:
    work.clients[agent_id].delete("/v1/sessions/current").raise_for_status()
    work.bench.settle()


def test_work_sits_with_an_absent_agent() -> None:
    """Somebody closes the laptop: after the grace the contact is with a colleague, as old as it is."""
    with offering("ana", "bea", offer=None, **GIVEN_BACK) as work:
        work.send("c1")
        leaves(work, "ana")
        work.bench.advance(30)

        assert work.where() == ("assigned", "bea")
        assert work.admin.get("/v1/contacts/c1").json()["queued_at"] == "2026-01-05T09:00:00Z"


def test_work_returns_to_an_absent_agent() -> None:
    """A returned contact is not given to the one who went Offline, be that the only one, until Online again."""
    with offering("ana", offer=None, **GIVEN_BACK) as work:
        work.send("c1")
        leaves(work, "ana")
        work.bench.advance(3600)
        assert work.where() == ("queued", None)

        work.clients["ana"] = work.bench.sign_in("ana")
        work.bench.settle()
        assert work.where() == ("assigned", "ana")


def test_waiting_items_are_never_re_driven_and_newcomers_overtake_them() -> None:
    """What was declined keeps its place: the next free agent is asked about it before what came later."""
    with offering("ana", "bea") as work:
        work.send("c1", "c2")
        work.bench.advance(1)
        work.post("ana", "c1/decline")
        work.send("c3")
        work.post("bea", "c2/accept")
        work.post("bea", "c2/close")

        assert [work.where(each) for each in ("c1", "c3")] == [("offered", "bea"), ("offered", "ana")]


def test_an_agent_ignores_the_contact_and_nothing_happens() -> None:
    """Each who does not look loses it after its time, is set Away after the second miss, and is told why."""
    with offering("ana", "bea", offer={"timeout": 20, "missed_limit": 2}) as work:
        work.send("c1")
        work.bench.advance(20)
        assert work.where() == ("offered", "bea")
        work.bench.advance(60)

        assert [work.row(each)["reason"] for each in ("ana", "bea")] == ["missed_offers", "missed_offers"]
        assert work.where() == ("queued", None)
        assert work.why()["waiting_because"] == "nobody_online"


def test_the_same_item_flip_flops_between_two_agents() -> None:
    """Whoever lost it twice comes after all others who are there."""
    with offering("ana", "bea", "cem", offer=None, on_offline={"contacts": "all", "grace": 0}) as work:
        work.send("c1")
        had = ["ana"]
        for _ in range(5):
            leaves(work, had[-1])
            work.clients[had[-1]] = work.bench.sign_in(had[-1])
            had.append(work.where()[1] or "")

        assert sorted(had) == ["ana", "ana", "bea", "bea", "cem", "cem"]


def test_limits_are_exceeded_because_offers_do_not_count() -> None:
    with offering("ana", capacity=2) as work:
        work.send("c1", "c2", "c3")

        assert [work.where(each)[0] for each in ("c1", "c2", "c3")] == ["offered", "offered", "queued"]
        assert work.why("c3")["waiting_because"] == "everybody_at_capacity"


def test_the_one_agent_who_declined_is_never_asked_again() -> None:
    """With nobody else there the contact is offered anew, at once or after the pause, without signing out and in."""
    with offering("ana", offer={"timeout": 20, "decline_pause": 30}) as work:
        work.send("c1")
        work.post("ana", "c1/decline")
        assert work.where() == ("queued", None)

        work.bench.advance(30)
        assert work.where() == ("offered", "ana")


def test_an_open_offer_survives_busy() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.clients["ana"].put("/v1/agents/ana/status", json={"status": "busy"}).raise_for_status()
        late = work.clients["ana"].post("/v1/contacts/c1/accept")
        work.bench.settle()

        assert late.json()["code"] == "no_offer"
        assert work.where() == ("offered", "bea")


def test_a_broken_candidate_is_chosen_over_and_over() -> None:
    """Who misses is skipped for the contact until all others were asked, so one who is absent holds up nothing."""
    with offering("ana", "bea", "cem") as work:
        work.send("c1")
        asked = [work.where()[1]]
        for _ in range(2):
            work.bench.advance(20)
            asked.append(work.where()[1])

        assert asked == ["ana", "bea", "cem"]


def test_wrap_up_is_cut_short() -> None:
    """By no restart and by no other contact; only by the agent."""
    with offering("ana", offer=None, wrap_up=60) as work:
        work.send("c1")
        work.post("ana", "c1/close")
        work.send("c2")
        work.bench.advance(59)
        work.bench.restart()
        work.bench.settle()

        assert work.where("c2") == ("queued", None)


def test_agents_are_stuck_reserved() -> None:
    """What was offered when the customer gave up, or when the product died, holds up nobody."""
    with offering("ana") as work:
        work.send("c1")
        work.admin.post("/v1/contacts/c1/abandon").raise_for_status()
        work.send("c2")
        assert work.where("c2") == ("offered", "ana")

        work.bench.restart()
        work.post("ana", "c2/accept")
        assert work.row("ana")["offered_contacts"] == 0


def test_a_backlog_buries_the_first_person_online() -> None:
    """Who comes Online to a hundred waiting contacts is asked about as many as the limit allows, not more."""
    with offering("ana", capacity=2) as work:
        leaves(work, "ana")
        work.send(*(f"c{number}" for number in range(20)))
        work.clients["ana"] = work.bench.sign_in("ana")
        work.bench.settle()

        assert (work.row("ana")["offered_contacts"], work.row("ana")["open_contacts"]) == (2, 0)


def test_nobody_can_tell_why_it_is_not_assigned() -> None:
    with offering("ana", "bea", "cem", offer={"timeout": 20, "decline_pause": 60}) as work:
        work.send("c1")
        for agent_id in ("ana", "bea", "cem"):
            work.post(agent_id, "c1/decline")

        assert "Offered to three agents, none accepted." in work.why()["sentence"]
        assert work.why(agent="bea")["sentence"] == "bea: declined or missed it."


def test_no_alarm_when_nobody_is_there() -> None:
    with offering("ana") as work:
        leaves(work, "ana")
        work.send("c1")
        assert work.told("queue.alarm") == [(0, "queue.alarm", "everybody", {"reason": "nobody_there"})]

        work.clients["ana"] = work.bench.sign_in("ana")
        work.bench.settle()
        assert len(work.told("queue.clear")) == 1
