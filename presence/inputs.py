"""What happens to an agent, as new facts: sign-in and sign-out, activity, choices, a new policy, other offices.

Each function takes the stored facts and gives back the new ones, or raises a refusal and changes nothing. An input is
merged, never dropped, so late and repeated reports are harmless. Toggles of offices are in `presence.offices`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from presence.effective import closes_at, effective, is_open, reachable_sessions_until
from presence.errors import Conflict, Invalid
from presence.lapses import make_choice, record_input, settle
from presence.model import (
    OfficeFlag,
    OnSignIn,
    PresenceFacts,
    PresencePolicy,
    Session,
    Status,
    StatusReason,
    latest,
)
from presence.offices import all_off, all_on, none_on
from presence.wording import sentence

MILLISECOND = timedelta(milliseconds=1)


def sign_in(
    facts: PresenceFacts,
    policy: PresencePolicy,
    session_id: str,
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> PresenceFacts:
    """A new session begins, which is an input (R17); under `unavailable` the first one chooses Away (R39).

    Raises Conflict `conflict` where the id is taken, Invalid `out_of_range` where the session would begin expired."""
    if any(session.id == session_id for session in facts.sessions):
        raise Conflict("conflict", f'session "{session_id}" exists already; sign in with a new id', field="id")
    if expires_at is not None and expires_at <= now:
        raise Invalid(
            "out_of_range", sentence("the session would end before it begins; let it end later"), field="expires_at"
        )
    there_until = reachable_sessions_until(facts, policy, now=now)
    if there_until is None and policy.on_sign_in is OnSignIn.UNAVAILABLE:
        facts = make_choice(facts, policy, Status.AWAY, because=StatusReason.SIGNED_IN, now=now)
        facts = replace(all_off(facts, now=now), last_input_at=latest((facts.last_input_at, now)))
    else:
        facts = record_input(facts, policy, at=now)
    if there_until is None or there_until <= now:
        facts = replace(facts, signed_in_at=now)
    session = Session(id=session_id, signed_in_at=now, last_seen_at=now, expires_at=expires_at)
    return _with_sessions(facts, (*facts.sessions, session), now=now)


def sign_out(
    facts: PresenceFacts, session_id: str, *, now: datetime, because: StatusReason = StatusReason.SIGNED_OUT
) -> PresenceFacts:
    """A session ends in all its tabs (R16, R53); one that is closed or forgotten stays so. `because`: or REVOKED."""
    sessions = (
        replace(session, ended_at=now, ended_because=because)
        if session.id == session_id and is_open(session, now=now)
        else session
        for session in facts.sessions
    )
    return _with_sessions(facts, tuple(sessions), now=now)


def activity(
    facts: PresenceFacts, policy: PresencePolicy, session_id: str, age_ms: int, *, now: datetime
) -> PresenceFacts:
    """A report that the last input of a session was `age_ms` milliseconds ago (R20, R21).

    A negative age counts as now, one from before the session as its sign-in. Raises Conflict `signed_out`."""
    session = _open_session(facts, session_id, now=now)
    age = max(0, min(age_ms, (now - session.signed_in_at) // MILLISECOND))
    return record_input(seen(facts, policy, session_id, now=now), policy, at=now - age * MILLISECOND)


def seen(facts: PresenceFacts, policy: PresencePolicy, session_id: str, *, now: datetime) -> PresenceFacts:
    """A beat or a reconnection: the session is still there, which is no input. Raises Conflict `signed_out`."""
    session = _open_session(facts, session_id, now=now)
    if effective(facts, policy, now=now).reason is StatusReason.LOST:
        facts = replace(facts, returned_at=now)
    alive = replace(session, last_seen_at=max(session.last_seen_at, now))
    return replace(facts, sessions=tuple(alive if old is session else old for old in facts.sessions))


def choose(facts: PresenceFacts, policy: PresencePolicy, status: Status, *, now: datetime) -> PresenceFacts:
    """The agent chooses a status (R10, R37), which is an input. Raises Invalid `status_not_selectable` (R14)."""
    facts = choose_for(facts, policy, status, now=now)
    return replace(facts, last_input_at=latest((facts.last_input_at, now)))


def choose_for(facts: PresenceFacts, policy: PresencePolicy, status: Status, *, now: datetime) -> PresenceFacts:
    """Somebody else chooses for the agent, which is no input. Raises Invalid `status_not_selectable` (R14).

    Choosing Online with all own flags off switches them on, except those that are locked; else flags stay."""
    if status not in policy.selectable:
        choices = ", ".join(policy.selectable)
        why = "is set by the system only" if status is Status.OFFLINE else "is not among the statuses of this workspace"
        raise Invalid("status_not_selectable", f'"{status}" {why}; choose one of: {choices}', field="status")
    facts = make_choice(facts, policy, status, because=StatusReason.CHOSEN, now=now)
    return all_on(facts, policy, now=now) if status is Status.ONLINE and none_on(facts) else facts


def missed_offers(facts: PresenceFacts, policy: PresencePolicy, *, now: datetime) -> PresenceFacts:
    """An agent who missed too many offers is set Away until the next choice; no input, and no flag moves."""
    return make_choice(facts, policy, Status.AWAY, because=StatusReason.MISSED_OFFERS, now=now)


def policy_saved(facts: PresenceFacts, old: PresencePolicy, new: PresencePolicy, *, now: datetime) -> PresenceFacts:
    """The workspace gets another policy: what has lapsed under `manual` stays, the rest is read anew (R35, R36)."""
    settled = settle(facts, old, now=now)
    if effective(facts, old, now=now).status is effective(settled, new, now=now).status:
        return settled
    return replace(settled, returned_at=now)


def offices_joined(
    facts: PresenceFacts, policy: PresencePolicy, offices: Iterable[str], *, now: datetime
) -> PresenceFacts:
    """The agent belongs to these offices as well: available there under `restore`, away under `unavailable` (R55)."""
    on = policy.on_sign_in is OnSignIn.RESTORE
    new = dict.fromkeys(office for office in offices if facts.flag(office) is None)
    flags = (OfficeFlag(office=office, switched_on=on, set_at=now) for office in new)
    return replace(facts, offices=(*facts.offices, *flags))


def offices_left(facts: PresenceFacts, offices: Iterable[str]) -> PresenceFacts:
    """The agent belongs to these offices no more; their flags are forgotten."""
    left = frozenset(offices)
    return replace(facts, offices=tuple(flag for flag in facts.offices if flag.office not in left))


def _open_session(facts: PresenceFacts, session_id: str, *, now: datetime) -> Session:
    for session in facts.sessions:
        if session.id == session_id and is_open(session, now=now):
            return session
    raise Conflict("signed_out", f'session "{session_id}" is signed out; sign in again')


def _with_sessions(facts: PresenceFacts, sessions: tuple[Session, ...], *, now: datetime) -> PresenceFacts:
    """Forget the closed sessions, except the one that closed last: it says why and since when nobody is there."""
    last = max((each for each in sessions if not is_open(each, now=now)), key=closes_at, default=None)
    return replace(facts, sessions=tuple(each for each in sessions if each is last or is_open(each, now=now)))
