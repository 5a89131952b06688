"""The shapes of contacts on the wire, and what makes the values inside of them and of those values them.

Names and meanings are those of the documentation; a field that nobody knows is refused, so that a misspelt one is
noticed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assigner.store.rows import ContactRecord, queue_of
from rules.model import Contact

Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^/\x00-\x1f]+$")]
"""Part of an address, so without a slash."""
TEN_YEARS = 10 * 366 * 24 * 3600
"""The longest that something may last, in seconds."""
Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
"""No text holds the character 0: PostgreSQL cannot store it."""
Level = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Priority = Annotated[int, Field(ge=-1000, le=1000, strict=True)]
Skills = dict[Word, Level] | list[Word]


DEEPEST = 32
"""How many lists and objects may stand in one another."""


def need_shallow(value: Any) -> Any:
    """The value itself. Raises ValueError where it is nested deeper than anything that makes sense."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return value
    raise ValueError(f"the document is nested deeper than {DEEPEST} levels")


def _inside(value: Any) -> Iterable[Any]:
    """What lists and objects stand directly in a value."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (part for part in parts if isinstance(part, dict | list))


class Asked(BaseModel):
    """What all bodies share: fields that are not known are refused, and so is what is nested too deep."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _shallow(cls, value: Any) -> Any:
        return need_shallow(value)


class ContactIn(Asked):
    """A contact to take in. With an id of the caller's own, sending it again is harmless."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "id": "ticket-4711",
                "channel": "chat",
                "customer_id": "c17",
                "office": "madrid",
                "language": "es",
                "skills": {"es": 2},
                "attributes": {"topic": "billing"},
            }
        },
    )

    id: Id | None = None
    channel: Word = "chat"
    customer_id: Word | None = None
    office: Word | None = None
    skills: Skills = Field(default_factory=dict, description="Skill and smallest level, or a list (level 1)")
    language: Word | None = None
    priority: Priority | None = Field(default=None, description="Larger is more urgent; null: as the rules say")
    attributes: dict[str, Any] = Field(default_factory=dict)
    preferred_agent_id: Word | None = None
    exclude_agents: list[Word] = Field(default_factory=list)

    def contact(self, contact_id: str, *, now: datetime) -> Contact:
        """The value inside."""
        return Contact(
            id=contact_id,
            arrived_at=now,
            channel=self.channel,
            customer_id=self.customer_id,
            office=self.office,
            skills=levels(self.skills),
            language=self.language,
            priority=self.priority,
            attributes=self.attributes,
            preferred_agent_id=self.preferred_agent_id,
            exclude_agents=frozenset(self.exclude_agents),
        )


class ContactPatch(Asked):
    """What can be changed of a waiting contact; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"priority": 10, "skills": {"es": 1}}})

    priority: Priority | None = None
    skills: Skills = Field(default_factory=dict)
    attributes: dict[str, Any] = Field(default_factory=dict)
    language: Word | None = None

    def changes(self) -> Mapping[str, Any]:
        """The fields that were sent, as the value inside has them."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        return sent | {"skills": levels(self.skills)} if "skills" in sent else sent


class AssignIn(Asked):
    """Whom to give a contact to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"agent_id": "ana"}})

    agent_id: Id


class ReturnIn(Asked):
    """Why a contact goes back, and who is not to get it again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "wrong_department"}})

    reason: Text | None = None
    exclude_agent: Id | None = None


class TransferIn(Asked):
    """Where to move a contact: to an agent, into a queue, or before an office."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"queue": "billing"}})

    agent_id: Id | None = None
    queue: Word | None = None
    office: Word | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "TransferIn":
        if sum(each is not None for each in (self.agent_id, self.queue, self.office)) != 1:
            raise ValueError("name one of agent_id, queue and office")
        return self


class CloseIn(Asked):
    """How a contact ended, in the caller's own words."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"outcome": "solved"}})

    outcome: Text | None = None


class OfferIn(Asked):
    """Whose answer to an offer it is: a host application names the agent whom the contact is offered to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"agent_id": "ana"}})

    agent_id: Id | None = Field(default=None, description="Left out: the caller's own")


class StopOut(BaseModel):
    """A queue that a contact asks, or has asked."""

    queue: str
    entered_at: datetime
    left_at: datetime | None


class ContactOut(BaseModel):
    """A contact as it is."""

    id: str
    channel: str
    customer_id: str | None
    office: str | None
    skills: dict[str, int]
    language: str | None
    priority: int | None
    attributes: dict[str, Any]
    preferred_agent_id: str | None
    exclude_agents: list[str]
    state: str
    on_hold: bool
    queue: str | None
    rule: str | None
    stops: list[StopOut]
    agent_id: str | None
    source: str | None
    queued_at: datetime
    offer_expires_at: datetime | None
    assigned_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    version: int


def contact_out(record: ContactRecord) -> ContactOut:
    """A contact as it is told."""
    place, contact = record.place, record.place.contact
    return ContactOut(
        id=contact.id,
        channel=contact.channel,
        customer_id=contact.customer_id,
        office=contact.office,
        skills=dict(contact.skills),
        language=contact.language,
        priority=contact.priority,
        attributes=dict(contact.attributes),
        preferred_agent_id=contact.preferred_agent_id,
        exclude_agents=sorted(contact.exclude_agents),
        state=place.state,
        on_hold=place.on_hold,
        queue=queue_of(place),
        rule=place.match.rule,
        stops=[StopOut(queue=stop.queue, entered_at=stop.entered_at, left_at=stop.left_at) for stop in place.stops],
        agent_id=place.agent_id,
        source=place.source,
        queued_at=contact.arrived_at,
        offer_expires_at=place.offer.expires_at if place.offer is not None else None,
        assigned_at=place.assigned_at,
        answered_at=place.answered_at,
        closed_at=record.closed_at,
        closed_by=record.closed_by,
        outcome=record.outcome,
        version=record.version,
    )


def levels(skills: Skills) -> dict[str, int]:
    """Skills with their levels; those of a list have level 1."""
    return dict(skills) if isinstance(skills, dict) else dict.fromkeys(skills, 1)
