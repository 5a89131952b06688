"""Emplifi Care: who may set up automatic status switching (R23, R24)."""

import pytest

from tests.seeds.floors import EMPLIFI, MINUTE, Floor, a_floor, code, done

SWITCH = {"preset": EMPLIFI, "away_after": 10 * MINUTE}


def sets_it_up(floor: Floor, role: str, **permissions: list[str]) -> tuple[int, str | None]:
    """How it ends when an agent of a role saves the setting; a role with `permissions` is made first."""
    if permissions:
        done(floor.admin.put(f"/v1/roles/{role}", json=permissions))
    floor.agent("olga", role=role)
    answer = floor.bench.sign_in("olga").put("/v1/settings/presence", json=SWITCH)
    return (answer.status_code, None) if answer.is_success else code(answer)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param("agent", (403, "forbidden"), id="not an agent"),
        pytest.param("supervisor", (200, None), id="a supervisor"),
        pytest.param("admin", (200, None), id="an account admin"),
    ],
)
def test_r23_setting_up_automatic_switching_is_for_supervisors(role: str, expected: tuple[int, str | None]) -> None:
    with a_floor(EMPLIFI) as floor:
        floor.signed_in("ana")

        assert sets_it_up(floor, role) == expected
        floor.bench.advance(10 * MINUTE)
        assert floor.status("ana") == ("away" if expected[0] == 200 else "online")


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        pytest.param(["presence.manage"], (200, None), id="only the supervisor permission"),
        pytest.param(
            ["presence.read", "presence.write", "agents.manage", "rules.manage"],
            (403, "forbidden"),
            id="much, but not the supervisor permission",
        ),
    ],
)
def test_r24_a_custom_role_needs_the_supervisor_permission_and_nothing_else(
    permissions: list[str], expected: tuple[int, str | None]
) -> None:
    with a_floor(EMPLIFI) as floor:
        assert sets_it_up(floor, "tuner", permissions=permissions) == expected
