"""What operators watch of webhooks, in the format of Prometheus: requests by outcome, what failed, and how far behind.

Requests are counted by the sender; everything else is looked up when asked."""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from assigner.product import Product
from assigner.store.load import changes_after
from assigner.store.webhooks import State, WebhookRecord, count_deliveries, failing_since
from assigner.webhooks.sender import Sender

LABELS = ["workspace", "webhook"]


class WebhookMetrics(Collector):
    """The metrics of the webhooks of some workspaces."""

    def __init__(self, product: Product, sender: Sender, workspaces: Callable[[], tuple[int, ...]]) -> None:
        self._product = product
        self._sender = sender
        self._workspaces = workspaces

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """Requests by outcome, and the gauges of every webhook."""
        requests = CounterMetricFamily(
            "assigner_webhook_requests", "Requests to receivers of webhooks", labels=[*LABELS, "outcome"]
        )
        numbers = self._workspaces()
        for (workspace, webhook_id, outcome), count in sorted(self._sender.attempts.items()):
            if workspace in numbers:
                requests.add_metric([str(workspace), webhook_id, outcome], count)
        failed = GaugeMetricFamily("assigner_webhook_events", "Events not taken", labels=[*LABELS, "state"])
        lag = GaugeMetricFamily("assigner_webhook_lag_seconds", "Age of the oldest event not taken", labels=LABELS)
        active = GaugeMetricFamily("assigner_webhook_active", "Whether events are sent", labels=LABELS)
        for number in numbers:
            with self._product.reading(number) as known:
                webhooks = tuple(known.webhooks.values())
            if not webhooks:
                continue
            with self._product.database.reading() as connection:
                counts = count_deliveries(connection, number)
                for webhook in webhooks:
                    labels = [str(number), webhook.id]
                    for state in State:
                        failed.add_metric([*labels, state], counts.get((webhook.id, state), 0))
                    lag.add_metric(labels, self._lag(connection, number, webhook))
                    active.add_metric(labels, int(webhook.definition.active))
        yield from (requests, failed, lag, active)

    def _lag(self, connection: Connection, workspace: int, webhook: WebhookRecord) -> float:
        """For how many seconds the oldest event that is still to be taken has waited."""
        since = failing_since(connection, workspace, webhook.id)
        next_line = changes_after(connection, workspace, self._sender.read_up_to(workspace, webhook), limit=1)
        waiting: list[datetime] = [entry.at for _, _, entry in next_line]
        oldest = min((*waiting, since) if since is not None else waiting, default=None)
        return 0.0 if oldest is None else max(0.0, (self._product.clock() - oldest).total_seconds())
