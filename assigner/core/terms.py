"""What holds for one agent and one queue, where several may say it: the agent, the queue, the workspace.

Offers are the queue's, else the workspace's; wrap-up is the agent's, else the queue's, else the workspace's."""

from assigner.core.changes import AssignmentSettings
from rules.model import OfferTerms, Queue
from rules.organisation import Agent

AT_ONCE = OfferTerms()
"""Nothing is offered: contacts are assigned at once."""


def offer_terms(queue: Queue | None, settings: AssignmentSettings) -> OfferTerms:
    """How contacts of a queue are offered; without a timeout they are assigned at once."""
    general = settings.offer or AT_ONCE
    own = queue.offer if queue is not None else None
    if own is None:
        return general
    return OfferTerms(
        timeout=own.timeout,
        decline_pause=general.decline_pause if own.decline_pause is None else own.decline_pause,
        missed_limit=general.missed_limit if own.missed_limit is None else own.missed_limit,
    )


def wrap_up_seconds(agent: Agent, queue: Queue | None, settings: AssignmentSettings) -> int:
    """For how long capacity stays held after a close."""
    if agent.wrap_up is not None:
        return agent.wrap_up
    return settings.wrap_up if queue is None or queue.wrap_up is None else queue.wrap_up
