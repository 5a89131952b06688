"""Ocelot live chat: opting in, availability office by office, and the administrator's controls (R39 to R55)."""

import pytest

from assigner.testing import Client
from tests.seeds.floors import HOUR, MINUTE, OCELOT, Floor, a_floor, code, done, toggle


def set_available(client: Client, agent_id: str, *, available: bool) -> None:
    done(client.put(f"/v1/agents/{agent_id}/availability", json={"available": available}))


def set_office(client: Client, office: str, *, available: bool) -> None:
    done(client.put(f"/v1/offices/{office}/availability", json={"available": available}))


def a_contact_for_each(floor: Floor, *offices: str) -> dict[str, str | None]:
    """Who is given a contact that names each office."""
    for office in offices:
        floor.contact(f"for-{office}", office=office)
    return {office: floor.holder(f"for-{office}") for office in offices}


def test_r39_an_agent_who_signs_in_is_away_until_opting_in() -> None:
    with a_floor(OCELOT) as floor:
        floor.agent("ana", "bursar", "library")
        ana = floor.bench.sign_in("ana")
        floor.contact("c1", office="bursar")
        before = floor.status("ana"), floor.holder("c1")

        set_available(ana, "ana", available=True)

        assert before == ("away", None)
        assert (floor.status("ana"), floor.holder("c1")) == ("online", "ana")


def test_r41_available_means_all_offices_of_the_own_profile() -> None:
    with a_floor(OCELOT) as floor:
        floor.office("registrar")
        floor.signed_in("ana", "bursar", "library")

        assert floor.own_offices("ana") == {"bursar": True, "library": True}
        assert a_contact_for_each(floor, "bursar", "library", "registrar") == {
            "bursar": "ana",
            "library": "ana",
            "registrar": None,
        }


def test_r43_an_hour_without_input_is_away_until_the_agent_switches_back() -> None:
    with a_floor(OCELOT) as floor:
        ana = floor.signed_in("ana", "bursar")
        floor.bench.advance(HOUR - 1)
        course = [floor.status("ana")]
        floor.bench.advance(1)
        course.append(floor.status("ana"))
        done(ana.activity())
        course.append(floor.status("ana"))

        set_available(ana, "ana", available=True)

        assert [*course, floor.status("ana")] == ["online", "away", "away", "online"]


def test_r44_that_period_is_a_setting() -> None:
    with a_floor(OCELOT) as floor:
        done(floor.settings(preset=OCELOT, away_after=5 * MINUTE))
        floor.signed_in("ana", "bursar")

        floor.bench.advance(5 * MINUTE)

        assert floor.status("ana") == "away"


def test_r45_an_agent_is_available_office_by_office() -> None:
    with a_floor(OCELOT) as floor:
        ana = floor.signed_in("ana", "bursar", "library")

        done(toggle(ana, "ana", "library", available=False))

        assert floor.own_offices("ana") == {"bursar": True, "library": False}
        assert a_contact_for_each(floor, "bursar", "library") == {"bursar": "ana", "library": None}
        assert floor.why("for-library") == "away_for_office"


@pytest.mark.parametrize("available", [True, False])
def test_r46_the_global_switch_wins_over_earlier_choices_per_office(available: bool) -> None:
    with a_floor(OCELOT) as floor:
        ana = floor.signed_in("ana", "bursar", "library")
        done(toggle(ana, "ana", "library", available=False))

        set_available(ana, "ana", available=available)

        assert floor.own_offices("ana") == {"bursar": available, "library": available}
        assert floor.status("ana") == ("online" if available else "away")


def test_r49_an_administrator_sets_one_agent_away_for_one_office() -> None:
    with a_floor(OCELOT) as floor:
        floor.signed_in("ana", "bursar", "library")
        floor.signed_in("ben", "bursar")

        done(toggle(floor.admin, "ana", "bursar", available=False))

        assert floor.own_offices("ana") == {"bursar": False, "library": True}
        assert a_contact_for_each(floor, "bursar", "library") == {"bursar": "ben", "library": "ana"}


def test_r50_an_administrator_sets_everybody_away_for_one_office_and_undoes_it() -> None:
    with a_floor(OCELOT) as floor:
        for agent in ("ana", "ben"):
            floor.signed_in(agent, "bursar", "library")

        set_office(floor.admin, "bursar", available=False)
        away = {agent: floor.own_offices(agent) for agent in ("ana", "ben")}
        waits = a_contact_for_each(floor, "bursar")
        set_office(floor.admin, "bursar", available=True)

        assert away == {agent: {"bursar": False, "library": True} for agent in ("ana", "ben")}
        assert waits == {"bursar": None}
        assert floor.holder("for-bursar") == "ana"


def test_r51_agents_act_on_themselves_only() -> None:
    with a_floor(OCELOT) as floor:
        ana = floor.signed_in("ana", "bursar")
        floor.signed_in("ben", "bursar")

        refused = [
            toggle(ana, "ben", "bursar", available=False),
            ana.put("/v1/agents/ben/availability", json={"available": False}),
            ana.put("/v1/offices/bursar/availability", json={"available": False}),
        ]

        assert [code(each) for each in refused] == [(403, "forbidden")] * 3
        assert floor.own_offices("ben") == {"bursar": True}


def test_r54_a_closed_tab_changes_nothing_while_another_is_open_until_inactivity_does() -> None:
    with a_floor(OCELOT) as floor:
        ana = floor.signed_in("ana", "bursar")
        floor.bench.sign_in("ana")
        floor.bench.advance(30 * MINUTE)
        done(ana.activity())

        floor.bench.advance(HOUR - 1)
        still = floor.status("ana")
        floor.bench.advance(1)

        assert (still, floor.status("ana")) == ("online", "away")


def test_r55_only_offices_of_the_own_profile_are_shown_and_switched() -> None:
    with a_floor(OCELOT) as floor:
        floor.office("library")
        ana = floor.signed_in("ana", "bursar")

        refused = toggle(ana, "ana", "library", available=True)

        assert code(refused) == (422, "not_in_office")
        assert floor.own_offices("ana") == {"bursar": True}
