"""What happens when a receiver does not take an event, on a clock that the test holds: at least once, in order for each
subject, and nothing is lost."""

from collections import Counter
from datetime import datetime, timedelta

from assigner.testing import Workbench
from tests.webhooks.builders import abandon, deliveries, make, send, state_of, told
from tests.webhooks.receiver import TAKE, Received, Receiver, receiving


def test_a_failed_event_holds_back_later_ones_of_its_contact_and_no_others() -> None:
    moods = Counter(c1=1)

    def answer(message: Received) -> int:
        subject = message.event["subject"]
        moods[subject] -= 1
        return 500 if moods[subject] >= 0 else TAKE

    with receiving(Receiver(answer=answer)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1", "c2")
        bench.settle()
        abandon(admin, "c1", "c2")
        bench.settle()

        assert told(receiver) == [("c2", "contact.queued"), ("c2", "contact.abandoned")]
        states = {(each["subject"], each["type"]): each["state"] for each in deliveries(admin)}
        assert states == {
            ("c1", "contact.queued"): "retrying",
            ("c1", "contact.abandoned"): "waiting",
            ("c2", "contact.queued"): "delivered",
            ("c2", "contact.abandoned"): "delivered",
        }
        bench.advance(4.999)
        assert len(receiver.taken) == 2
        bench.advance(0.001)

        assert told(receiver)[2:] == [("c1", "contact.queued"), ("c1", "contact.abandoned")]
        assert {each["state"] for each in deliveries(admin)} == {"delivered"}
        assert (state_of(admin)["retrying"], len(receiver.received)) == (0, 5)


def test_pauses_grow_and_the_webhook_stops_after_a_day_in_which_nothing_was_taken() -> None:
    with receiving(Receiver(answer=lambda _: 500)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        bench.settle()
        pauses = []
        for _ in range(6):
            [failed] = deliveries(admin, state="retrying")
            pause = (datetime.fromisoformat(failed["next_at"]) - bench.now).total_seconds()
            pauses.append(pause)
            bench.advance(pause)

        assert pauses == [5, 30, 120, 600, 1800, 1800]
        [failed] = deliveries(admin, state="retrying")
        [queued] = [event["id"] for event in bench.events() if event["type"] == "contact.queued"]
        assert (failed["event"], failed["attempts"], failed["problem"]) == (queued, 7, "answered 500")

        bench.advance(timedelta(days=1).total_seconds())
        stopped = state_of(admin)
        assert (stopped["active"], stopped["dead"], stopped["retrying"]) == (False, 0, 1)
        assert stopped["stopped_because"] == "nothing was taken for a day: answered 500"
        tried = len(receiver.received)
        send(admin, "c2")
        bench.advance(3600)
        assert len(receiver.received) == tried

        receiver.answer = lambda _: TAKE
        admin.patch("/v1/webhooks/shop", json={"active": True}).raise_for_status()
        bench.settle()
        assert told(receiver) == [("c1", "contact.queued"), ("c2", "contact.queued")]
        assert (state_of(admin)["stopped_because"], state_of(admin)["retrying"]) == (None, 0)


def test_an_event_that_fails_for_a_day_in_which_others_are_taken_is_dead_until_somebody_asks() -> None:
    poison = [True]

    def answer(message: Received) -> int:
        return (
            400 if poison and (message.event["subject"], message.event["type"]) == ("bad", "contact.queued") else TAKE
        )

    with receiving(Receiver(answer=answer)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "bad", "good")
        bench.settle()
        abandon(admin, "bad")
        bench.advance(3600)
        send(admin, "better")
        bench.advance(timedelta(days=1).total_seconds())

        assert told(receiver) == [
            ("good", "contact.queued"),
            ("better", "contact.queued"),
            ("bad", "contact.abandoned"),
        ]
        [dead] = deliveries(admin, state="dead")
        assert (dead["subject"], dead["type"], dead["problem"], dead["next_at"]) == (
            "bad",
            "contact.queued",
            "answered 400",
            None,
        )
        assert (state_of(admin)["active"], state_of(admin)["dead"]) == (True, 1)

        poison.clear()
        admin.post("/v1/webhooks/shop/redeliver").raise_for_status()
        bench.settle()
        assert told(receiver)[-1] == ("bad", "contact.queued")
        assert state_of(admin)["dead"] == 0


def test_a_retry_that_is_taken_lets_all_others_be_tried_at_once() -> None:
    with receiving(Receiver(answer=lambda _: 503)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1", "c2")
        bench.settle()
        bench.advance(3)
        send(admin, "c3")
        bench.advance(600)  # all have failed several times, at different instants

        receiver.answer = lambda _: TAKE
        due = min(datetime.fromisoformat(each["next_at"]) for each in deliveries(admin, state="retrying"))
        bench.advance((due - bench.now).total_seconds())

        assert Counter(receiver.subjects()) == Counter(["c1", "c2", "c3"])


def test_while_a_receiver_is_down_little_is_tried_and_nothing_is_lost() -> None:
    ids = [f"c{number}" for number in range(150)]
    with receiving(Receiver(answer=lambda _: 500)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        admin.post("/v1/contacts/batch", json={"contacts": [{"id": each} for each in ids]}).raise_for_status()
        bench.settle()
        begun = len(receiver.received)
        bench.advance(60)

        assert begun < 30
        assert len(receiver.received) < 100
        receiver.answer = lambda _: TAKE
        bench.advance(1800)
        abandon(admin, *ids[:20])
        bench.settle()
        expected = [(each, "contact.queued") for each in ids] + [(each, "contact.abandoned") for each in ids[:20]]
        assert sorted(told(receiver)) == sorted(expected)
        for each in ids[:20]:
            assert [type_ for subject, type_ in told(receiver) if subject == each] == [
                "contact.queued",
                "contact.abandoned",
            ]


def test_a_redirect_is_not_followed() -> None:
    with (
        receiving(Receiver()) as elsewhere,
        receiving(Receiver(answer=lambda _: 307)) as receiver,
        Workbench() as bench,
    ):
        receiver.location = elsewhere.url
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        bench.settle()

        [failed] = deliveries(admin, state="retrying")
        assert (failed["problem"], elsewhere.received) == ("answered 307; redirects are not followed", [])


def test_a_receiver_that_is_gone_is_left_alone() -> None:
    with receiving(Receiver(answer=lambda _: 410)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        bench.settle()
        send(admin, "c2")
        bench.advance(3600)

        assert (state_of(admin)["active"], state_of(admin)["stopped_because"]) == (False, "answered 410")
        assert len(receiver.received) == 1


def test_a_restart_goes_on_where_it_was() -> None:
    with receiving(Receiver(answer=lambda _: 500)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        bench.settle()
        receiver.answer = lambda _: TAKE
        abandon(admin, "c1")
        bench.restart()
        send(admin, "c2")
        bench.advance(5)

        assert [each for each in told(receiver) if each[0] == "c1"] == [
            ("c1", "contact.queued"),
            ("c1", "contact.abandoned"),
        ]
        assert told(receiver).count(("c2", "contact.queued")) == 1


def test_what_was_taken_but_not_written_down_is_sent_again() -> None:
    with receiving(Receiver()) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        bench.crash(at="before_commit")
        bench.settle()

        assert receiver.subjects() == ["c1", "c1"]
        assert len({message.headers["webhook-id"] for message in receiver.taken}) == 1
