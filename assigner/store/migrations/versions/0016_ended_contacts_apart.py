"""Open and ended contacts are found apart; no index names what changes while a contact is open, and with
whom contacts have ended stands in a table of its own.

One step, as no version has been published yet: nodes that know less must be stopped before it is taken."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
oldest_usable = "0016"

STATES, OPEN, ENDED = "state IN ('queued', 'offered', 'assigned')", "closed_at IS NULL", "closed_at IS NOT NULL"
FILL = f"""
INSERT INTO ended_with (workspace, agent_id, number, contact_id)
SELECT workspace, agent_id, number, id FROM contact WHERE {ENDED} AND agent_id IS NOT NULL"""


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "ended_with",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "agent_id", "number", name=op.f("pk_ended_with")),
    )
    op.execute(FILL)
    for each in ("ix_contact_ended_of", "ix_contact_number", "ix_contact_open"):
        op.drop_index(each, "contact")
    _index("ix_contact_open", OPEN, "number")
    _index("ix_contact_ended", ENDED, "number")


def downgrade() -> None:
    """Take it back."""
    for each in ("ix_contact_ended", "ix_contact_open"):
        op.drop_index(each, "contact")
    _index("ix_contact_open", STATES, "state")
    op.create_index("ix_contact_number", "contact", ["workspace", "number"])
    _index("ix_contact_ended_of", ENDED, "agent_id", "number")
    op.drop_table("ended_with")


def _index(name: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "contact", ["workspace", *columns], sqlite_where=where, postgresql_where=where)
