"""Ocelot live chat, and everybody with two tabs or two devices: what one of them says counts for all (R52, R53)."""

import itertools

import pytest

from assigner.testing import Client
from tests.seeds.floors import HOUR, MINUTE, OCELOT, RESPOND_IO, Floor, a_floor, choose, done


def another_tab(floor: Floor, tab: Client) -> Client:
    """A second tab of the same browser: it shows the same credential."""
    opened = floor.bench.client(role="agent")
    opened.headers["authorization"] = tab.headers["authorization"]
    return opened


def report(tab: Client, age_ms: int = 0, **fields: str) -> int | None:
    """Tell of input. How many tabs are open, where the tab told its name."""
    open_tabs: int | None = (
        done(tab.post("/v1/sessions/current/activity", json={"age_ms": age_ms, **fields})).json().get("open_tabs")
    )
    return open_tabs


def test_r52_who_has_several_tabs_open_is_told_and_a_closed_one_is_forgotten() -> None:
    with a_floor(OCELOT) as floor:
        tab = floor.signed_in("ana", "bursar")
        other = another_tab(floor, tab)
        told = [report(tab, tab_id="t1"), report(other, tab_id="t2"), report(tab, tab_id="t1"), report(tab)]

        floor.bench.advance(3 * MINUTE)
        told.append(report(tab, tab_id="t1"))
        floor.bench.advance(2 * MINUTE)
        told.append(report(tab, tab_id="t1"))

        assert told == [1, 2, 2, None, 2, 1]


def test_tabs_of_two_devices_are_told_apart() -> None:
    with a_floor(OCELOT) as floor:
        laptop, phone = floor.signed_in("ana", "bursar"), floor.bench.sign_in("ana")

        assert [report(laptop, tab_id="t1"), report(phone, tab_id="t1")] == [1, 1]


@pytest.mark.parametrize("chosen", ["away", "signed out"])
def test_r53_away_or_a_sign_out_in_one_tab_reaches_the_others(chosen: str) -> None:
    with a_floor(OCELOT) as floor:
        tab = floor.signed_in("ana", "bursar", "library")
        other, seen = another_tab(floor, tab), len(floor.bench.events())

        done(tab.sign_out() if chosen == "signed out" else choose(tab, "ana", "away"))

        told = {event["type"]: event["data"] for event in floor.bench.events(after=seen)}
        current = other.get("/v1/sessions/current")
        if chosen == "away":
            assert current.status_code == 200
            assert done(other.get("/v1/agents/ana/status")).json()["status"] == "away"
            assert told["agent.status"]["status"] == "away"
        else:
            assert (current.status_code, current.json()["code"]) == (401, "signed_out")
            assert report_refused(other) == 401
            assert told["agent.status"]["status"] == "offline"


def report_refused(tab: Client) -> int:
    """How a report of a tab is answered whose session has ended."""
    return tab.activity().status_code


def test_a_sign_out_on_one_device_leaves_the_other_online() -> None:
    with a_floor(RESPOND_IO) as floor:
        laptop, phone = floor.signed_in("ana"), floor.bench.sign_in("ana")

        done(laptop.sign_out())
        left = floor.status("ana")
        done(phone.sign_out())

        assert (left, floor.status("ana")) == ("online", "offline")


def test_away_on_one_device_counts_on_the_other() -> None:
    with a_floor(OCELOT) as floor:
        laptop = floor.signed_in("ana", "bursar")
        phone = floor.bench.sign_in("ana")

        done(choose(laptop, "ana", "away"))

        assert done(phone.get("/v1/agents/ana/status")).json()["status"] == "away"


@pytest.mark.parametrize("order", list(itertools.permutations([0, 4 * MINUTE, 9 * MINUTE])))
def test_reports_that_come_late_twice_and_out_of_order_count_by_their_age(order: tuple[int, ...]) -> None:
    with a_floor(RESPOND_IO) as floor:
        tab = floor.signed_in("ana")
        other = another_tab(floor, tab)
        floor.bench.advance(9 * MINUTE)

        for age in order:
            for each in (tab, other):
                report(each, age * 1000)
        floor.bench.advance(10 * MINUTE - 1)
        still = floor.status("ana")
        floor.bench.advance(1)

        assert (still, floor.status("ana")) == ("online", "offline")


def test_a_late_report_of_input_inside_the_period_takes_a_lapse_back() -> None:
    with a_floor(RESPOND_IO) as floor:
        tab = floor.signed_in("ana")
        floor.bench.advance(10 * MINUTE)
        lapsed = floor.status("ana")

        report(tab, MINUTE * 1000)

        assert (lapsed, floor.status("ana")) == ("offline", "online")


def test_a_report_after_the_sign_out_changes_nothing() -> None:
    with a_floor(OCELOT) as floor:
        tab = floor.signed_in("ana", "bursar")
        other = another_tab(floor, tab)
        done(tab.sign_out())
        before = floor.bench.events()

        floor.bench.advance(HOUR)

        assert [report_refused(other), report_refused(tab)] == [401, 401]
        assert floor.bench.events() == before
