"""Wrap-up, coming back and alarms over HTTP: what waits again and why, who is told, and what a restart remembers."""

import pytest

from tests.testing.offering import offering


def test_after_a_close_capacity_stays_held_and_presence_and_explanations_say_so() -> None:
    with offering("ana", offer=None, wrap_up=30) as work:
        work.send("c1")
        work.post("ana", "c1/close")
        work.send("c2")

        assert work.where("c2") == ("queued", None)
        assert work.row("ana")["wrap_up_until"] == "2026-01-05T09:00:30Z"
        why = work.why("c2")
        assert (why["waiting_because"], why["next_change_at"]) == ("wrap_up", "2026-01-05T09:00:30Z")
        assert why["sentence"].startswith("Everybody free is in wrap-up.")
        assert work.admin.get("/v1/contacts/c2/candidates").json()["items"][0]["reasons"] == ["wrap_up"]

        work.bench.advance(10)
        work.bench.restart()
        work.bench.advance(19.999)
        assert work.where("c2") == ("queued", None)
        work.bench.advance(0.001)
        assert work.where("c2") == ("assigned", "ana")
        assert work.row("ana")["wrap_up_until"] is None


def test_the_agent_ends_wrap_up_early_and_nobody_else_does_without_permission() -> None:
    with offering("ana", "bea", offer=None, wrap_up=60) as work:
        work.send("c1", "c2")
        work.post("ana", "c1/close")
        work.send("c3")
        assert work.clients["bea"].delete("/v1/agents/ana/wrap-up").status_code == 403

        assert work.clients["ana"].delete("/v1/agents/ana/wrap-up").status_code == 204
        work.bench.settle()

        assert work.where("c3") == ("assigned", "ana")
        assert work.clients["ana"].delete("/v1/agents/ana/wrap-up").status_code == 204, "once more is harmless"
        assert len(work.told("agent.wrap_up")) == 1
        assert work.admin.delete("/v1/agents/nobody/wrap-up").status_code == 404


def test_wrap_up_of_an_agent_comes_before_the_queues() -> None:
    with offering("ana", offer=None, wrap_up=60) as work:
        work.admin.put("/v1/rules", json={"queues": {"everybody": {"wrap_up": 40}}}).raise_for_status()
        work.admin.patch("/v1/agents/ana", json={"wrap_up": 5}).raise_for_status()
        work.send("c1")
        work.post("ana", "c1/close")

        assert work.row("ana")["wrap_up_until"] == "2026-01-05T09:00:05Z"
        assert work.admin.get("/v1/agents/ana").json()["wrap_up"] == 5


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        pytest.param("none", {"c1": ("assigned", "ana"), "c2": ("assigned", "ana")}, id="none"),
        pytest.param("all", {"c1": ("queued", None), "c2": ("queued", None)}, id="all"),
        pytest.param("unanswered", {"c1": ("assigned", "ana"), "c2": ("queued", None)}, id="only unanswered"),
    ],
)
def test_contacts_come_back_from_who_went_offline(contacts: str, expected: dict[str, tuple[str, str | None]]) -> None:
    with offering("ana", capacity=None, offer=None, on_offline={"contacts": contacts, "grace": 30}) as work:
        work.send("c1", "c2")
        answered = work.post("ana", "c1/answered")
        assert answered["answered_at"] == "2026-01-05T09:00:00Z"
        work.clients["ana"].delete("/v1/sessions/current").raise_for_status()
        work.bench.advance(29.999)
        assert {each: work.where(each) for each in expected} == dict.fromkeys(expected, ("assigned", "ana"))
        work.bench.restart()

        work.bench.advance(0.001)

        assert {each: work.where(each) for each in expected} == expected
        reasons = [(at, told["reason"], told["agent_id"]) for at, *_, told in work.told("contact.returned")]
        assert reasons == [(30, "offline", "ana")] * sum(where[0] == "queued" for where in expected.values())


def test_it_keeps_its_age_and_goes_to_who_is_there() -> None:
    with offering("ana", offer=None, on_offline={"contacts": "all", "grace": 10}) as work:
        work.send("c1")
        work.bench.advance(60)
        work.admin.put("/v1/agents/bea", json={"capacity": 1}).raise_for_status()
        work.clients["bea"] = work.bench.sign_in("bea")
        work.clients["ana"].delete("/v1/sessions/current").raise_for_status()
        work.bench.advance(10)

        contact = work.admin.get("/v1/contacts/c1").json()
        assert (contact["agent_id"], contact["queued_at"], contact["assigned_at"]) == (
            "bea",
            "2026-01-05T09:00:00Z",
            "2026-01-05T09:01:10Z",
        )


