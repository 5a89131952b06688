"""Where a log begins that was pruned, and what the pruned part had come to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "log_start",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("change_no", COUNT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("swept", COUNT, nullable=False),
        sa.Column("board", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_log_start")),
    )


def downgrade() -> None:
    """Take the step back. Decisions of a log that was pruned can be repeated no longer."""
    op.drop_table("log_start")
