"""Several nodes work on one database: each shows that it is there, and notes what others cannot read off the log."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "node",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    op.create_table(
        "quiet_change",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("change_no", COUNT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "agent_id", name=op.f("pk_quiet_change")),
    )
    op.create_index("ix_quiet_change_no", "quiet_change", ["workspace", "change_no"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("quiet_change")
    op.drop_table("node")
