"""What the console calls the states of contacts, the checks of a decision, the strategies of queues, roles,
permissions, and what became of events.

The sentences of explanations come from the core; these are the words that stand in tables."""

from assigner.console.language import N_
from assigner.core.alarms import AlarmReason
from assigner.core.changes import OfferEnd, ReturnReason
from assigner.core.model import ContactState
from assigner.core.reasons import Reason
from assigner.service.actor import Permission
from assigner.service.deliveries import Fate
from rules.model import Strategy

STATES: dict[ContactState, str] = {
    ContactState.QUEUED: N_("waits"),
    ContactState.OFFERED: N_("offered"),
    ContactState.ASSIGNED: N_("assigned"),
    ContactState.CLOSED: N_("closed"),
    ContactState.ABANDONED: N_("abandoned"),
}

RETURNS: dict[str, str] = {
    OfferEnd.DECLINED: N_("declined"),
    OfferEnd.MISSED: N_("missed"),
    OfferEnd.WITHDRAWN: N_("the offer was withdrawn"),
    ReturnReason.OFFLINE: N_("the agent went Offline"),
    ReturnReason.RESUME_FULL: N_("the agent was full"),
    ReturnReason.DEACTIVATED: N_("the agent was deactivated"),
    ReturnReason.AGENT_REMOVED: N_("the agent was deleted"),
}
"""Why a contact waits again; other reasons are somebody's own words."""

ALARMS: dict[AlarmReason, str] = {
    AlarmReason.NOBODY_THERE: N_("nobody is there who could take one"),
    AlarmReason.TARGET_MISSED: N_("a contact waits for too long"),
}

AGAINST: dict[Reason, str] = {
    Reason.NOT_IN_QUEUE: N_("not in the queue"),
    Reason.NOT_ONLINE: N_("not online"),
    Reason.AWAY_FOR_OFFICE: N_("away for this office"),
    Reason.OFFICE_CLOSED: N_("office closed"),
    Reason.MISSING_SKILL: N_("lacks a skill"),
    Reason.EXCLUDED: N_("excluded from this contact"),
    Reason.DECLINED: N_("declined or missed it"),
    Reason.HELD_FOR_PREFERRED: N_("held for the preferred agent"),
    Reason.FLOOD_LIMIT: N_("at the flood limit"),
    Reason.WRAP_UP: N_("in wrap-up"),
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

FATES: dict[Fate, str] = {
    Fate.DELIVERED: N_("taken"),
    Fate.WAITING: N_("not sent yet"),
    Fate.RETRYING: N_("tried again"),
    Fate.DEAD: N_("given up"),
}
"""What became of an event that was to be sent."""

ROLE_NAMES: dict[str, str] = {"agent": N_("agent"), "supervisor": N_("supervisor"), "admin": N_("administrator")}
"""The built-in roles; others are called by their ids."""

P = Permission
PERMISSIONS: tuple[tuple[str, dict[Permission, str]], ...] = (
    (
        N_("Daily work"),
        {
            P.PRESENCE_READ: N_("See who is online"),
            P.CONTACTS_OWN: N_("Handle the contacts that one holds"),
            P.CONTACTS_TAKE: N_("See the own queues, and take what waits there"),
        },
    ),
    (
        N_("Supervision"),
        {
            P.CONTACTS_WRITE: N_("See, bring in, change and close all contacts"),
            P.CONTACTS_ASSIGN: N_("Give contacts to others by hand"),
            P.AVAILABILITY_MANAGE: N_("Set others away or available"),
            P.PRESENCE_MANAGE: N_("Set when a status changes by itself"),
            P.ASSIGNMENT_MANAGE: N_("Switch automatic assignment on and off, and set its limits"),
            P.RULES_MANAGE: N_("Publish rules"),
            P.REPORTS_READ: N_("Read reports"),
        },
    ),
    (
        N_("Administration"),
        {
            P.AGENTS_MANAGE: N_("Make, change and delete agents"),
            P.OFFICES_MANAGE: N_("Make, change and delete offices"),
            P.ROLES_MANAGE: N_("Make, change and delete roles"),
            P.KEYS_MANAGE: N_("Make and delete API keys"),
            P.WEBHOOKS_MANAGE: N_("Have events sent elsewhere"),
            P.AUDIT_READ: N_("Read the audit"),
            P.PRESENCE_WRITE: N_("Sign others in, and report their input: for programs that agents work in"),
            P.WORKSPACE_EXPORT: N_("Export everything that is stored"),
            P.CUSTOMERS_ERASE: N_("Erase what is stored of a customer"),
        },
    ),
)
"""What each permission allows, in the groups in which they are chosen."""
