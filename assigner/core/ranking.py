"""Which of the candidates gets the contact: one function for each strategy, each a total order.

Masks are in order of turns, so the lowest bit is the agent least recently served, and every tie falls to that agent
(G6). Before: `filters` found the candidates. After: `decide` assigns the winner."""

from collections.abc import Callable
from datetime import UTC, datetime

from assigner.core.model import Ranked, RankKey
from assigner.core.roster import Roster, lowest
from assigner.core.seat import Kind, Seat
from rules.model import Strategy

Comparable = int | tuple[bool, float] | tuple[bool, datetime]

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Idle since ever: before every agent who was seen to become free."""

CANDIDATES_NAMED = 20
"""How many candidates an account names (rule-set document, "Answers")."""

Pick = tuple[str, str]
"""An agent and the value of the key that decided."""


def rank(roster: Roster, candidates: int, strategy: Strategy, *, preferred: bool = False) -> Ranked:
    """The winner among candidates, who are at least one, and who would have been next."""
    if preferred:
        named = roster.first(candidates, 1)
        return Ranked(key=RankKey.PREFERRED, winner=named[0][0], winner_value="", candidates=named)
    key, pick = _order(roster, candidates, strategy)
    winner, value = pick(roster, candidates)
    rest = candidates ^ roster.bit(winner)
    runner_up, runner_up_value = pick(roster, rest) if rest else (None, None)
    return Ranked(
        key=key,
        winner=winner,
        winner_value=value,
        runner_up=runner_up,
        runner_up_value=runner_up_value,
        candidates=roster.first(candidates, CANDIDATES_NAMED),
        credits=credits_after(roster, candidates, winner) if key is RankKey.CREDIT else (),
    )


def with_fewest_offers(roster: Roster, candidates: int) -> int:
    """Of the candidates those whom the fewest contacts are offered to. A turn moves only when an offer is accepted, so
    without this one agent would be offered all that waits."""
    fewest = 0
    while (more := candidates & roster.mask(Kind.OFFERED, level=fewest + 1)) == candidates:
        fewest += 1
    return candidates ^ more


def least_recently_served(roster: Roster, candidates: int) -> Pick:
    """Round robin: the lowest bit. The value is the number of the agent's last turn, 0 for none."""
    winner = roster.agent_at(lowest(with_fewest_offers(roster, candidates)))
    return winner, str(roster.seats[winner].turn)


def most_credit(roster: Roster, candidates: int) -> Pick:
    """Smooth weighted round robin: who has saved up most, where each candidate is credited the own weight per round."""
    winner = _first(roster, with_fewest_offers(roster, candidates), lambda seat: -(seat.credit + seat.agent.weight))
    return winner, str(roster.seats[winner].credit + roster.seats[winner].agent.weight)


def least_loaded(roster: Roster, candidates: int) -> Pick:
    """The lowest load level that has candidates, and there the least recently served."""
    for load in roster.loads():
        if level := candidates & roster.mask(Kind.LOAD, level=load):
            return roster.agent_at(lowest(level)), str(load)
    raise LookupError("a candidate has no load: the masks and the seats disagree")


def lowest_occupancy(roster: Roster, candidates: int) -> Pick:
    """The smallest load over capacity. (Equal shares are equal floats: the quotient of two small integers is rounded
    once.) Who has no limit has no occupancy and comes after those who have, by load."""
    winner = _first(roster, candidates, _occupancy)
    seat = roster.seats[winner]
    return winner, f"{seat.load}/{'no limit' if seat.capacity is None else seat.capacity}"


def longest_idle(roster: Roster, candidates: int) -> Pick:
    """Who has been without contacts longest, since the last ended or since coming Online; who holds some, or is offered
    some, comes after."""
    winner = _first(roster, candidates, _idle)
    since = roster.seats[winner].idle_since
    return winner, since.isoformat() if since else ""


def credits_after(roster: Roster, candidates: int, winner: str) -> tuple[tuple[str, int], ...]:
    """What everybody has saved up after one round of smooth weighted round robin: the winner pays what all were
    credited."""
    seats = [roster.seats[agent_id] for agent_id in roster.agents(candidates)]
    round_worth = sum(seat.agent.weight for seat in seats)
    return tuple(
        (seat.agent.id, seat.credit + seat.agent.weight - (round_worth if seat.agent.id == winner else 0))
        for seat in seats
    )


def _order(roster: Roster, candidates: int, strategy: Strategy) -> tuple[RankKey, Callable[[Roster, int], Pick]]:
    match strategy:
        case Strategy.ROUND_ROBIN if candidates & roster.mask(Kind.WEIGHTED):
            return RankKey.CREDIT, most_credit
        case Strategy.ROUND_ROBIN:
            return RankKey.TURN, least_recently_served
        case Strategy.LEAST_LOADED:
            return RankKey.LOAD, least_loaded
        case Strategy.LOWEST_OCCUPANCY:
            return RankKey.OCCUPANCY, lowest_occupancy
        case Strategy.LONGEST_IDLE:
            return RankKey.IDLE_SINCE, longest_idle


def _first(roster: Roster, candidates: int, key: Callable[[Seat], Comparable]) -> str:
    """The candidate with the smallest key; `min` keeps the first of equals, who is the least recently served."""
    return min(roster.agents(candidates), key=lambda agent_id: key(roster.seats[agent_id]))


def _occupancy(seat: Seat) -> tuple[bool, float]:
    if seat.capacity is None:
        return True, seat.load
    return False, seat.load / seat.capacity


def _idle(seat: Seat) -> tuple[bool, datetime]:
    return bool(seat.holds or seat.offers), seat.idle_since or BEGINNING
