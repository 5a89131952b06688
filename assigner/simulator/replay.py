"""A record lived through once more: the contacts come in as they did, and the board of a workspace gives them out.

Whoever is given a contact handles it for as long as was recorded. A contact that was abandoned gives up after the
recorded patience, unless it was assigned before; then it is handled for the usual time of its service. How long the
answered ones would have waited nobody knows: they never give up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from assigner.core.changes import (
    AssignmentSettings,
    ContactArrived,
    ContactAssigned,
    ContactOffered,
    OfferAccepted,
)
from assigner.simulator.duty import Duty, Stretch
from assigner.simulator.hardship import AS_USUAL, TO_ACCEPT, Account, Accounts, Hardship, without
from assigner.simulator.record import RecordedContact, usual_handle_times
from assigner.simulator.workspace import Moment, Workspace
from presence.model import PresencePolicy, Status
from rules.model import EVERYBODY, Queue, RuleSet, Strategy
from rules.organisation import Organisation

POLICY = PresencePolicy(selectable=(Status.ONLINE, Status.BUSY, Status.AWAY))
"""Duty says when an agent has which status, and no record tells of clicks: nobody becomes idle in a replay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything that a replay depends on; the same scenario always gives the same moments."""

    contacts: tuple[RecordedContact, ...]
    duty: Duty
    organisation: Organisation
    rule_set: RuleSet
    settings: AssignmentSettings
    hardship: Hardship = AS_USUAL

    @property
    def start(self) -> datetime:
        """The first instant at which anything happens."""
        instants = [stretch.start for stretch in self.duty.stretches]
        instants += [recorded.contact.arrived_at for recorded in self.contacts[:1]]
        return min(instants, default=datetime(1970, 1, 1, tzinfo=UTC))


class Replay:
    """A scenario on the way through its workspace, from `moments` to moment."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.workspace = Workspace(
            scenario.organisation,
            now=scenario.start,
            rule_set=scenario.rule_set,
            settings=scenario.settings,
            policy=POLICY,
        )
        self._recorded = {recorded.contact.id: recorded for recorded in scenario.contacts}
        self._usual = usual_handle_times(scenario.contacts)
        self._offers = 0
        for stretch in without(scenario.duty, scenario.hardship.gone).stretches:
            _schedule(self.workspace, stretch)
        for recorded in scenario.contacts:
            self.workspace.arrive(recorded.contact)

    def moments(self, *, until: datetime | None = None) -> Iterator[Moment]:
        """Every moment up to `until`, or else until nothing more is to come. What still waits then is unfinished."""
        for moment in self.workspace.moments(until=until):
            for change in moment.changes:
                match change:
                    case ContactArrived(contact=contact):
                        self._let_give_up(contact.id)
                    case ContactAssigned(contact_id=contact_id, agent_id=agent_id):
                        self._let_handle(contact_id, agent_id)
                    case ContactOffered(contact_id=contact_id, agent_id=agent_id):
                        self._let_look(contact_id, agent_id)
                    case OfferAccepted(contact_id=contact_id):
                        holder = self.workspace.board.floor.contacts[contact_id].agent_id
                        self._let_handle(contact_id, holder or "")
            yield moment

    def _let_give_up(self, contact_id: str) -> None:
        """Patience begins after the decision about the newcomer: whoever has none at all can still be assigned."""
        recorded = self._recorded[contact_id]
        if not recorded.answered:
            self.workspace.abandon(contact_id, at=recorded.waited_until)

    def _let_look(self, contact_id: str, agent_id: str) -> None:
        """Who is asked accepts a little later, unless nobody is at the desk or the agent does not look."""
        self._offers += 1
        at = self.workspace.now + TO_ACCEPT
        if not (self.scenario.hardship.misses(self._offers) or self.scenario.hardship.is_gone(agent_id, at)):
            self.workspace.accept(contact_id, agent_id, at=at)

    def _let_handle(self, contact_id: str, agent_id: str) -> None:
        """Who has a contact is done with it after its time; nobody who walked away before is."""
        now = self.workspace.now
        done_at = now + self._handle_time(contact_id)
        if not self.scenario.hardship.is_gone(agent_id, done_at):
            self.workspace.close(contact_id, at=done_at, given_at=now)

    def _handle_time(self, contact_id: str) -> timedelta:
        recorded = self._recorded[contact_id]
        return self._usual[recorded.service] if recorded.handled is None else recorded.handled


def accounts_of(scenario: Scenario, contact_ids: Iterable[str]) -> tuple[Account, ...]:
    """What some contacts wait for when a scenario is lived through: the same scenario always goes the same way."""
    replay = Replay(scenario)
    accounts = Accounts(replay.workspace.board.floor, contact_ids)
    for moment in replay.moments():
        accounts.note(moment)
    return accounts.accounts()


def with_strategy(rule_set: RuleSet, strategy: Strategy, organisation: Organisation) -> RuleSet:
    """The same rules with this strategy in every queue: the written ones, those of the offices and everybody's."""
    offices = frozenset(organisation.offices)
    names = dict.fromkeys((*rule_set.queues, *organisation.offices, EVERYBODY))
    queues = {
        name: replace(rule_set.queue(name, offices=offices) or Queue(name=name), strategy=strategy) for name in names
    }
    return replace(rule_set, queues=queues)


def _schedule(workspace: Workspace, stretch: Stretch) -> None:
    """A stretch of duty is a sign-in and a sign-out, a break is a choice, and so is the return from it."""
    agent_id, start, end = stretch.agent_id, stretch.start, stretch.end
    if stretch.status is Status.ONLINE:
        workspace.sign_in(agent_id, at=start)
        workspace.sign_out(agent_id, at=end)
    elif stretch.offices:
        for office in stretch.offices:
            workspace.switch(agent_id, office, on=False, at=start)
            workspace.switch(agent_id, office, on=True, at=end)
    else:
        workspace.choose(agent_id, stretch.status, at=start)
        workspace.choose(agent_id, Status.ONLINE, at=end)
