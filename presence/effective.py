"""What an agent's status is at an instant, why, since when, and when time alone changes it next.

Everything is read from stored facts, the policy and `now`: nothing has to run on time, so nothing can be late. Every
period is half-open: at exactly its end it has lapsed."""

from datetime import UTC, datetime, timedelta
from functools import cache

from presence.model import (
    Effective,
    IdleGap,
    OnReturn,
    PresenceFacts,
    PresencePolicy,
    Session,
    Status,
    StatusReason,
    latest,
)

NEVER = datetime.max.replace(tzinfo=UTC)


@cache
def seconds(count: int) -> timedelta:
    """A period of so many seconds; kept, because a workspace has few periods and many agents."""
    return timedelta(seconds=count)


def effective(facts: PresenceFacts, policy: PresencePolicy, *, now: datetime) -> Effective:
    """The status of an agent at `now` (R11 to R18, R25 to R32). Offline is tried before Away, the choice comes last."""
    there_until = reachable_sessions_until(facts, policy, now=now)
    last_input_at = facts.last_input_at
    if there_until is None or last_input_at is None:
        return _nobody_signed_in(facts)
    if there_until <= now:
        return _connection_lost(facts, policy)
    offline_at = there_until
    if policy.offline_after is not None:
        idle_at = last_input_at + seconds(policy.offline_after)
        if idle_at <= now:
            since = latest((idle_at, policy.saved_at))
            return Effective(status=Status.OFFLINE, reason=StatusReason.IDLE, since=since, next_change_at=None)
        offline_at = min(offline_at, idle_at)
    next_change_at = None if offline_at is NEVER else offline_at
    if policy.away_after is None or facts.chosen is not Status.ONLINE or choice_has_lapsed(facts, policy):
        return _standing(facts, policy, next_change_at)
    away_at = last_input_at + seconds(policy.away_after)
    if away_at <= now:
        since = _away_since(away_at, facts, policy)
        return Effective(status=Status.AWAY, reason=StatusReason.IDLE, since=since, next_change_at=next_change_at)
    return _standing(facts, policy, min(away_at, offline_at))


def _nobody_signed_in(facts: PresenceFacts) -> Effective:
    """Offline because every session is closed (R16), or because there never was one."""
    reason, since = StatusReason.SIGNED_OUT, None
    last = max(facts.sessions, key=closes_at, default=None)
    if last is not None:
        since = closes_at(last)
        reason = last.ended_because if last.ended_because and last.ended_at == since else StatusReason.EXPIRED
    return Effective(status=Status.OFFLINE, reason=reason, since=since, next_change_at=None)


def _connection_lost(facts: PresenceFacts, policy: PresencePolicy) -> Effective:
    """Offline because no open session was heard of for the time of the lease, since the last one fell silent."""
    since = latest((*(reachable_until(session, policy) for session in facts.sessions), policy.saved_at))
    return Effective(status=Status.OFFLINE, reason=StatusReason.LOST, since=since, next_change_at=None)


def _standing(facts: PresenceFacts, policy: PresencePolicy, next_change_at: datetime | None) -> Effective:
    """The choice holds, or the lapse that ended it, with the reason and instant of what happened last."""
    status, reason, since = facts.chosen, facts.chosen_because, facts.chosen_at
    returned_at = facts.returned_at
    if facts.gaps:
        if choice_has_lapsed(facts, policy):
            status = Status.AWAY
            reason, since = lapse(facts, policy)
        else:
            returned_at = latest((returned_at, facts.gaps[-1].until))
    if facts.signed_in_at is not None and (since is None or facts.signed_in_at > since):
        reason, since = StatusReason.SIGNED_IN, facts.signed_in_at
    if returned_at is not None and (since is None or returned_at > since):
        reason, since = StatusReason.RETURNED, returned_at
    return Effective(status=status, reason=reason, since=since, next_change_at=next_change_at)


def lapse(facts: PresenceFacts, policy: PresencePolicy) -> tuple[StatusReason, datetime | None]:
    """Why and since when an agent whose gaps ended a chosen Online is Away: a long gap was Offline until its end."""
    for gap in reversed(facts.gaps):
        if is_long(gap, policy.offline_after):
            return StatusReason.RETURNED, gap.until
    period = smallest_period(facts.chosen, policy) or 0
    return StatusReason.IDLE, _away_since(facts.gaps[0].after + seconds(period), facts, policy)


def has_lapsed(facts: PresenceFacts, policy: PresencePolicy) -> bool:
    """Whether a silence has ended what the agent had switched on, so that the agent must switch back (R43)."""
    return policy.on_return is OnReturn.MANUAL and bool(facts.gaps)


def choice_has_lapsed(facts: PresenceFacts, policy: PresencePolicy) -> bool:
    """Whether a chosen Online counts as Away until the agent switches back; other choices outlast every silence."""
    return facts.chosen is Status.ONLINE and has_lapsed(facts, policy)


def smallest_period(chosen: Status, policy: PresencePolicy) -> int | None:
    """Seconds of silence after which the status of such a choice changes first; only Online ever becomes Away."""
    if chosen is Status.ONLINE and policy.away_after is not None:
        return policy.away_after
    return policy.offline_after


def is_long(gap: IdleGap, period: int | None) -> bool:
    """Whether a gap lasted for at least a period of so many seconds; None never lapses."""
    return period is not None and gap.until - gap.after >= seconds(period)


def reachable_sessions_until(facts: PresenceFacts, policy: PresencePolicy, *, now: datetime) -> datetime | None:
    """When the last open session ends or falls silent, as far as is known at `now`; None: no session is open."""
    until = None
    for session in facts.sessions:
        if is_open(session, now=now):
            reachable = reachable_until(session, policy)
            if until is None or reachable > until:
                until = reachable
    return until


def is_open(session: Session, *, now: datetime) -> bool:
    """Whether a session has neither ended nor expired."""
    return session.ended_at is None and (session.expires_at is None or now < session.expires_at)


def closes_at(session: Session) -> datetime:
    """The instant at which a session ends or expires, whichever is first; NEVER where neither is known."""
    if session.ended_at is None:
        return session.expires_at or NEVER
    return min(session.ended_at, session.expires_at or NEVER)


def reachable_until(session: Session, policy: PresencePolicy) -> datetime:
    """When a session closes, or its lease runs out unless it is heard of again."""
    if policy.lease_after is None:
        return closes_at(session)
    return min(closes_at(session), session.last_seen_at + seconds(policy.lease_after))


def _away_since(crossing: datetime, facts: PresenceFacts, policy: PresencePolicy) -> datetime | None:
    """Since when an idle agent is Away: the crossing, but not before the policy, choice or reconnection behind it."""
    return latest((crossing, policy.saved_at, facts.chosen_at, facts.returned_at))
