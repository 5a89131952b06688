"""What it costs to evaluate the status of every agent of a large workspace."""

from datetime import UTC, datetime, timedelta

from assigner.benchmarks.measure import Figure, in_turn, seconds_per_unit
from presence.effective import effective
from presence.model import PresenceFacts, PresencePolicy, Session, Status

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
POLICY = PresencePolicy(away_after=600, offline_after=1800)


def status_cost(*, agents: int, rounds: int) -> list[Figure]:
    """The status function, once for every agent; a third is Online, a third Away, a third Offline."""
    everybody = [_facts(number) for number in range(agents)]

    def evaluate() -> None:
        for facts in everybody:
            effective(facts, POLICY, now=NOW)

    cost = in_turn({"": lambda: seconds_per_unit(evaluate, units=1)}, rounds=rounds)
    return [Figure(name="status", what=f"status of {agents:,} agents", case=cost[""])]


def _facts(number: int) -> PresenceFacts:
    signed_in, last_input = NOW - timedelta(hours=3), NOW - timedelta(seconds=number % 2700)
    session = Session(id=f"session-{number}", signed_in_at=signed_in, last_seen_at=last_input)
    return PresenceFacts(chosen=Status.ONLINE, chosen_at=signed_in, last_input_at=last_input, sessions=(session,))
