"""Short ways to build an agent's presence, so that a test shows only what it is about.

Time is counted in seconds from MORNING."""

from datetime import UTC, datetime, timedelta

from presence.effective import effective
from presence.inputs import activity, offices_joined, sign_in
from presence.model import Effective, OnReturn, OnSignIn, PresenceFacts, PresencePolicy, Status, StatusReason

MORNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

TEN_THIRTY = PresencePolicy(away_after=600, offline_after=1800)
MANUAL = PresencePolicy(away_after=600, offline_after=1800, on_return=OnReturn.MANUAL, selectable=tuple(Status)[:3])
RESTORE = PresencePolicy(away_after=600, offline_after=1800, selectable=tuple(Status)[:3])
UNAVAILABLE = PresencePolicy(on_sign_in=OnSignIn.UNAVAILABLE)


def at(seconds: float) -> datetime:
    """The instant so many seconds after MORNING."""
    return MORNING + timedelta(seconds=seconds)


def an_agent(
    policy: PresencePolicy = TEN_THIRTY, *, chosen: Status = Status.ONLINE, offices: tuple[str, ...] = ()
) -> PresenceFacts:
    """An agent who signed in with session "desk" at MORNING, where the policy lets the earlier choice stand."""
    facts = offices_joined(PresenceFacts(chosen=chosen), policy, offices, now=at(-3600))
    return sign_in(facts, policy, "desk", now=at(0))


def clicks(facts: PresenceFacts, policy: PresencePolicy, *instants: float, session: str = "desk") -> PresenceFacts:
    """One input at each of these instants, reported at once."""
    for instant in instants:
        facts = activity(facts, policy, session, 0, now=at(instant))
    return facts


def status_at(facts: PresenceFacts, policy: PresencePolicy, seconds: float) -> Status:
    """The status alone."""
    return effective(facts, policy, now=at(seconds)).status


def answer(status: Status, reason: StatusReason, since: float | None, next_change_at: float | None = None) -> Effective:
    """An expected answer, with instants in seconds after MORNING."""
    return Effective(
        status=status,
        reason=reason,
        since=None if since is None else at(since),
        next_change_at=None if next_change_at is None else at(next_change_at),
    )
