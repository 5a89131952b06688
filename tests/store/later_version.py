"""A later version of the product: a copy of this one's code, with one more step of the tables."""

import shutil
from pathlib import Path

import assigner
from assigner.store.revisions import newest_revision

HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
{oldest_usable}
"""
EXPANDING = """
def upgrade():
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table not in ("alembic_version", "schema_step"):
            op.add_column(table, sa.Column("of_tomorrow", sa.String(), nullable=True))
    op.create_table("tomorrow", sa.Column("workspace", sa.Integer(), primary_key=True))
"""
"""A new column in every table, and a new table."""
CONTRACTING = """
def upgrade():
    op.drop_table("tomorrow")
"""
"""Something is not there any more. No copy needs it, being a copy; but that nobody can know."""


def expanded(folder: Path) -> Path:
    """The version after this one, which only adds."""
    return _copied(Path(assigner.__file__).parents[1], folder / "expanded", EXPANDING, before=newest_revision())


def contracted(after: Path, folder: Path) -> Path:
    """The version after that, which takes something away and says that this one needs it."""
    return _copied(after, folder / "contracted", CONTRACTING, before="expanded")


def _copied(code: Path, to: Path, step: str, *, before: str) -> Path:
    for room in ("assigner", "presence", "rules"):
        shutil.copytree(code / room, to / room, ignore=shutil.ignore_patterns("__pycache__", "pictures"))
    stated = f'oldest_usable = "{before}"' if step is CONTRACTING else ""
    head = HEAD.format(revision=to.name, before=before, oldest_usable=stated)
    (to / "assigner/store/migrations/versions" / f"{to.name}.py").write_text(head + step)
    return to
