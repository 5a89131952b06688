"""The queues that need a person's eye, so that a restart neither forgets an alarm nor raises it twice."""

import sqlalchemy as sa
from alembic import op

from assigner.store import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "alarm",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raised_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "queue", name=op.f("pk_alarm")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("alarm")
