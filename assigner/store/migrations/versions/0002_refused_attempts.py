"""Attempts that were refused, for the audit: they are no changes, so they have a table of their own."""

import sqlalchemy as sa
from alembic import op

from assigner.store import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "refused_attempt",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("minute", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("call", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "minute", "by", "call", name=op.f("pk_refused_attempt")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("refused_attempt")
