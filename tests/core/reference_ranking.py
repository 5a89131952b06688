"""The reference's choice: candidates sorted as the strategy says; every tie falls to the least recently served.

`reference_checks` found the candidates, `reference` gives the contact to the first."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from assigner.core.model import Ranked, RankKey, Stop
from rules.model import Strategy
from tests.core.reference_checks import Checks, Person, Request


def ranked(facts: Checks, request: Request, stop: Stop, candidates: list[Person], now: datetime) -> Ranked:
    """The winner and the runner-up. The values of the key are left to the board's own tests."""
    queue = facts.queue(stop.queue)
    if queue is None:
        raise LookupError(stop.queue)
    if facts.comes_first(request, stop, now) is not None:
        preferred = candidates[0].agent.id
        return Ranked(
            key=RankKey.PREFERRED, winner=preferred, winner_value="", candidates=with_loads(facts, candidates, now)
        )
    key = key_of(queue.strategy, candidates)
    in_order = sorted(candidates, key=lambda each: (value(facts, key, each, now), facts.turn(each), each.joined))
    winner = in_order[0]
    return Ranked(
        key=key,
        winner=winner.agent.id,
        winner_value="",
        runner_up=in_order[1].agent.id if len(in_order) > 1 else None,
        candidates=with_loads(facts, candidates, now),
        credits=credits_after(candidates, winner) if key is RankKey.CREDIT else (),
    )


def with_loads(facts: Checks, candidates: list[Person], now: datetime) -> tuple[tuple[str, int], ...]:
    """The candidates in order of turns with what they hold; twenty at most, but so many never are in a small world."""
    return tuple((each.agent.id, load_of(facts, each, now)) for each in candidates)


def load_of(facts: Checks, person: Person, now: datetime) -> int:
    """What an agent holds that is not on hold, what is offered, and what is being wrapped up."""
    return len(facts.busy_with(person)) + len([until for until, *_ in person.wrap_ups if until > now])


def key_of(strategy: Strategy, candidates: list[Person]) -> RankKey:
    """What decides. Weights matter only among candidates of whom somebody has one."""
    if strategy is Strategy.LEAST_LOADED:
        return RankKey.LOAD
    if strategy is Strategy.LOWEST_OCCUPANCY:
        return RankKey.OCCUPANCY
    if strategy is Strategy.LONGEST_IDLE:
        return RankKey.IDLE_SINCE
    return RankKey.CREDIT if any(each.agent.weight != 1 for each in candidates) else RankKey.TURN


def value(facts: Checks, key: RankKey, person: Person, now: datetime) -> Any:
    """What the key says of one agent; the smallest wins."""
    load = load_of(facts, person, now)
    if key is RankKey.LOAD:
        return load
    if key is RankKey.OCCUPANCY:
        limit = facts.capacity(person)
        return (1, Fraction(load)) if limit is None else (0, Fraction(load, limit))
    if key is RankKey.IDLE_SINCE:
        return bool(facts.held(person) + facts.offers(person)), person.idle_since or datetime.min.replace(tzinfo=UTC)
    if key is RankKey.CREDIT:
        return len(facts.offers(person)), -(person.credit + person.agent.weight)
    return len(facts.offers(person))


def credits_after(candidates: list[Person], winner: Person) -> tuple[tuple[str, int], ...]:
    """Smooth weighted round robin: all are credited their weight, the winner pays the sum."""
    worth = sum(each.agent.weight for each in candidates)
    saved = {each.agent.id: each.credit + each.agent.weight for each in candidates}
    saved[winner.agent.id] -= worth
    return tuple(saved.items())
