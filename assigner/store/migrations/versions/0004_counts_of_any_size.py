"""Columns that count changes and arrivals hold numbers of any size, on PostgreSQL as on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTS = (
    ("workspace", "change_no"),
    ("workspace", "arrivals"),
    ("workspace", "turns"),
    ("workspace", "epoch"),
    ("change", "change_no"),
    ("office", "version"),
    ("agent", "version"),
    ("contact", "version"),
    ("contact", "number"),
    ("setting", "version"),
)


def upgrade() -> None:
    """Take the step."""
    _store_as(sa.BigInteger())


def downgrade() -> None:
    """Take the step back."""
    _store_as(sa.Integer())


def _store_as(kind: sa.types.TypeEngine[int]) -> None:
    """SQLite has one integer type, of any size."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in COUNTS:
            op.alter_column(table, column, type_=kind)
