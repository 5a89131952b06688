"""One workspace in memory, as the service knows it: the board, and beside it what the board need not know.

It is loaded from the store when the product starts, and follows every commit. After a commit that failed it is dropped
and loaded again, so memory never knows more than the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from assigner.core.board import Board
from assigner.core.floor import Floor
from assigner.core.snapshot import restore, seat_record
from assigner.service.actor import ROLES, Permission
from assigner.store.invitations import links_of
from assigner.store.load import InForce, load
from assigner.store.rows import AgentRecord, RoleRecord
from assigner.store.webhooks import WebhookRecord, load_webhooks
from presence.errors import NotFound, did_you_mean
from presence.model import PresenceFacts, PresencePolicy, Report

SESSIONS_AT_LEAST = 1000
"""How many sessions are remembered in any case, ended ones too."""


@dataclass(slots=True, kw_only=True)
class ContactNote:
    """What the board need not know of an open contact: its version, and the hash of the body that it came with."""

    version: int
    body_hash: bytes | None


@dataclass(slots=True, kw_only=True)
class Workspace:
    """What one workspace has come to. Versions are the number of the change that made a thing what it is.

    `held_inputs` are reports by agent and session that changed no status: they are written a second later, merged.
    `late_inputs` are held ones whose agents another node has changed since: they are reported anew.
    `roles` are those that were made here; three more are built in. `emails` names the agent of each email, `sessions`
    that of each session, also of some that have ended: enough to tell who comes late that it has ended, and not that it
    never was. `links` are the links with which agents may choose a password, by hash: whoever holds the workspace row
    knows here that one was used, whichever node it was at."""

    number: int
    board: Board
    policy: PresencePolicy
    policy_version: int = 0
    settings_version: int = 0
    rules_text: str = ""
    agents: dict[str, AgentRecord] = field(default_factory=dict)
    roles: dict[str, RoleRecord] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    office_versions: dict[str, int] = field(default_factory=dict)
    notes: dict[str, ContactNote] = field(default_factory=dict)
    held_inputs: dict[tuple[str, str], Report] = field(default_factory=dict)
    inputs_due_at: datetime | None = None
    late_inputs: dict[tuple[str, str], Report] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    links: dict[str, bytes] = field(default_factory=dict)
    sessions_at_most: int = SESSIONS_AT_LEAST
    webhooks: dict[str, WebhookRecord] = field(default_factory=dict)

    @property
    def floor(self) -> Floor:
        """The floor of the board."""
        return self.board.floor

    def agent(self, agent_id: str) -> AgentRecord:
        """The record of an agent. Raises NotFound."""
        try:
            return self.agents[agent_id]
        except KeyError:
            hint = did_you_mean(agent_id, self.agents)
            raise NotFound("not_found", f"agent {agent_id!r} does not exist{hint}; GET /v1/agents lists all") from None

    def permissions_of(self, role: str) -> frozenset[Permission]:
        """What a role may do; nothing, where there is no such role."""
        made = self.roles.get(role)
        return ROLES.get(role, frozenset()) if made is None else frozenset(map(Permission, made.permissions))

    def remember_session(self, session_id: str, agent_id: str) -> None:
        """Note whose a new session is. When there are twice as many as are still known to the facts, the others are
        forgotten, so the index does not grow for ever."""
        if len(self.sessions) >= self.sessions_at_most:
            self.sessions = sessions_of(self.agents.values())
            self.sessions_at_most = 2 * len(self.sessions) + SESSIONS_AT_LEAST
        self.sessions[session_id] = agent_id

    def take_over(self, in_force: InForce) -> None:
        """Know what is in force as it is stored, but for what the board knows of it."""
        self.policy, self.policy_version = in_force.policy, in_force.policy_version
        self.settings_version = in_force.settings_version
        self.office_versions = in_force.office_versions
        self.rules_text = in_force.rules_text

    def hold_input(self, agent_id: str, session_id: str, *, at: datetime, now: datetime) -> None:
        """Remember a report that changed no status, to be written with the others of the second."""
        key = agent_id, session_id
        held = self.held_inputs.get(key)
        self.held_inputs[key] = Report(input_at=max(at, held.input_at) if held else at, seen_at=now)
        if self.inputs_due_at is None:
            self.inputs_due_at = now + timedelta(seconds=1)

    def facts(self, agent_id: str) -> PresenceFacts:
        """The facts of an agent's presence. Raises NotFound."""
        return self.agent(agent_id).facts

    def record_of(self, agent_id: str) -> AgentRecord:
        """An agent as it is to be stored now, with the place on the board."""
        record = self.agent(agent_id)
        return AgentRecord(
            seat=seat_record(self.floor.seat(agent_id)),
            facts=record.facts,
            role=record.role,
            email=record.email,
            version=record.version,
        )


def load_workspace(connection: Connection, number: int, *, now: datetime) -> Workspace:
    """The workspace as it is stored."""
    loaded = load(connection, number)
    workspace = Workspace(
        number=number,
        board=restore(loaded.snapshot, now=now),
        policy=loaded.in_force.policy,
        agents={agent.seat.agent.id: agent for agent in loaded.agents},
        emails={agent.email: agent.seat.agent.id for agent in loaded.agents if agent.email is not None},
        notes={
            contact.place.id: ContactNote(version=contact.version, body_hash=contact.body_hash)
            for contact in loaded.contacts
        },
        roles=loaded.roles,
        sessions=sessions_of(loaded.agents),
        webhooks=load_webhooks(connection, number),
        links=links_of(connection, number),
    )
    workspace.take_over(loaded.in_force)
    return workspace


def sessions_of(agents: Iterable[AgentRecord]) -> dict[str, str]:
    """The agent of each session that the facts know."""
    return {session.id: agent.seat.agent.id for agent in agents for session in agent.facts.sessions}
