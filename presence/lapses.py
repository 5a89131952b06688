"""What input and silence write into the facts: the last input, the gaps between inputs, and what a gap has ended.

Gaps are kept rather than their consequences, so that a report that comes late may still fill one: the status does not
depend on the order in which reports arrive. The next choice, toggle or policy settles them for good."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from presence.effective import (
    choice_has_lapsed,
    closes_at,
    effective,
    has_lapsed,
    is_long,
    lapse,
    seconds,
    smallest_period,
)
from presence.model import (
    IdleGap,
    OfficeFlag,
    OnReturn,
    PresenceFacts,
    PresencePolicy,
    Session,
    Status,
    StatusReason,
    latest,
)


def record_input(facts: PresenceFacts, policy: PresencePolicy, *, at: datetime) -> PresenceFacts:
    """An input of the agent at that instant, which may lie before inputs already known (R20, R21)."""
    if facts.last_input_at is None or at > facts.last_input_at:
        return replace(_end_silence(facts, policy, at=at), last_input_at=at)
    period = smallest_period(facts.chosen, policy)
    gaps = tuple(part for gap in facts.gaps for part in _around(at, gap) if is_long(part, period))
    return replace(facts, gaps=gaps)


def _end_silence(facts: PresenceFacts, policy: PresencePolicy, *, at: datetime) -> PresenceFacts:
    """Keep the silence from the last input to `at` as a gap, where it lapsed while a session was open."""
    period = smallest_period(facts.chosen, policy)
    if facts.last_input_at is None or period is None:
        return facts
    gap = IdleGap(after=facts.last_input_at, until=at)
    if not is_long(gap, period) or not _session_open(facts.sessions, at=gap.after + seconds(period)):
        return facts
    if policy.on_return is OnReturn.RESTORE:
        return replace(facts, gaps=(gap,))
    return replace(facts, gaps=(*facts.gaps, gap))


def _session_open(sessions: Iterable[Session], *, at: datetime) -> bool:
    return any(session.signed_in_at <= at < closes_at(session) for session in sessions)


def _around(at: datetime, gap: IdleGap) -> Iterator[IdleGap]:
    """What an input at that instant leaves of a gap."""
    if gap.after < at < gap.until:
        yield IdleGap(after=gap.after, until=at)
        yield IdleGap(after=at, until=gap.until)
    else:
        yield gap


def settle(facts: PresenceFacts, policy: PresencePolicy, *, now: datetime) -> PresenceFacts:
    """Write down for good what the gaps mean, because something is about to change that they are judged by.

    Under `on_return: manual` a lapse, also one that is going on, becomes a chosen Away, and flags set before its end
    are switched off; under `restore` only the instant of the return remains."""
    if policy.on_return is OnReturn.MANUAL:
        facts = _end_silence(facts, policy, at=now)
    if not facts.gaps:
        return facts
    offices = tuple(
        switched(flag, on=False, at=facts.gaps[-1].until) if flag.switched_on and lapsed(flag, facts, policy) else flag
        for flag in facts.offices
    )
    if choice_has_lapsed(facts, policy):
        reason, since = lapse(facts, policy)
        return replace(facts, chosen=Status.AWAY, chosen_at=since, chosen_because=reason, gaps=(), offices=offices)
    returned_at = latest((facts.returned_at, facts.gaps[-1].until))
    return replace(facts, returned_at=returned_at, gaps=(), offices=offices)


def lapsed(flag: OfficeFlag, facts: PresenceFacts, policy: PresencePolicy) -> bool:
    """Whether a silence has ended this flag; one that an administrator set after the silence stands."""
    return has_lapsed(facts, policy) and (flag.set_at is None or flag.set_at <= facts.gaps[-1].until)


def switched(flag: OfficeFlag, *, on: bool, at: datetime) -> OfficeFlag:
    """The flag as moved by the agent. Off, it stays off when the call for the whole office is undone."""
    away_by = None if on else flag.whole_office_away_by
    return OfficeFlag(office=flag.office, switched_on=on, set_at=at, whole_office_away_by=away_by)


def make_choice(
    facts: PresenceFacts, policy: PresencePolicy, status: Status, *, because: StatusReason, now: datetime
) -> PresenceFacts:
    """The choice becomes `status`; one that is made and holds already keeps its instant. Moves no flag, is no input."""
    settled = settle(facts, policy, now=now)
    if facts.chosen is status and effective(facts, policy, now=now).status is status:
        return settled
    return replace(settled, chosen=status, chosen_at=now, chosen_because=because, gaps=())
