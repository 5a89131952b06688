"""What `assigner doctor` asks of a running node: whether it is ready, and whether its memory agrees with the tables.

Memory and tables are compared at the same change, since a node that works is never asked at rest."""

import re
from collections import Counter
from collections.abc import Iterator
from time import sleep

import httpx2

from assigner.commands.findings import Finding, failed, fine, warned
from assigner.store.conditions import counted
from assigner.store.database import Database
from assigner.store.load import newest_change
from assigner.store.workspaces import workspaces

GAUGE = re.compile(r'assigner_(change_no|open_contacts)\{(?:state="(\w+)",)?workspace="(\d+)"\} (\d+)')
TRIES, PAUSE = 30, 0.1
"""How often a busy node is asked until memory and tables are seen at the same change, and seconds in between."""
SECONDS = 5.0


def ask_node(database: Database, address: str, *, token: str | None) -> Iterator[Finding]:
    """Whether a node is ready, and for each workspace whether it counts the contacts that the tables hold."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx2.Client(base_url=address, headers=headers, timeout=SECONDS) as client:
            ready = client.get("/readyz")
            if ready.status_code != 200:
                told = ready.json().get("detail", "") if "json" in ready.headers.get("content-type", "") else ""
                yield failed("node", f"{address} is not ready ({ready.status_code}): {told}", "do what it says")
                return
            yield fine("node", f"{address} is ready")
            yield from _memory(database, client)
    except httpx2.HTTPError as error:
        yield failed("node", f"{address} cannot be asked: {error}", "see that it runs, and that the address is right")


def _memory(database: Database, client: httpx2.Client) -> Iterator[Finding]:
    with database.reading() as connection:
        numbers = workspaces(connection).values()
    for number in numbers:
        yield _compared(database, client, number)


def _compared(database: Database, client: httpx2.Client, number: int) -> Finding:
    """What the node's memory and the tables say of the same moment: the number of the last change tells."""
    for _ in range(TRIES):
        answer = client.get("/metrics")
        if answer.status_code != 200:
            told = f"/metrics answers {answer.status_code}, so its memory cannot be compared"
            return warned("memory", told, "set ASSIGNER_METRICS_TOKEN to that of the node")
        at, in_memory = _told_by(answer.text, number)
        with database.reading() as connection:
            newest = newest_change(connection, number)
            in_table: Counter[str] = Counter()
            for each, count in counted(connection, number).items():
                in_table[each.state] += count
        if at == newest:
            break
        sleep(PAUSE)
    else:
        told = f"workspace {number} changes too often for its memory to be compared"
        return warned("memory", told, "ask again when less happens")
    if in_memory == in_table:
        return fine("memory", f"workspace {number}: the node counts {in_table.total()} open contacts, as the table")
    told = f"workspace {number}: the node counts {dict(in_memory)}, the table {dict(in_table)}"
    return failed("memory", told, "start the node again, keep its log, and report it: this is a defect")


def _told_by(metrics: str, number: int) -> tuple[int | None, Counter[str]]:
    """The last change that a node knows of a workspace, and its open contacts by state."""
    at, counts = None, Counter[str]()
    for name, state, workspace, value in GAUGE.findall(metrics):
        if int(workspace) == number and name == "change_no":
            at = int(value)
        elif int(workspace) == number and int(value):
            counts[state] = int(value)
    return at, counts
