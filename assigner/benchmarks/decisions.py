"""What one decision costs among many agents (P8), and what contacts that nobody can serve cost those behind them (P14).

The workspace has 20 offices and 8 skills; every agent belongs to two offices and has four skills, which makes a dozen
masks per agent. All choices are drawn from a seeded generator, so every run measures the same decisions."""

import random
from datetime import UTC, datetime
from functools import partial

from assigner.benchmarks.measure import Figure, in_turn, seconds_per_unit
from assigner.core.board import Board
from assigner.core.changes import (
    AgentPut,
    Change,
    ContactArrived,
    ContactClosed,
    OfficePut,
    PresenceChanged,
    RulesPublished,
)
from assigner.old_garbage import old_garbage_waits
from presence.model import Status
from rules.model import Contact, Queue, RuleSet, Strategy
from rules.organisation import Agent, Capacity, Office

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
OFFICES = tuple(f"office-{number}" for number in range(20))
SKILLS = tuple(f"skill-{number}" for number in range(8))
NEEDS = 200
HELD = 200
UNKNOWN_SKILL = "nobody-has-this"


def a_board(agents: int, strategy: Strategy) -> Board:
    """A board with this many agents, four of five of them Online."""
    generator = random.Random(agents)
    queues = {office: Queue(name=office, offices=(office,), strategy=strategy) for office in OFFICES}
    changes: list[Change] = [OfficePut(at=NOW, office=Office(id=office)) for office in OFFICES]
    changes.append(RulesPublished(at=NOW, rule_set=RuleSet(queues=queues), version=1))
    for number in range(agents):
        offices = tuple(generator.sample(OFFICES, 2))
        skills = {skill: generator.randint(1, 3) for skill in generator.sample(SKILLS, 4)}
        agent = Agent(id=f"agent-{number}", offices=offices, skills=skills, capacity=Capacity(total=5))
        status = Status.ONLINE if generator.random() < 0.8 else Status.BUSY
        changes.append(AgentPut(at=NOW, agent=agent))
        changes.append(PresenceChanged(at=NOW, agent_id=agent.id, status=status, switched_on=frozenset(offices)))
    board = Board()
    board.apply(changes)
    board.decide(now=NOW)
    return board


class Day:
    """Contacts that arrive at a board one by one, are assigned, and end again, so that the load stays the same."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._generator = random.Random(7)
        self._needs = [
            (self._generator.choice(OFFICES), dict.fromkeys(self._generator.sample(SKILLS, k=number % 2), 1))
            for number in range(NEEDS)
        ]
        self._held: list[str] = []
        self._arrived = 0

    def cost(self, contacts: int) -> float:
        """The processor seconds of one contact, from arrival to the end."""
        return seconds_per_unit(lambda: self.run(contacts), units=contacts)

    def run(self, contacts: int) -> None:
        """Let this many contacts arrive and be decided on."""
        for _ in range(contacts):
            self._arrived += 1
            office, skills = self._generator.choice(self._needs)
            contact = Contact(id=f"contact-{self._arrived}", arrived_at=NOW, office=office, skills=skills)
            self._board.apply([ContactArrived(at=NOW, contact=contact)])
            plan = self._board.decide(now=NOW)
            self._board.apply(plan.changes)
            self._held.extend(decision.contact_id for decision in plan.decisions)
            if len(self._held) > HELD:
                ended = self._held.pop(self._generator.randrange(len(self._held)))
                self._board.apply([ContactClosed(at=NOW, contact_id=ended)])


def decision_cost(*, sizes: tuple[int, int, int], contacts: int, rounds: int) -> list[Figure]:
    """P8: one contact from arrival to the end, decided among more and more agents."""
    small, middle, large = sizes
    figures = []
    for strategy in (Strategy.ROUND_ROBIN, Strategy.LEAST_LOADED):
        days = {size: Day(a_board(size, strategy)) for size in sizes}
        with old_garbage_waits():
            cost = in_turn({str(size): partial(day.cost, contacts) for size, day in days.items()}, rounds=rounds)
        for size, goal in ((middle, 2.0), (large, 4.0)):
            what = f"one decision, {strategy}: {size:,} ÷ {small:,} agents"
            figures.append(Figure(name="P8", what=what, case=cost[str(size)], other=cost[str(small)], at_most=goal))
    return figures


def blocked_cost(*, agents: int, blocked: int, needs: int, contacts: int, rounds: int) -> list[Figure]:
    """P14: the same contacts with and without some ahead of them that nobody can serve, with few or many needs."""
    free, crowded = a_board(agents, Strategy.ROUND_ROBIN), a_board(agents, Strategy.ROUND_ROBIN)
    crowded.apply(
        [
            ContactArrived(
                at=NOW,
                contact=Contact(
                    id=f"blocked-{number}",
                    arrived_at=NOW,
                    priority=100,
                    office=OFFICES[number % len(OFFICES)],
                    skills={UNKNOWN_SKILL: 1 + number // len(OFFICES) % (needs // len(OFFICES))},
                ),
            )
            for number in range(blocked)
        ]
    )
    crowded.apply(crowded.decide(now=NOW).changes)
    days = {"free": Day(free), "crowded": Day(crowded)}
    with old_garbage_waits():
        cost = in_turn({name: partial(day.cost, contacts) for name, day in days.items()}, rounds=rounds)
    what = f"one pass behind {blocked:,} contacts with {needs} needs that nobody can serve ÷ without them"
    return [Figure(name="P14", what=what, case=cost["crowded"], other=cost["free"], at_most=2.0)]
