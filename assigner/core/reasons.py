"""Every reason that the engine can give, as a value with a stable code.

`Reason` says why one agent cannot take one contact at one stop, in the order of the checks, or why a contact waits
whoever is there. `WAITING` names the same from the side of the contact. Wordings in three languages are in
`sentences`."""

from enum import StrEnum


class Reason(StrEnum):
    """Why not. The checks come first, in the order in which they are made; an agent counts at the first that fails."""

    NOT_IN_QUEUE = "not_in_queue"
    NOT_ONLINE = "not_online"
    AWAY_FOR_OFFICE = "away_for_office"
    OFFICE_CLOSED = "office_closed"
    MISSING_SKILL = "missing_skill"
    EXCLUDED = "excluded"
    DECLINED = "declined"
    HELD_FOR_PREFERRED = "held_for_preferred"
    FLOOD_LIMIT = "flood_limit"
    WRAP_UP = "wrap_up"
    AT_CAPACITY = "at_capacity"
    AT_CHANNEL_CAPACITY = "at_channel_capacity"
    AT_QUEUE_CAPACITY = "at_queue_capacity"
    ASSIGNMENT_DISABLED = "assignment_disabled"
    HELD_BY_RULE = "held_by_rule"
    DEACTIVATED = "deactivated"


WAITING: dict[Reason, str] = {
    Reason.NOT_IN_QUEUE: "nobody_in_queue",
    Reason.NOT_ONLINE: "nobody_online",
    Reason.AT_CAPACITY: "everybody_at_capacity",
    Reason.AT_CHANNEL_CAPACITY: "everybody_at_capacity",
    Reason.AT_QUEUE_CAPACITY: "everybody_at_capacity",
}
"""The name of a reason where it removed the last candidate; the others keep their own."""


def waiting_because(reason: Reason) -> str:
    """The code that tells why a contact waits (rule-set document, "Answers")."""
    return WAITING.get(reason, reason.value)
