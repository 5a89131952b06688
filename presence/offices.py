"""Availability office by office: the agent's own toggles, the administrator's, and the one for everyone (R41 to R51).

A flag says whether the agent wants contacts of an office; the agent is available there when the flag is on and the
status Online. Only the agent's own toggles are input. Each function makes new facts or refuses and changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from presence.effective import effective
from presence.errors import Forbidden, Invalid, did_you_mean
from presence.lapses import lapsed, make_choice, record_input, settle, switched
from presence.model import OfficeFlag, PresenceFacts, PresencePolicy, Status, StatusReason, latest
from presence.wording import sentence


def switched_on(facts: PresenceFacts, policy: PresencePolicy, office: str) -> bool:
    """The flag that assignment asks for; False for an office that the agent does not belong to."""
    flag = facts.flag(office)
    return flag is not None and _is_on(flag) and not lapsed(flag, facts, policy)


def office_available(facts: PresenceFacts, policy: PresencePolicy, office: str, *, now: datetime) -> bool:
    """Whether the agent is available for an office: switched on there, and Online."""
    return switched_on(facts, policy, office) and effective(facts, policy, now=now).status is Status.ONLINE


def toggle_own(facts: PresenceFacts, policy: PresencePolicy, office: str, on: bool, *, now: datetime) -> PresenceFacts:
    """The agent switches one own office on or off (R45, R48); an input.

    On while the choice is Away chooses Online and leaves the other offices away. Raises Invalid `not_in_office`, and
    Forbidden `locked_by_administrator` under `lock_office_away`."""
    flag = _own_flag(facts, office)
    if on and _is_locked(flag, policy):
        raise Forbidden(
            "locked_by_administrator",
            f'an administrator set you away for office "{office}"; ask for it to be switched on again',
        )
    facts = settle(record_input(facts, policy, at=now), policy, now=now)
    if on and facts.chosen is Status.AWAY:
        facts = make_choice(facts, policy, Status.ONLINE, because=StatusReason.OFFICE, now=now)
        facts = all_off(facts, now=now)
    flag = _own_flag(facts, office)
    return _with_flag(facts, switched(flag, on=on, at=now)) if on or flag.switched_on else facts


def set_global(facts: PresenceFacts, policy: PresencePolicy, on: bool, *, now: datetime) -> PresenceFacts:
    """The agent becomes Available or Away in all own offices (R40, R41, R46): the choice and every flag; an input."""
    facts = set_global_for(facts, policy, on, now=now)
    return replace(facts, last_input_at=latest((facts.last_input_at, now)))


def set_global_for(facts: PresenceFacts, policy: PresencePolicy, on: bool, *, now: datetime) -> PresenceFacts:
    """Somebody else makes the agent Available or Away in all own offices, which is no input."""
    status = Status.ONLINE if on else Status.AWAY
    facts = make_choice(facts, policy, status, because=StatusReason.CHOSEN, now=now)
    return all_on(facts, policy, now=now) if on else all_off(facts, now=now)


def set_by_administrator(facts: PresenceFacts, office: str, on: bool, *, by: str, now: datetime) -> PresenceFacts:
    """An administrator switches one agent on or off for an office (R49). Moves the flag alone; no input of the agent.

    Raises Invalid `not_in_office`."""
    away_by = None if on else _own_flag(facts, office).whole_office_away_by
    flag = OfficeFlag(office=office, switched_on=on, set_at=now, set_by=by, whole_office_away_by=away_by)
    return _with_flag(facts, flag)


def set_for_everyone(facts: PresenceFacts, office: str, on: bool, *, by: str) -> PresenceFacts:
    """What the call for everyone in an office does to one of its agents (R50); on undoes only what off did.

    Raises Invalid `not_in_office`."""
    return _with_flag(facts, replace(_own_flag(facts, office), whole_office_away_by=None if on else by))


def all_on(facts: PresenceFacts, policy: PresencePolicy, *, now: datetime) -> PresenceFacts:
    """Every own office switched on by the agent, except those that an administrator has locked."""
    return _move_flags(facts, lambda flag: not _is_on(flag) and not _is_locked(flag, policy), on=True, now=now)


def all_off(facts: PresenceFacts, *, now: datetime) -> PresenceFacts:
    """Every own office switched off by the agent; those that are off already stay as they are, with who did it."""
    return _move_flags(facts, lambda flag: flag.switched_on, on=False, now=now)


def none_on(facts: PresenceFacts) -> bool:
    """Whether every own flag is off, in facts that are settled."""
    return not any(_is_on(flag) for flag in facts.offices)


def _move_flags(facts: PresenceFacts, which: Callable[[OfficeFlag], bool], *, on: bool, now: datetime) -> PresenceFacts:
    flags = (switched(flag, on=on, at=now) if which(flag) else flag for flag in facts.offices)
    return replace(facts, offices=tuple(flags))


def _is_on(flag: OfficeFlag) -> bool:
    return flag.switched_on and flag.whole_office_away_by is None


def _is_locked(flag: OfficeFlag, policy: PresencePolicy) -> bool:
    """Whether the agent may not undo an administrator's "away for this office"."""
    set_by_administrator = not flag.switched_on and flag.set_by is not None
    return policy.lock_office_away and (set_by_administrator or flag.whole_office_away_by is not None)


def _own_flag(facts: PresenceFacts, office: str) -> OfficeFlag:
    flag = facts.flag(office)
    if flag is None:
        own = [flag.office for flag in facts.offices]
        hint = did_you_mean(office, own) or f"; own offices are: {', '.join(own) or 'none'}"
        raise Invalid(
            "not_in_office",
            sentence('the agent does not belong to office "%(office)s"%(hint)s', office=office, hint=hint),
            field="office",
        )
    return flag


def _with_flag(facts: PresenceFacts, new: OfficeFlag) -> PresenceFacts:
    return replace(facts, offices=tuple(new if flag.office == new.office else flag for flag in facts.offices))
