"""Two nodes prune one workspace at once, as may be while the right to decide changes hands."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from assigner.product import Product
from assigner.pruner import Pruner
from assigner.service.verify import verify
from assigner.store.database import Database
from assigner.store.pruning import Bounds
from assigner.testing import Workbench
from tests.databases import Server
from tests.faults.test_pruning_killed import kept_stories, live

THREE_DAYS = 3 * 24 * 3600
SMALL = Bounds(contacts=2, lines=5, followed=20)


def test_two_nodes_that_prune_at_once_lose_nothing_that_is_kept_and_leave_nothing_to_do(server: Server) -> None:
    with server.migrated() as url, Workbench(database=url) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 3}).raise_for_status()
        for name in ("old", "new"):
            bench.sign_in("ana")
            live(admin, name, 30)
            bench.advance(THREE_DAYS if name == "old" else 0)
        kept, number = kept_stories(admin), bench.product.workspaces()[0]
        nodes = [Product(Database(url), clock=lambda: bench.now, inline=True) for _ in range(2)]
        together = Barrier(len(nodes))

        def prune(node: Product) -> int:
            pruner, pieces = Pruner(node, keep_days=1, bounds=SMALL), 0
            for _ in range(2):
                together.wait()
                pieces += pruner.step(number)
            while pruner.step(number):
                pieces += 1
            return pieces

        with ThreadPoolExecutor(len(nodes)) as threads:
            pieces = list(threads.map(prune, nodes))
        left = Pruner(bench.product, keep_days=1).step(number)
        verified = verify(nodes[0].database, number)
        for node in nodes:
            node.stop()

        assert (min(pieces) > 1, left, verified.differences) == (True, False, ())
        assert kept_stories(admin) == kept
        assert [each for each, (ended, _) in kept_stories(admin).items() if each.startswith("old") and ended] == []
