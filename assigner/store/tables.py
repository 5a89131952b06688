"""What we remember: every table, keyed by the number of its workspace.

`change` is the journal, the status log, the decision record and the source of live events in one; the other tables hold
what the changes have come to. Documents (JSON) are written and read whole by `rows`, and never queried inside."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from assigner.store.columns import Table as Table
from assigner.store.columns import UtcDateTime, count, document, index_where, instant

IS_OPEN, HAS_ENDED = "closed_at IS NULL", "closed_at IS NOT NULL"
"""Which contacts are open work, and which are not. A query finds an index of the ones or the others only where it says
so in these words."""


class Workspace(Table, table=True):
    """The unit of isolation and of order. Every transaction that changes work takes this row first."""

    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    change_no: int = count()
    arrivals: int = count()
    turns: int = count()
    epoch: int = count()


class Change(Table, table=True):
    """One thing that became true. (change_no, ordinal) is the order of commits."""

    workspace: int = Field(primary_key=True)
    change_no: int = count(default=..., primary_key=True)
    ordinal: int = Field(primary_key=True)
    at: datetime = instant()
    by: str | None = None
    kind: str
    subject: str
    data: bytes = document()
    change: bytes = document()

    __table_args__ = (Index("ix_change_subject", "workspace", "subject", "change_no", "ordinal"),)


class LogStart(Table, table=True):
    """Where the log of a workspace begins, once it was pruned: all changes up to `change_no` count as gone. `board` is
    what they had come to, without what contacts say of their customers. Lines that are no contact's are deleted up to
    `swept`."""

    __tablename__ = "log_start"

    workspace: int = Field(primary_key=True)
    change_no: int = count(default=...)
    at: datetime = instant()
    swept: int = count(default=...)
    board: bytes = document()


class RefusedAttempt(Table, table=True):
    """How often somebody tried in one minute what takes a permission that they do not have. Such attempts are no
    changes, so the log does not know of them."""

    __tablename__ = "refused_attempt"

    workspace: int = Field(primary_key=True)
    minute: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    by: str = Field(primary_key=True)
    call: str = Field(primary_key=True)
    count: int
    last_at: datetime = instant()
    path: str
    request_id: str | None = None


class Office(Table, table=True):
    """An office with its hours."""

    workspace: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = count(default=...)
    office: bytes = document()


class Agent(Table, table=True):
    """A person who handles contacts: the account, the place on the board, and the facts of presence."""

    workspace: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = count(default=...)
    email: str | None = None
    role: str
    seat: bytes = document()
    facts: bytes = document()

    __table_args__ = (Index("ix_agent_email", "workspace", "email", unique=True),)


class Input(Table, table=True):
    """When an agent last gave input, and a session last reported, where that is newer than in the facts. Narrow,
    because it is written most often."""

    workspace: int = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    session_id: str = Field(primary_key=True)
    last_input_at: datetime = instant()
    last_seen_at: datetime | None = instant(nullable=True)


class QuietChange(Table, table=True):
    """The last change of an agent's facts that was no news, so that the log does not know of it: other nodes read the
    agent again."""

    __tablename__ = "quiet_change"

    workspace: int = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    change_no: int = count(default=...)

    __table_args__ = (Index("ix_quiet_change_no", "workspace", "change_no"),)


class Node(Table, table=True):
    """A process that works on this database, when it last showed that it goes on, and the newest step it knows."""

    id: str = Field(primary_key=True)
    seen_at: datetime = instant()
    revision: str | None = None


class SchemaStep(Table, table=True):
    """The step that the tables stand at, and the oldest whose code can use them: for code that knows no such step."""

    __tablename__ = "schema_step"

    revision: str = Field(primary_key=True)
    oldest_usable: str


class Contact(Table, table=True):
    """A contact and where it is in its life. `place` is the board's record of an open contact.

    No index names what changes while a contact is open, so PostgreSQL can change its row without touching any."""

    workspace: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = count(default=...)
    number: int = count(default=...)
    state: str
    agent_id: str | None = None
    queue: str | None = None
    office: str | None = None
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str | None = None
    outcome: str | None = None
    body_hash: bytes | None = None
    place: bytes = document()

    __table_args__ = (
        index_where(IS_OPEN, "ix_contact_open", "workspace", "number"),
        index_where(HAS_ENDED, "ix_contact_ended", "workspace", "number"),
        index_where(HAS_ENDED, "ix_contact_closed_at", "workspace", "closed_at", "number"),
    )


class EndedWith(Table, table=True):
    """With whom contacts have ended, in the order of arrival. Apart from the contacts, so that what ends one enters its
    row into few trees that hold all there ever were."""

    __tablename__ = "ended_with"

    workspace: int = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    number: int = count(default=..., primary_key=True)
    contact_id: str


class ContactDetails(Table, table=True):
    """What a contact says of its customer, apart from the log, so that it can be erased."""

    __tablename__ = "contact_data"

    workspace: int = Field(primary_key=True)
    contact_id: str = Field(primary_key=True)
    customer_id: str | None = None
    attributes: bytes = document()

    __table_args__ = (index_where("customer_id IS NOT NULL", "ix_contact_data_customer", "workspace", "customer_id"),)


class Holder(Table, table=True):
    """Who held the newest closed contact of a customer."""

    workspace: int = Field(primary_key=True)
    customer_id: str = Field(primary_key=True)
    agent_id: str


class RuleSetVersion(Table, table=True):
    """A published version of the rules, as it was written. Never changed, but for customers who are forgotten."""

    __tablename__ = "rule_set_version"

    workspace: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = instant()
    by: str | None = None
    note: str | None = None
    content_hash: str
    text: str


class Setting(Table, table=True):
    """A settings document: `presence` or `assignment`."""

    workspace: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    version: int = count(default=...)
    document: bytes = document()


class Role(Table, table=True):
    """A role that was made here: a set of permissions under a name."""

    workspace: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = count(default=...)
    permissions: bytes = document()


class Alarm(Table, table=True):
    """A queue that needs a person's eye, as long as it does."""

    workspace: int = Field(primary_key=True)
    queue: str = Field(primary_key=True)
    reason: str
    raised_at: datetime = instant()


