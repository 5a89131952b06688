"""The history of the tables, as Alembic reads it: one module in `versions/` for every step, oldest first."""
