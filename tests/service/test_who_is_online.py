"""Who's Online, of everybody and of a few: the same rows and the same counts."""

from dataclasses import replace

from assigner.service.online import NO_OFFICE, Online, who_is_online
from assigner.testing import Workbench
from presence.model import Status


def test_a_few_are_told_as_among_all_with_the_counts_of_all() -> None:
    with Workbench(sample=True) as bench:
        admin = bench.client()
        for agent_id in ("ana", "diego", "joana"):
            bench.sign_in(agent_id)
        admin.put("/v1/agents/joana/status", json={"status": "busy"}).raise_for_status()
        admin.put("/v1/offices/madrid/availability", json={"available": False}).raise_for_status()
        [workspace] = bench.product.workspaces()
        with bench.product.reading(workspace) as found:
            everybody = who_is_online(found, now=bench.now)
            few = who_is_online(found, now=bench.now, only=("diego", "joana", "nobody"))

    assert few == kept(everybody, {"diego", "joana"})
    assert dict(everybody.counts) == {Status.ONLINE: 2, Status.BUSY: 1, Status.AWAY: 0, Status.OFFLINE: 11}
    heads = {office.head.id: office.head for office in everybody.offices}
    assert {name: (head.available, head.members, head.everybody_away) for name, head in heads.items()} == {
        "lisbon": (0, 5, False),
        "madrid": (0, 6, True),
        "sevilla": (1, 6, False),
        NO_OFFICE: (0, 0, False),
    }


def kept(online: Online, agents: set[str]) -> Online:
    """Only the rows of some agents."""
    offices = (
        replace(office, members=tuple(each for each in office.members if each.row.agent_id in agents))
        for office in online.offices
    )
    return replace(online, offices=tuple(offices))
