"""Why a contact waits, why somebody holds it, and why one agent does not: the answers with their sentences.

What waits is asked of the board as it is now; what was assigned is read from the log, as it was then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assigner.core.explain import (
    AgentExplanation,
    StopExplanation,
    WaitingExplanation,
    explain_agent,
    explain_waiting,
)
from assigner.core.model import ContactState, OpenContact, Ranked, RankKey, Source, StopAccount
from assigner.core.sentences import Naming, agent_sentence, assigned_sentence, waiting_sentence
from assigner.service.people import person
from assigner.service.workspace import Workspace
from assigner.store.documents import from_plain
from assigner.store.rows import ContactRecord, Entry
from presence.errors import Conflict

LANGUAGES = ("en", "de", "es")
PENDING = {
    "en": "It is offered, and not accepted yet.",
    "de": "Er ist angeboten und noch nicht angenommen.",
    "es": "Está ofrecido y todavía no se ha aceptado.",
}
ACCEPTED = {
    "en": "It was offered and accepted.",
    "de": "Er wurde angeboten und angenommen.",
    "es": "Se ofreció y se aceptó.",
}
BY_HAND = {
    "en": "{agent}: given by hand, by {actor}.",
    "de": "{agent}: von Hand zugewiesen, durch {actor}.",
    "es": "{agent}: asignado a mano, por {actor}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedExplanation:
    """Why an agent was given a contact. Of one given by hand there is nobody who was second, and no key.

    `decided_by` is the engine or the person; `values` are those of the key for the winner and who came second."""

    contact: OpenContact
    rule: str | None
    rule_set: str | None
    rule_set_version: int | None
    source: Source
    decided_by: str | None
    decided_at: datetime
    winner: str
    runner_up: str | None
    key: RankKey | None
    candidates: tuple[tuple[str, int], ...]
    stops: tuple[StopExplanation, ...]
    sentence: str


def why_waiting(
    workspace: Workspace, contact_id: str, *, language: str, now: datetime
) -> tuple[WaitingExplanation, str]:
    """Why a contact waits, and the sentence for it. Raises Conflict for a contact that does not wait."""
    why = explain_waiting(workspace.floor, contact_id, now=now)
    return why, waiting_sentence(why, language=language, name=naming(workspace))


def why_not(
    workspace: Workspace, contact_id: str, agent_id: str, *, language: str, now: datetime
) -> tuple[AgentExplanation, str]:
    """Why one agent does not get a waiting contact, and the sentence for it. Raises NotFound, Conflict."""
    workspace.agent(agent_id)
    why = explain_agent(workspace.floor, contact_id, agent_id, now=now)
    return why, agent_sentence(why, language=language, name=naming(workspace))


def why_assigned(
    workspace: Workspace, record: ContactRecord, entry: Entry | None, *, language: str, offer: Entry | None = None
) -> AssignedExplanation:
    """Why a contact was last given to whom it was given, or is offered; `entry` is the line of the log that says so,
    and `offer` that of the offer which was accepted.

    Raises Conflict for a contact that ended without ever being given to anybody."""
    contact = record.place
    if entry is None:
        raise Conflict("already_closed", f"contact {contact.id!r} ended without having been given to anybody")
    decided, name = offer or entry, naming(workspace)
    told = decided.data
    decision: dict[str, Any] = told.get("decision", {})
    ranked = from_plain(decision["ranked"], Ranked) if decision else None
    if ranked is not None:
        sentence = assigned_sentence(ranked, language=language, name=name)
    else:
        sentence = BY_HAND[language].format(
            agent=name(told["agent_id"]), actor=person(workspace, decided.by) or decided.by
        )
    if "expires_at" in told:
        sentence = f"{sentence} {PENDING[language] if decided is entry else ACCEPTED[language]}"
    return AssignedExplanation(
        contact=contact,
        rule=decision.get("rule", contact.match.rule),
        rule_set=decision.get("rule_set"),
        rule_set_version=decision.get("rule_set_version"),
        source=Source(told.get("source", Source.AUTOMATIC)),
        decided_by=decided.by,
        decided_at=decided.at,
        winner=told["agent_id"],
        runner_up=ranked.runner_up if ranked else None,
        key=ranked.key if ranked else None,
        candidates=ranked.candidates if ranked else (),
        stops=_stops(contact, from_plain(decision.get("accounts", []), tuple[StopAccount, ...])),
        sentence=sentence,
    )


def need_waiting(record: ContactRecord) -> None:
    """Raises Conflict for a contact that does not wait: nobody is looked for, so nobody is kept from it."""
    contact = record.place
    match contact.state:
        case ContactState.ASSIGNED:
            message = f"contact {contact.id!r} does not wait: {contact.agent_id!r} holds it"
            raise Conflict("already_assigned", message)
        case ContactState.CLOSED | ContactState.ABANDONED:
            raise Conflict("already_closed", f"contact {contact.id!r} has ended: {contact.state}")


def naming(workspace: Workspace) -> Naming:
    """What people call an agent, or a queue that is an office."""

    def name(each: str) -> str:
        if each in workspace.agents:
            return workspace.agents[each].seat.agent.name or each
        office = workspace.floor.offices.get(each)
        return office.name or each if office is not None else each

    return name


def _stops(contact: OpenContact, accounts: tuple[StopAccount, ...]) -> tuple[StopExplanation, ...]:
    steps = {account.queue: account.steps for account in accounts}
    return tuple(
        StopExplanation(
            queue=stop.queue,
            entered_at=stop.entered_at,
            left_at=stop.left_at,
            skills=(),
            preferred=None,
            steps=steps.get(stop.queue, ()),
        )
        for stop in contact.stops
    )
