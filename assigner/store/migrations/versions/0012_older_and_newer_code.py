"""Tables tell which code can use them, and nodes which steps they know, so that nodes can be renewed one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
oldest_usable = "0012"  # code from before refuses whatever is newer than itself


def upgrade() -> None:
    """Take the step."""
    op.add_column("node", sa.Column("revision", sa.String(), nullable=True))
    op.create_table(
        "schema_step",
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("oldest_usable", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_schema_step")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("schema_step")
    with op.batch_alter_table("node") as node:
        node.drop_column("revision")
