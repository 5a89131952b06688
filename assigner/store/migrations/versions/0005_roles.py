"""Roles that are made here, keys with permissions and an end, and what the browser of a session called itself."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "role",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("permissions", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_role")),
    )
    with op.batch_alter_table("api_key") as api_key:
        api_key.alter_column("role", existing_type=sa.String(), nullable=True)
        api_key.add_column(sa.Column("permissions", sa.LargeBinary(), nullable=True))
        api_key.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        api_key.add_column(sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("DELETE FROM sign_in WHERE ended"))
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_column("ended")
        sign_in.add_column(sa.Column("client", sa.String(), nullable=True))


def downgrade() -> None:
    """Take the step back. Keys without a role are lost: nobody could say any more what they may do."""
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_column("client")
        sign_in.add_column(sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("DELETE FROM api_key WHERE role IS NULL"))
    with op.batch_alter_table("api_key") as api_key:
        for column in ("last_used_at", "expires_at", "permissions"):
            api_key.drop_column(column)
        api_key.alter_column("role", existing_type=sa.String(), nullable=False)
    op.drop_table("role")
