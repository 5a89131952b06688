"""From lines of the log to facts that can be counted: what happened, how long was waited, how time was spent.

The lines are followed one by one with the contacts that are open and the agents who are there; what came before the
period only says how things stood when it began. The engine decides nothing here, and nothing here decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from assigner.core.model import Source
from assigner.service.unit import ENGINE
from assigner.store.report_lines import Line
from presence.model import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something happened to a contact: `what` is a figure of the report on contacts."""

    what: str
    at: float
    office: str | None
    queue: str | None
    agent_id: str | None
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A wait ended: an agent was given the contact, or the customer gave up."""

    at: float
    seconds: float
    answered: bool
    office: str | None
    queue: str | None
    agent_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """An agent spent time with one status and so many contacts that were not on hold."""

    agent_id: str
    status: str
    held: int
    start: float
    end: float


Fact = Happened | Waited | Spent


@dataclass(slots=True, kw_only=True)
class _Contact:
    """An open contact. `queues` are those that it asks while it waits, the first of them first."""

    arrived_at: float | None = None
    office: str | None = None
    queues: list[str | None] = field(default_factory=list)
    agent_id: str | None = None
    on_hold: bool = False
    answered: bool = False

    @property
    def queue(self) -> str | None:
        return self.queues[0] if self.queues else None


@dataclass(slots=True, kw_only=True)
class _Agent:
    """An agent: status None where nobody knows it."""

    status: str | None
    since: float
    held: int = 0


class Course:
    """Follows a period from `start` until `until`, both in seconds since 1970, and tells its facts.

    `statuses` are those of the agents who were there at its start."""

    def __init__(
        self, statuses: Mapping[str, str | None], tell: Callable[[Fact], None], *, start: float, until: float
    ) -> None:
        self._tell, self._start, self._until = tell, start, until
        self._contacts: dict[str, _Contact] = {}
        self._agents = {
            agent_id: _Agent(status=status or Status.OFFLINE, since=start) for agent_id, status in statuses.items()
        }

    def follow(self, before: Iterable[Line], lines: Iterable[Line]) -> None:
        """Tell all facts of the period, from the lines about contacts open at its start and its own lines, both in
        order."""
        for line in before:
            self._follow(line)
        for line in lines:
            if line.at < self._until:
                self._follow(line)
        for agent_id in self._agents:
            self._spend(agent_id, self._until)

    def _follow(self, line: Line) -> None:
        if line.kind.startswith("agent."):
            self._follow_agent(line)
            return
        contact = self._contacts.setdefault(line.subject, _Contact())
        match line.kind.removeprefix("contact."):
            case "queued":
                contact.arrived_at, contact.office, contact.queues = line.at, line.told.office, [line.told.queue]
                self._happened("arrived", line, contact)
            case "assigned":
                self._assigned(line, contact)
            case "moved":
                self._moved(line, contact)
            case "returned" if contact.agent_id is not None:  # else it was only offered
                self._happened("returned", line, contact)
                self._let_go(line, contact)
            case "held" | "resumed" as change:
                self._set_on_hold(line, contact, on_hold=change == "held")
            case "closed":
                contact.queues = [line.told.queue or contact.queue]
                self._happened("closed", line, contact)
                self._let_go(line, contact)
                del self._contacts[line.subject]
            case "abandoned":
                contact.queues = [line.told.queue or contact.queue]
                self._happened("abandoned", line, contact)
                self._waited(line, contact, answered=False)
                del self._contacts[line.subject]

    def _assigned(self, line: Line, contact: _Contact) -> None:
        told = line.told
        if contact.agent_id is not None:
            self._happened("transferred", line, contact)
            self._let_go(line, contact)
        contact.agent_id, contact.queues = told.agent_id, [told.queue or contact.queue]
        self._happened("assigned", line, contact, automatic=told.source == Source.AUTOMATIC)
        if not contact.answered:
            self._waited(line, contact, answered=True)
            contact.answered = True
        self._hold(line, contact, 1)

    def _moved(self, line: Line, contact: _Contact) -> None:
        told = line.told
        if line.by == ENGINE:
            contact.queues = [*(queue for queue in contact.queues if queue != told.leaves), told.queue]
        elif told.amended is not None:
            contact.queues = contact.queues if told.queue == contact.queue else [told.queue]
        else:
            self._happened("transferred", line, contact)
            self._let_go(line, contact)
            contact.office, contact.queues = told.office or contact.office, [told.queue]

    def _happened(self, what: str, line: Line, contact: _Contact, *, automatic: bool = False) -> None:
        if line.at >= self._start:
            told = Happened(
                what=what,
                at=line.at,
                office=contact.office,
                queue=contact.queue,
                agent_id=contact.agent_id,
                automatic=automatic,
            )
            self._tell(told)

    def _waited(self, line: Line, contact: _Contact, *, answered: bool) -> None:
        if contact.arrived_at is not None and not contact.answered and line.at >= self._start:
            told = Waited(
                at=line.at,
                seconds=max(0.0, line.at - contact.arrived_at),
                answered=answered,
                office=contact.office,
                queue=contact.queue,
                agent_id=contact.agent_id,
            )
            self._tell(told)

    def _let_go(self, line: Line, contact: _Contact) -> None:
        """The holder has the contact no more."""
        if contact.agent_id is not None and not contact.on_hold:
            self._hold(line, contact, -1)
        contact.agent_id, contact.on_hold = None, False

    def _set_on_hold(self, line: Line, contact: _Contact, *, on_hold: bool) -> None:
        if contact.agent_id is not None and contact.on_hold is not on_hold:
            self._hold(line, contact, -1 if on_hold else 1)
        contact.on_hold = on_hold

    def _hold(self, line: Line, contact: _Contact, more: int) -> None:
        """The holder has one contact more to work on, or one fewer."""
        if contact.agent_id is None:
            return
        self._spend(contact.agent_id, line.at)
        agent = self._agents.setdefault(contact.agent_id, _Agent(status=None, since=max(line.at, self._start)))
        agent.held += more

    def _follow_agent(self, line: Line) -> None:
        known = line.subject in self._agents
        if line.kind == "agent.changed":
            if not known:
                self._agents[line.subject] = _Agent(status=Status.OFFLINE, since=line.at)
            return
        if line.kind == "agent.status" and not known:
            self._agents[line.subject] = _Agent(status=line.told.was, since=self._start)
        self._spend(line.subject, line.at)
        if line.kind == "agent.removed":
            self._agents.pop(line.subject, None)
        else:
            self._agents[line.subject].status = line.told.status

    def _spend(self, agent_id: str, until: float) -> None:
        """Account for an agent's time up to an instant."""
        agent = self._agents.get(agent_id)
        if agent is None or until <= agent.since:
            return
        if agent.status is not None:
            told = Spent(agent_id=agent_id, status=agent.status, held=agent.held, start=agent.since, end=until)
            self._tell(told)
        agent.since = until