def test_who_is_back_in_time_keeps_the_contact_and_who_is_late_gets_it_first() -> None:
    with offering("ana", "bea", offer=None, on_offline={"contacts": "all", "grace": 30}) as work:
        work.send("c1")
        work.clients["ana"].delete("/v1/sessions/current").raise_for_status()
        work.bench.advance(20)
        work.clients["ana"] = work.bench.sign_in("ana")
        work.bench.advance(60)
        assert work.where() == ("assigned", "ana")

        work.clients["bea"].put("/v1/agents/bea/status", json={"status": "busy"}).raise_for_status()
        work.clients["ana"].delete("/v1/sessions/current").raise_for_status()
        work.bench.advance(30)
        assert work.where() == ("queued", None)
        work.clients["ana"] = work.bench.sign_in("ana")
        work.bench.settle()
        assert work.where() == ("assigned", "ana")


def test_a_deactivated_agent_gives_everything_back_at_once() -> None:
    with offering("ana", "bea") as work:
        work.send("c1")
        work.post("ana", "c1/accept")
        work.admin.patch("/v1/agents/ana", json={"active": False}).raise_for_status()
        work.bench.settle()

        assert work.where() == ("offered", "bea")
        assert [told["reason"] for *_, told in work.told("contact.returned")] == ["deactivated"]


def test_an_agent_who_is_deleted_gives_back_what_is_held_and_what_is_offered() -> None:
    with offering("ana", "bea", capacity=2) as work:
        work.send("c1")
        work.post("ana", "c1/accept")
        work.clients["bea"].put("/v1/agents/bea/status", json={"status": "busy"}).raise_for_status()
        work.send("c2")
        assert work.where("c2") == ("offered", "ana")
        assert work.admin.delete("/v1/agents/ana").json()["code"] == "in_use"

        assert work.admin.delete("/v1/agents/ana?reassign=true").status_code == 204
        work.bench.settle()

        assert [(subject, told["reason"]) for _, _, subject, told in work.told("contact.returned")] == [
            ("c2", "withdrawn"),
            ("c1", "agent_removed"),
        ]
        assert (work.where("c1"), work.where("c2")) == (("queued", None), ("queued", None))


def test_an_agent_to_whom_something_is_only_offered_can_be_deleted() -> None:
    with offering("ana") as work:
        work.send("c1")

        assert work.admin.delete("/v1/agents/ana").status_code == 204
        work.bench.settle()
        assert work.where() == ("queued", None)


def test_a_queue_that_needs_a_persons_eye_raises_an_alarm_once_and_clears_it() -> None:
    with offering("ana", offer=None) as work:
        work.admin.put("/v1/rules", json={"queues": {"everybody": {"target": 60}}}).raise_for_status()
        work.send("c1", "c2")
        work.bench.advance(59.999)
        assert work.told("queue.alarm") == []
        work.bench.advance(0.001)
        work.bench.restart()
        work.bench.advance(10)
        assert "assigner_queue_alarm{" in work.admin.get("/metrics").text
        assert work.admin.get("/v1/queues/everybody").json()["alarm"] == "target_missed"

        work.post("ana", "c1/close")

        assert work.told("queue.alarm", "queue.clear") == [
            (60, "queue.alarm", "everybody", {"reason": "target_missed"}),
            (70, "queue.clear", "everybody", {}),
        ]
        assert work.admin.get("/v1/queues/everybody").json()["alarm"] is None


def test_a_queue_that_nobody_can_serve_raises_an_alarm_at_once() -> None:
    with offering("ana") as work:
        work.clients["ana"].delete("/v1/sessions/current").raise_for_status()
        work.send("c1")

        assert work.told("queue.alarm") == [(0, "queue.alarm", "everybody", {"reason": "nobody_there"})]


def test_lint_warns_of_times_that_do_not_fit() -> None:
    settings = {"offer": {"timeout": 90}, "wrap_up": 30, "on_offline": {"contacts": "all", "grace": 600}}
    with offering("ana", capacity=None, **settings) as work:
        answer = work.admin.post("/v1/rules/lint", json={"queues": {"everybody": {"target": 60}}}).json()

        codes = [finding["code"] for finding in answer["findings"]]
        assert sorted(codes) == ["timers_out_of_order", "timers_out_of_order", "wrap_up_without_capacity"]
