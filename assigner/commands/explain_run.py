"""What `assigner explain` does: it reads the workspace as it is stored, and asks the questions that HTTP asks.

Nothing is written, so the database may be served meanwhile; a repeat builds a board of its own from the log."""

from dataclasses import dataclass

import typer

from assigner.commands.opened import opened_to_read
from assigner.core.model import ContactState
from assigner.service.explanations import LANGUAGES, why_assigned, why_not, why_waiting
from assigner.service.reading import no_such_contact
from assigner.service.verify import Difference, verify
from assigner.service.workspace import load_workspace
from assigner.store.database import Database
from assigner.store.documents import to_document
from assigner.store.load import find_contacts, last_change
from assigner.wiring import wall_clock
from presence.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. Without a contact, every decision there was is repeated."""

    contact: str | None
    agent: str | None
    verify: bool
    language: str


def run(url: str, workspace_id: str, question: Question) -> bool:
    """Answer, and say whether a repeat agrees (True where none was asked for). Raises NotFound, Conflict, Invalid."""
    if question.language not in LANGUAGES:
        raise Invalid("unknown_value", f"no sentences in {question.language!r}; there are: {', '.join(LANGUAGES)}")
    with opened_to_read(url, workspace_id) as (database, number):
        if question.contact is not None:
            typer.echo(sentence(database, number, question.contact, question))
        return not question.verify or _agrees(database, number, question.contact)


def sentence(database: Database, number: int, contact_id: str, question: Question) -> str:
    """Why a contact waits, why it was given to whom it was, or why it does not go to the agent asked for."""
    now, language = wall_clock(), question.language
    with database.reading() as connection:
        workspace = load_workspace(connection, number, now=now)
        record = find_contacts(connection, number, [contact_id]).get(contact_id)
        if record is None:
            raise no_such_contact(contact_id)
        if question.agent is not None:
            return why_not(workspace, contact_id, question.agent, language=language, now=now)[1]
        if record.place.state is ContactState.QUEUED:
            return why_waiting(workspace, contact_id, language=language, now=now)[1]
        given = last_change(connection, number, contact_id, "contact.assigned")
        return why_assigned(workspace, record, given, language=language).sentence


def _agrees(database: Database, number: int, contact_id: str | None) -> bool:
    verified = verify(database, number, contact_id)
    for difference in verified.differences:
        typer.echo(_told(difference), err=True)
    of = "" if contact_id is None else f" about {contact_id}"
    for contact in verified.matched_otherwise:
        typer.echo(f"contact {contact}: the rules of that time say something else of it now", err=True)
    otherwise = len(verified.differences) + len(verified.matched_otherwise)
    since = "" if verified.since is None else f" since {verified.since.isoformat(timespec='seconds')}, where it begins"
    typer.echo(f"{verified.decisions} decisions{of} repeated from the log{since}, {otherwise} otherwise.")
    if verified.erased:
        typer.echo(f"The matching of {len(verified.erased)} contacts was not repeated: their customers are erased.")
    if verified.left:
        told = f"{len(verified.left)} contacts: {', '.join(verified.left[:10])}"
        typer.echo(
            f"Where the log ends, something could be decided of {told}; the node that decides should do it soon."
        )
    return not otherwise


def _told(difference: Difference) -> str:
    then, now = (to_document(each).decode() if each else "nothing" for each in (difference.logged, difference.repeated))
    return f"change {difference.change_no}, contact {difference.contact_id}:\n  then {then}\n  now  {now}"
