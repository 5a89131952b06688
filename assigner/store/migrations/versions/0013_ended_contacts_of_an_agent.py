"""Contacts that have ended are found by who held them, without walking over those of everybody else."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_index(
        "ix_contact_ended_of",
        "contact",
        ["workspace", "agent_id", "number"],
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_contact_ended_of", "contact")
