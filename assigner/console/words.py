"""What the console calls the states of contacts, the checks of a decision and the strategies of queues.

The sentences of explanations come from the core; these are the words that stand in tables."""

from assigner.console.language import N_
from assigner.core.model import ContactState
from assigner.core.reasons import Reason
from rules.model import Strategy

STATES: dict[ContactState, str] = {
    ContactState.QUEUED: N_("waits"),
    ContactState.ASSIGNED: N_("assigned"),
    ContactState.CLOSED: N_("closed"),
    ContactState.ABANDONED: N_("abandoned"),
}

AGAINST: dict[Reason, str] = {
    Reason.NOT_IN_QUEUE: N_("not in the queue"),
    Reason.NOT_ONLINE: N_("not online"),
    Reason.AWAY_FOR_OFFICE: N_("away for this office"),
    Reason.OFFICE_CLOSED: N_("office closed"),
    Reason.MISSING_SKILL: N_("lacks a skill"),
    Reason.EXCLUDED: N_("excluded from this contact"),
    Reason.HELD_FOR_PREFERRED: N_("held for the preferred agent"),
    Reason.FLOOD_LIMIT: N_("at the flood limit"),
    Reason.AT_CAPACITY: N_("at capacity"),
    Reason.AT_CHANNEL_CAPACITY: N_("at the capacity for this channel"),
    Reason.AT_QUEUE_CAPACITY: N_("at the capacity of this queue"),
    Reason.ASSIGNMENT_DISABLED: N_("automatic assignment is switched off"),
    Reason.HELD_BY_RULE: N_("held back by a rule"),
    Reason.DEACTIVATED: N_("deactivated"),
}

STRATEGIES: dict[Strategy, str] = {
    Strategy.ROUND_ROBIN: N_("turn"),
    Strategy.LEAST_LOADED: N_("least load"),
    Strategy.LOWEST_OCCUPANCY: N_("lowest occupancy"),
    Strategy.LONGEST_IDLE: N_("longest idle"),
}
