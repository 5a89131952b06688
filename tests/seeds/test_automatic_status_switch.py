"""Emplifi Care: switching a status by inactivity, as a supervisor sets it up (R25 to R32, R36 to R38)."""

import pytest

from tests.seeds.floors import EMPLIFI, HOUR, MINUTE, a_floor, choose, code, done

DAY = 24 * HOUR


def test_r25_by_default_nobody_is_ever_switched() -> None:
    with a_floor(EMPLIFI) as floor:
        floor.signed_in("ana")

        floor.bench.advance(30 * DAY)
        floor.contact("c1")

        assert (floor.status("ana"), floor.holder("c1")) == ("online", "ana")


@pytest.mark.parametrize(
    ("periods", "course"),
    [
        pytest.param({"away_after": 600}, {9: "online", 10: "away", 600: "away"}, id="r26: only Away"),
        pytest.param({"offline_after": 600}, {9: "online", 10: "offline"}, id="r27, r28: only Offline, never Away"),
        pytest.param(
            {"away_after": 600, "offline_after": 1800},
            {9: "online", 10: "away", 29: "away", 30: "offline"},
            id="r29, r31: both, counted from the same input",
        ),
    ],
)
def test_r26_to_r31_periods_alone_and_together(periods: dict[str, int], course: dict[int, str]) -> None:
    with a_floor(EMPLIFI) as floor:
        done(floor.settings(preset=EMPLIFI, **periods))
        floor.signed_in("ana")
        seen, passed = {}, 0

        for minute in course:
            floor.bench.advance((minute - passed) * MINUTE)
            seen[minute], passed = floor.status("ana"), minute

        assert seen == course
        told = [event["data"]["status"] for event in floor.bench.events() if event["type"] == "agent.status"]
        assert told == list(dict.fromkeys(course.values()))


@pytest.mark.parametrize("offline_after", [600, 599])
def test_r30_offline_must_come_after_away(offline_after: int) -> None:
    with a_floor(EMPLIFI) as floor:
        refused = floor.settings(preset=EMPLIFI, away_after=600, offline_after=offline_after)

        assert code(refused) == (422, "offline_not_after_away")
        assert done(floor.admin.get("/v1/settings/presence")).json()["away_after"] is None


@pytest.mark.parametrize("period", ["away_after", "offline_after"])
def test_r32_who_was_switched_receives_no_cases(period: str) -> None:
    with a_floor(EMPLIFI) as floor:
        done(floor.settings(preset=EMPLIFI, **{period: 600}))
        ana = floor.signed_in("ana")
        floor.bench.advance(600)
        floor.contact("c1")
        waited = floor.holder("c1")

        done(ana.activity())

        assert waited is None
        assert floor.holder("c1") == "ana"


def test_r36_switching_it_off_again_returns_to_the_default() -> None:
    with a_floor(EMPLIFI) as floor:
        done(floor.settings(preset=EMPLIFI, away_after=600))
        floor.signed_in("ana")
        done(floor.settings(preset=EMPLIFI))

        floor.bench.advance(DAY)

        assert floor.status("ana") == "online"


def test_r37_the_status_can_be_chosen_beside_the_automatic_one() -> None:
    with a_floor(EMPLIFI) as floor:
        done(floor.settings(preset=EMPLIFI, away_after=600))
        ana = floor.signed_in("ana")

        done(choose(ana, "ana", "away"))
        chosen = floor.presence("ana")
        done(choose(ana, "ana", "online"))
        back = floor.presence("ana")

        assert [(row["status"], row["reason"]) for row in (chosen, back)] == [("away", "chosen"), ("online", "chosen")]


def test_r38_activity_between_the_two_cancels_the_pending_offline() -> None:
    with a_floor(EMPLIFI) as floor:
        done(floor.settings(preset=EMPLIFI, away_after=600, offline_after=1800))
        ana = floor.signed_in("ana")
        floor.bench.advance(20 * MINUTE)
        away = floor.status("ana")
        done(ana.activity())

        course = [away, floor.status("ana")]
        for minutes in (10, 19, 1):
            floor.bench.advance(minutes * MINUTE)
            course.append(floor.status("ana"))

        assert course == ["away", "online", "away", "away", "offline"]
