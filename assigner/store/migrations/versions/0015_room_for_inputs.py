"""Inputs are written again every second: on PostgreSQL each page keeps room for the next version of its rows."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
oldest_usable = "0012"


def upgrade() -> None:
    """Take the step."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE input SET (fillfactor = 50)")


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE input RESET (fillfactor)")