class Password(Table, table=True):
    """The password of an agent, as an argon2id hash."""

    workspace: int = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    password_hash: str


class SignIn(Table, table=True):
    """A sign-in session of a browser. The cookie holds a random token; only its hash is kept. `client` is what the
    browser called itself. The row of a session that has ended is deleted."""

    __tablename__ = "sign_in"

    token_hash: bytes = Field(primary_key=True)
    workspace: int
    session_id: str
    agent_id: str
    expires_at: datetime | None = instant(nullable=True)
    client: str | None = None


class Attempt(Table, table=True):
    """How often something was tried of late, by a hash of what. Of the whole service, for who signs in is of no
    workspace yet."""

    key: bytes = Field(primary_key=True)
    began_at: datetime = instant()
    count: int


class Invitation(Table, table=True):
    """A link with which an agent chooses a password, once. It holds a random token; only its hash is kept."""

    workspace: int = Field(primary_key=True)
    agent_id: str = Field(primary_key=True)
    token_hash: bytes = Field(index=True)
    expires_at: datetime = instant()


class ApiKey(Table, table=True):
    """The key of a program, with a role or with permissions of its own. The secret is shown once; only its hash is
    kept."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    workspace: int = Field(index=True)
    name: str
    role: str | None = None
    permissions: bytes | None = Field(default=None, sa_type=LargeBinary)
    secret_hash: bytes
    created_at: datetime = instant()
    created_by: str | None = None
    expires_at: datetime | None = instant(nullable=True)
    last_used_at: datetime | None = instant(nullable=True)


class Webhook(Table, table=True):
    """Where events are sent to, and how far: everything up to (change_no, ordinal) was taken, or has a row in
    `webhook_delivery`, or is behind one of the same subject."""

    workspace: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = count(default=...)
    definition: bytes = document()
    begins: int = count(default=...)
    change_no: int = count(default=...)
    ordinal: int
    taken_at: datetime | None = instant(nullable=True)


class WebhookSecret(Table, table=True):
    """A secret that a webhook's messages are signed with, and until when. It is kept as it is, for signing needs it."""

    __tablename__ = "webhook_secret"

    workspace: int = Field(primary_key=True)
    webhook_id: str = Field(primary_key=True)
    secret: str = Field(primary_key=True)
    made_at: datetime = instant()
    until: datetime | None = instant(nullable=True)


class WebhookDelivery(Table, table=True):
    """An event that a receiver did not take. Later events of its subject wait for it where it `holds` them."""

    __tablename__ = "webhook_delivery"

    workspace: int = Field(primary_key=True)
    webhook_id: str = Field(primary_key=True)
    change_no: int = count(default=..., primary_key=True)
    ordinal: int = Field(primary_key=True)
    holds: bool = Field(primary_key=True)
    subject: str
    state: str
    attempts: int
    failing_since: datetime = instant()
    next_at: datetime = instant()
    problem: str | None = None

    __table_args__ = (Index("ix_webhook_delivery_due", "workspace", "webhook_id", "state", "next_at"),)
