"""What the work costs when millions of contacts have ended (design: hot statements stay on indexes of open work).

Two databases of one private PostgreSQL server differ only in how many contacts have ended: a hundredth, or all of them.
In both the product lives the same rounds in turn; then every statement of some more lives is explained where it is
made, and the buffers that it touches are counted: at an arrival others than when a contact ends."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import text

from assigner.benchmarks.databases import PostgresqlServer
from assigner.benchmarks.measure import Figure, Unit, in_turn, per_second
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.statements import heard
from assigner.product import Product
from assigner.service.actor import ROLES, Actor
from assigner.service.contacts import accept, close
from assigner.service.ids import new_id
from assigner.store.database import Database
from assigner.wiring import wall_clock
from rules.model import Contact

NUMBER = 1
BY = Actor(name="benchmark", workspace=NUMBER, permissions=ROLES["admin"])
AGENTS, LIVES = 100, 100
EXPLAINED = 101
"""So many lives are explained, and the median counts: while the last page of a tree is nearly full, it takes more to
enter a row."""
CONTACT = """
INSERT INTO contact
SELECT workspace, 'old-' || n, version + n, number + n, state, agent_id, queue, office,
       closed_at - n * interval '1 second', closed_by, outcome, body_hash, place
FROM contact, generate_series(1, :count) n WHERE id = 'first'"""
WITH_WHOM = """
INSERT INTO ended_with
SELECT workspace, agent_id, number + n, 'old-' || n FROM contact, generate_series(1, :count) n WHERE id = 'first'"""
TOLD = """
INSERT INTO contact_data
SELECT workspace, 'old-' || n, customer_id, attributes
FROM contact_data, generate_series(1, :count) n WHERE contact_id = 'first'"""
LINES = """
INSERT INTO change
SELECT workspace, (SELECT change_no FROM workspace) + n, position, at, by, kind, 'old-' || n, data, change
FROM (
    SELECT *, row_number() OVER (ORDER BY change_no, ordinal) AS position FROM change WHERE subject = 'first'
) AS line,
     generate_series(1, :count) n"""
NUMBERS = "UPDATE workspace SET change_no = change_no + :count, arrivals = arrivals + :count"
FILL = (CONTACT, WITH_WHOM, TOLD, LINES, NUMBERS)
"""What copies one contact that has ended, with its lines of the log."""


class Touched(NamedTuple):
    """How many buffers a statement touches, and how many rows it writes at once; none, where it finds some."""

    buffers: int
    rows: int

    @property
    def each(self) -> float:
        """The buffers of the statement, or for each row that it writes: each goes into the trees on its own."""
        return self.buffers / (self.rows or 1)


class Made(NamedTuple):
    """A statement, and how often the same was made before in one life."""

    statement: str
    before: int


class Grown:
    """A product on a database in which many contacts have ended."""

    def __init__(self, url: str, *, closed: int) -> None:
        prepare(url, agents=AGENTS)
        self._product = Product(Database(url), clock=wall_clock, inline=True)
        self._live("first")
        self._fill(closed)
        self._product.stop()
        self._product = Product(Database(url), clock=wall_clock, inline=True)
        self._live("warm")

    def round(self) -> float:
        """Lives of contacts per second: taken in, given out and closed, each step in a commit of its own."""
        ids = [new_id(now=wall_clock()) for _ in range(LIVES)]

        def live() -> None:
            for each in ids:
                self._live(each)

        return per_second(live, units=LIVES)

    def buffers(self) -> dict[Made, Touched]:
        """What each statement of a life touches, at the moment at which it is made."""
        touched: defaultdict[Made, list[Touched]] = defaultdict(list)
        made: Counter[str] = Counter()

        def explain(connection: psycopg.Connection[Any], statement: str, given: Any) -> None:
            touched[Made(statement, made[statement])].append(_touched(connection, statement, given))
            made[statement] += 1

        with heard(self._product.database, explain):
            for number in range(EXPLAINED):
                made.clear()
                self._live(f"explained-{number}")
        return {each: sorted(of_lives)[len(of_lives) // 2] for each, of_lives in touched.items()}

    def stop(self) -> None:
        """Let go of the database."""
        self._product.stop()

    def _live(self, contact_id: str) -> None:
        contact = Contact(id=contact_id, arrived_at=wall_clock(), channel="chat", customer_id="customer")
        self._ask(partial(accept, actor=BY, contact=contact, sent=b""), contact_id)
        self._ask(partial(close, actor=BY, contact_id=contact_id, outcome=None), contact_id)

    def _ask(self, request: Any, contact_id: str) -> None:
        self._product.submit(NUMBER, request, contact_ids=(contact_id,)).result()

    def _fill(self, count: int) -> None:
        with self._product.database.writing() as connection:
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            for statement in FILL:
                connection.execute(text(statement), {"count": count})
        with self._product.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
            connection.execute(text("CHECKPOINT"))


def growth(place: PostgresqlServer, *, closed: int, rounds: int) -> list[Figure]:
    """What the work costs after so many contacts have ended, beside a hundredth of them."""
    few, many = Grown(place.new("few"), closed=closed // 100), Grown(place.new("many"), closed=closed)
    rates = in_turn({"many": many.round, "few": few.round}, rounds=rounds)
    of_few, of_many = few.buffers(), many.buffers()
    grown = [(touched.each - of_few[made].each, touched, made) for made, touched in of_many.items()]
    few.stop()
    many.stop()
    return [_time(rates, closed), *_buffers(grown, closed)]


def _time(rates: dict[str, float], closed: int) -> Figure:
    return Figure(
        name="growth",
        on=PostgresqlServer.name,
        what=f"lives of contacts with {closed // 100:,} that have ended ÷ with {closed:,}",
        case=rates["few"],
        other=rates["many"],
        at_most=1.25,
        unit=Unit.RATE,
    )


def _buffers(grown: Sequence[tuple[float, Touched, Made]], closed: int) -> Iterator[Figure]:
    for more, touched, made in sorted(grown, reverse=True):
        yield Figure(
            name="growth",
            on=PostgresqlServer.name,
            what=f"buffers more with {closed:,}: {' '.join(made.statement.split())[:60]} ({made.before + 1}.)",
            case=more,
            at_most=1,
            unit=Unit.BUFFERS,
            remark=f"{touched.buffers} for {touched.rows} rows at once" if touched.rows > 1 else f"{touched.buffers}",
        )


def _touched(connection: psycopg.Connection[Any], statement: str, given: Any) -> Touched:
    """What a statement touches, once it is in memory; what it changes is taken back."""
    explaining = psycopg.Cursor(connection)
    for _ in range(2):
        explaining.execute("SAVEPOINT explained")
        explaining.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}".encode(), given)
        ((plans,),) = explaining.fetchall()
        plan = plans[0]["Plan"]
        explaining.execute("ROLLBACK TO SAVEPOINT explained")
    written = plan["Plans"][0]["Actual Rows"] if plan["Node Type"] == "ModifyTable" else 0
    return Touched(int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]), int(written))
