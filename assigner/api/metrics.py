"""What operators watch, in the format of Prometheus.

Decisions, commits and waiting times are counted at every commit of this node; what waits now is looked up when asked.
Those who show a credential of a workspace are told of that workspace only."""

import logging
from collections import Counter as Counts
from collections.abc import Callable, Iterator
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from assigner.core.changes import OfferEnd
from assigner.core.explain import count_waiting
from assigner.core.model import Source
from assigner.product import Product
from assigner.service.queues import queue_states
from assigner.store.conditions import nodes_seen
from assigner.store.database import StoreUnavailable
from assigner.store.rows import OPEN, Entry

log = logging.getLogger(__name__)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 20, 60, 300, 1800, 7200)
Workspaces = Callable[[], tuple[int, ...]]
"""Which workspaces to tell of."""
OUTCOMES = {"contact.assigned": "assigned", "contact.offered": "offered"}
REFUSED = frozenset(OfferEnd)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The metrics of one product. A redecided plan is one that did not see the change right before its own."""

    def __init__(self, product: Product) -> None:
        self.registry = CollectorRegistry()
        self._looked_up: list[Callable[[Workspaces], Collector]] = []
        self._product = product
        self._decisions = Counter(
            "assigner_decisions", "Decisions of the engine", ["outcome", "reason"], registry=self.registry
        )
        self._offers = Counter(
            "assigner_offers", "Offers that came to an end, by how", ["outcome"], registry=self.registry
        )
        self._redecided = Counter(
            "assigner_redecided_plans", "Plans that were decided again under the workspace row", registry=self.registry
        )
        self._batch = Histogram(
            "assigner_commit_batch_size", "Lines of the log per commit", buckets=SIZES, registry=self.registry
        )
        self._waited = Histogram(
            "assigner_assignment_seconds", "From arrival to assignment", buckets=SECONDS, registry=self.registry
        )
        self.look_up(partial(Queues, product))
        self.look_up(partial(Memory, product))
        if product.database.is_shared:
            self.registry.register(Nodes(product))
        product.written.append(self._committed)

    def look_up(self, collector: Callable[[Workspaces], Collector]) -> None:
        """Tell of something more, that is looked up for some workspaces when asked."""
        self._looked_up.append(collector)
        self.registry.register(collector(self._product.workspaces))

    def of_workspace(self, number: int) -> CollectorRegistry:
        """What there is to tell of one workspace, to those who belong to it."""
        registry = CollectorRegistry()
        for collector in self._looked_up:
            registry.register(collector(lambda: (number,)))
        return registry

    def _committed(self, workspace: int, change_no: int, entries: list[Entry]) -> None:
        if not entries:
            return
        self._batch.observe(len(entries))
        decided = [entry for entry in entries if "decision" in entry.data]
        if decided and decided[0].data["decision"]["seen_change_no"] != change_no - 1:
            self._redecided.inc()
        for entry in decided:
            ranked = entry.data["decision"].get("ranked")
            outcome, reason = (OUTCOMES[entry.kind], ranked.key) if ranked else ("next_stop", "nobody")
            self._decisions.labels(outcome, reason).inc()
        for entry in entries:
            if entry.data.get("accepted") or (entry.kind == "contact.returned" and entry.data["reason"] in REFUSED):
                self._offers.labels(entry.data.get("reason", "accepted")).inc()
        given = (entry for entry in entries if entry.kind == "contact.assigned")
        self._observe_waits(workspace, [entry for entry in given if entry.data["source"] == Source.AUTOMATIC])

    def _observe_waits(self, workspace: int, assigned: list[Entry]) -> None:
        if not assigned:
            return
        with self._product.reading(workspace) as known:
            for entry in assigned:
                if contact := known.floor.contacts.get(entry.subject):
                    self._waited.observe((entry.at - contact.contact.arrived_at).total_seconds())


class Queues(Collector):
    """How many wait in each queue, for which reasons, how old the oldest is, and the alarms, looked up when asked."""

    def __init__(self, product: Product, workspaces: Workspaces) -> None:
        self._product = product
        self._workspaces = workspaces

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges of these workspaces."""
        labels = ["workspace", "queue"]
        waiting = GaugeMetricFamily("assigner_waiting_contacts", "Contacts that wait", labels=labels)
        because = GaugeMetricFamily(
            "assigner_waiting_because", "Contacts that wait, by reason", labels=["workspace", "reason"]
        )
        oldest = GaugeMetricFamily("assigner_oldest_wait_seconds", "Age of the oldest that waits", labels=labels)
        alarm = GaugeMetricFamily(
            "assigner_queue_alarm", "1 while a queue needs a person's eye", labels=[*labels, "reason"]
        )
        now = self._product.clock()
        for number in self._workspaces():
            with self._product.reading(number) as workspace:
                states = queue_states(workspace.floor, frozenset(workspace.floor.queues), now=now)
                reasons = count_waiting(workspace.floor, now=now)
            for reason, count in sorted(reasons.items()):
                because.add_metric([str(number), reason], count)
            for state in states:
                age = (now - state.oldest).total_seconds() if state.oldest else 0.0
                waiting.add_metric([str(number), state.name], state.waiting)
                oldest.add_metric([str(number), state.name], age)
                if state.alarm is not None:
                    alarm.add_metric([str(number), state.name, state.alarm], 1)
        yield from (waiting, because, oldest, alarm)


class Memory(Collector):
    """What this node knows of workspaces, and for which of them it decides, looked up when asked."""

    def __init__(self, product: Product, workspaces: Workspaces) -> None:
        self._product = product
        self._workspaces = workspaces

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges of these workspaces."""
        decides = GaugeMetricFamily("assigner_lock_held", "Whether this node decides", labels=["workspace"])
        change_no = GaugeMetricFamily("assigner_change_no", "The last change that is known here", labels=["workspace"])
        contacts = GaugeMetricFamily("assigner_open_contacts", "Open contacts", labels=["state", "workspace"])
        for number in self._workspaces():
            decides.add_metric([str(number)], int(self._product.decides(number)))
            with self._product.reading(number) as workspace:
                states = Counts(contact.state.value for contact in workspace.floor.contacts.values())
                known = workspace.board.change_no
            change_no.add_metric([str(number)], known)
            for state in OPEN:
                contacts.add_metric([state, str(number)], states[state])
        yield from (decides, change_no, contacts)


class Nodes(Collector):
    """The nodes that work on a shared database, and how long ago each showed that it goes on."""

    def __init__(self, product: Product) -> None:
        self._product = product

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A gauge for each node; none while the database cannot be asked."""
        age = GaugeMetricFamily("assigner_lease_age_seconds", "Since a node showed that it goes on", labels=["node"])
        try:
            with self._product.database.reading() as connection:
                for node in nodes_seen(connection):
                    age.add_metric([node.id], node.ago.total_seconds())
        except StoreUnavailable as unavailable:
            log.warning("nobody knows which nodes there are: %s", unavailable)
        yield age
