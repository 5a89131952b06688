"""G7, deterministic and explained: the same facts give the same decision, each with an account that adds up.

A contact that waits always says why, and asking changes nothing."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings

from assigner.core.board import Board
from assigner.core.changes import Change, ContactClosed
from assigner.core.explain import explain_waiting
from assigner.core.model import Assign, Offer, StopAccount
from assigner.core.reasons import Reason
from tests.core import happenings
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    an_office,
    arrives,
    at,
    follow,
    holders,
    overflow,
    settle,
)
from tests.core.builders import given as given_by
from tests.core.happenings import AGENTS, OFFICES, Happening
from tests.core.twins import decisions, moments, recorded, state

pytestmark = pytest.mark.timeout(400)
"""Finding the smallest example of a failure takes hypothesis up to five minutes."""

World = list[Change]
History = Sequence[Happening]

in_a_world = given(world=happenings.worlds(), history=happenings.histories(longest=40))

DIGEST = """
from tests.core.test_determinism import a_busy_day
print(a_busy_day())
"""


@settings(max_examples=30)
@in_a_world
def test_g7_the_same_changes_give_the_same_plans(world: World, history: History) -> None:
    once, again = Board(), Board()
    for instant, changes in recorded(world, history):
        follow(once, changes, instant)
        follow(again, changes, instant)
        plan = once.decide(now=instant)

        assert plan == again.decide(now=instant)
        once.apply(plan.changes)
        again.apply(plan.changes)
    assert state(once) == state(again)


@settings(max_examples=30)
@in_a_world
def test_g7_the_order_of_what_has_no_order_changes_nothing(world: World, history: History) -> None:
    """Skills, queues by name and the offices of an agent or a queue are sets, however they are written down."""
    plain, mirror = Board(), Board()
    for instant, changes in recorded(world, history):
        follow(plain, changes, instant)
        follow(mirror, [mirrored(change) for change in changes], instant)
        plan = plain.decide(now=instant)

        assert plan == mirror.decide(now=instant)
        plain.apply(plan.changes)
        mirror.apply(plan.changes)


@settings(max_examples=40)
@in_a_world
def test_g7_every_decision_carries_an_account_that_adds_up(world: World, history: History) -> None:
    for twins, decision in decisions(world, history):
        assert decision.accounts
        for account in decision.accounts:
            check_account(account, agents=len(twins.reference.people))
        candidates = [account.left for account in decision.accounts]
        if isinstance(decision, Assign | Offer):
            assert candidates[:-1] == [0] * len(candidates[:-1]), "an earlier stop had candidates"
            assert candidates[-1] >= (1 if decision.ranked.runner_up is None else 2)
        else:
            assert not any(candidates)


def check_account(account: StopAccount, *, agents: int) -> None:
    """All agents are accounted for, each once, at checks in their order."""
    left = agents
    for step in account.steps:
        assert step.removed + step.left == left
        left = step.left
        if step.reason is Reason.NOT_ONLINE:
            assert sum(count for _, count in step.statuses) == step.removed
    reasons = [step.reason for step in account.steps]
    assert reasons[0] is Reason.NOT_IN_QUEUE
    assert reasons == [reason for reason in Reason if reason in reasons]


@settings(max_examples=40)
@in_a_world
def test_g7_a_contact_that_waits_says_why_and_asking_changes_nothing(world: World, history: History) -> None:
    for twins in moments(world, history):
        before = state(twins.board)
        for contact_id in list(twins.board.floor.waiting.in_order()):
            explanation = explain_waiting(twins.board.floor, contact_id, now=twins.now)
            asked = [stop for stop in explanation.stops if stop.left_at is None]
            if not twins.reference.settings.enabled:
                assert explanation.because is Reason.ASSIGNMENT_DISABLED
            elif not asked:
                assert explanation.because is Reason.HELD_BY_RULE
            else:
                assert explanation.because is asked[0].steps[-1].reason
                assert [stop.steps[-1].left for stop in asked] == [0] * len(asked)
        assert state(twins.board) == before


def test_g7_the_hashes_of_one_process_decide_nothing() -> None:
    """Python orders sets of texts differently in every process; no decision may follow that order."""
    root = Path(__file__).parents[2]
    days = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert days[0] == days[1] == f"{a_busy_day()}\n"


def mirrored(value: Any) -> Any:
    """The same value with everything that has no order written down in reverse."""
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: mirrored(getattr(value, field.name)) for field in fields(value)}
        if "offices" in changed:
            changed["offices"] = changed["offices"][::-1]
        return replace(value, **changed)
    if isinstance(value, Mapping):
        return MappingProxyType({key: mirrored(value[key]) for key in reversed(list(value))})
    if isinstance(value, frozenset):
        return frozenset(sorted(value, reverse=True))
    return tuple(mirrored(each) for each in value) if isinstance(value, tuple) else value


def a_busy_day() -> str:
    """Who got what on a day of three hundred contacts, made by chance from one seed."""
    chance = Random(1)
    team = [
        an_agent(name, *OFFICES[number % 3 :], skills={"es": number % 3 + 1}, capacity=3, weight=1 + number % 2)
        for number, name in enumerate(AGENTS)
    ]
    queues = [a_queue("everybody", skills={"es": 1}, overflow=(overflow("after", "madrid", after=30),))]
    board = a_board(*team, offices=[an_office(name) for name in OFFICES], queues=queues)
    given_out: list[str] = []
    for number in range(300):
        office = chance.choice([None, *OFFICES])
        excluded = frozenset(chance.sample(AGENTS, 2))
        board.apply([arrives(a_contact(f"c{number}", arrived=number, office=office, exclude_agents=excluded))])
        given_out += [f"{contact}: {agent}" for contact, agent in given_by(settle(board, number)).items()]
        for held in chance.sample(sorted(holders(board)), len(holders(board)) // 8):
            board.apply([ContactClosed(at=at(number), contact_id=held)])
    return ", ".join(given_out)
