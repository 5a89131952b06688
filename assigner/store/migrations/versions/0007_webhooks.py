"""Webhooks: where to, signed with what, how far, and what was not taken.

The secrets stand apart from the rest, so that an export leaves them out."""

import sqlalchemy as sa
from alembic import op

from assigner.store import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OWN = ("workspace", "webhook_id")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "webhook",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", COUNT, nullable=False),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.Column("begins", COUNT, nullable=False),
        sa.Column("change_no", COUNT, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("taken_at", columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_secret",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(*OWN, "secret", name=op.f("pk_webhook_secret")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("change_no", COUNT, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint(*OWN, "change_no", "ordinal", "holds", name=op.f("pk_webhook_delivery")),
    )
    op.create_index("ix_webhook_delivery_due", "webhook_delivery", [*OWN, "state", "next_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_webhook_delivery_due", "webhook_delivery")
    for table in ("webhook_delivery", "webhook_secret", "webhook"):
        op.drop_table(table)
