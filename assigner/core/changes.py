"""What happened: the changes that make a board what it is, one value for each kind.

A board is nothing but the changes it has applied, in order; the same list gives the same board. Every change carries
the instant `at` which it happened. Illegal ones raise and change nothing (`contact_states`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assigner.core.alarms import AlarmChange
from presence.model import Status
from rules.match import Match
from rules.model import Contact, OfferTerms, RuleSet
from rules.organisation import Agent, Office


class OnResumeFull(StrEnum):
    """What becomes of a contact taken off hold while its holder is full."""

    KEEP = "keep"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodLimit:
    """At most `contacts` automatic assignments per agent in any `per` seconds, over all queues."""

    contacts: int
    per: int


class OfflineReturns(StrEnum):
    """Which contacts come back from an agent who has become Offline."""

    NONE = "none"
    ALL = "all"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOffline:
    """What becomes of the contacts of an agent who has been Offline for `grace` seconds."""

    contacts: OfflineReturns = OfflineReturns.NONE
    grace: int = 0


class OfferEnd(StrEnum):
    """Why an offer was not taken: the agent declined it, let it lapse, or may not have it any more."""

    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class ReturnReason(StrEnum):
    """Why a held contact waits again: somebody asked for it, or its agent was away for too long, full or gone."""

    ASKED = "asked"
    OFFLINE = "offline"
    RESUME_FULL = "resume_full"
    DEACTIVATED = "deactivated"
    AGENT_REMOVED = "agent_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSettings:
    """How a workspace assigns (R8): whether at all, the limits that hold for everybody, and what queues leave open.

    `wrap_up` seconds of capacity stay held after a close; without `offer` contacts are assigned at once."""

    enabled: bool = True
    default_capacity: int | None = None
    flood_limit: FloodLimit | None = None
    on_resume_full: OnResumeFull = OnResumeFull.KEEP
    wrap_up: int = 0
    offer: OfferTerms | None = None
    on_offline: OnOffline = OnOffline()


Matches = Mapping[str, Match]
"""What the rules said of contacts that were matched again, by id. A log that is applied again does not know the
customers any more, so it gives the outcomes that were new; the other contacts keep theirs. None: match now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePut:
    """An office came to be, or its hours changed."""

    at: datetime
    office: Office
    matches: Matches | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRemoved:
    """An office is gone."""

    at: datetime
    office_id: str
    matches: Matches | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPut:
    """An agent came to be, or what the agent can do changed. A new agent is Offline and switched off everywhere."""

    at: datetime
    agent: Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRemoved:
    """An agent who holds nothing is gone."""

    at: datetime
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged:
    """An agent's status or office flags are now these. `look_again_at` hints when time alone may change the status."""

    at: datetime
    agent_id: str
    status: Status
    switched_on: frozenset[str]
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPublished:
    """A version of the rule set is in force; waiting contacts are matched again."""

    at: datetime
    rule_set: RuleSet
    version: int
    matches: Matches | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsSaved:
    """Assignment settings are in force."""

    at: datetime
    settings: AssignmentSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactArrived:
    """A contact was accepted. `match` is what the rules said of it then, where that is known already: a log that is
    applied again does not know the customer any more."""

    at: datetime
    contact: Contact
    match: Match | None = None
    previous_holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAmended:
    """What a waiting contact asks for changed; it is matched again."""

    at: datetime
    contact: Contact
    match: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEntered:
    """A waiting contact asks one more queue, and leaves another for it where `leaves` names one."""

    at: datetime
    contact_id: str
    queue: str
    leaves: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAssigned:
    """The engine gave a waiting contact to an agent, through this queue.

    `credits` is what agents have saved up afterwards, where weights decided."""

    at: datetime
    contact_id: str
    agent_id: str
    queue: str
    credits: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOffered:
    """The engine offered a waiting contact to an agent, through this queue, until `expires_at`.

    `credits` is what agents will have saved up if the offer is accepted, where weights decided."""

    at: datetime
    contact_id: str
    agent_id: str
    queue: str
    expires_at: datetime
    credits: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAccepted:
    """The agent takes the contact that was offered: an automatic assignment, and now the agent's turn."""

    at: datetime
    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded:
    """The agent does not take it, and the contact waits again in its old place."""

    at: datetime
    contact_id: str
    because: OfferEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAnswered:
    """The holder of a contact has answered the customer."""

    at: datetime
    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTaken:
    """A person gave a contact to an agent by hand, or moved it from one to another. No turn moves."""

    at: datetime
    contact_id: str
    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMoved:
    """A person put a contact into a queue, or before an office; it waits there, as old as it is."""

    at: datetime
    contact_id: str
    queue: str | None = None
    office: str | None = None
    matches: Matches | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReturned:
    """A held contact waits again, as old as it is; `exclude_agent` is not given it again."""

    at: datetime
    contact_id: str
    because: ReturnReason = ReturnReason.ASKED
    exclude_agent: str | None = None
    matches: Matches | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHeld:
    """A held contact is on hold: it keeps its agent and frees capacity."""

    at: datetime
    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactResumed:
    """A contact on hold counts again."""

    at: datetime
    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactClosed:
    """A contact is done."""

    at: datetime
    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAbandoned:
    """The customer gave up waiting."""

    at: datetime
    contact_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerForgotten:
    """Nobody remembers any more who held the contacts of a customer without open ones. The rule set in force, where it
    named the customer, now names nobody. This one is never written down, for it holds the name."""

    at: datetime
    customer_id: str
    rule_set: RuleSet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded:
    """An agent needs no more time after the contacts that are closed."""

    at: datetime
    agent_id: str


ContactChange = (
    ContactArrived
    | ContactAmended
    | StopEntered
    | ContactAssigned
    | ContactOffered
    | OfferAccepted
    | OfferEnded
    | ContactAnswered
    | ContactTaken
    | ContactMoved
    | ContactReturned
    | ContactHeld
    | ContactResumed
    | ContactClosed
    | ContactAbandoned
)
OrganisationChange = (
    OfficePut
    | OfficeRemoved
    | AgentPut
    | AgentRemoved
    | PresenceChanged
    | WrapUpEnded
    | RulesPublished
    | SettingsSaved
    | CustomerForgotten
)
Change = ContactChange | OrganisationChange | AlarmChange
