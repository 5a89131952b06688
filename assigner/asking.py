"""A request on its way to a dispatcher: what is to be done, what it came with, and where its answer goes."""

from typing import Any, Protocol, TypeVar

from assigner.service import request_id
from assigner.service.unit import Unit

Answer = TypeVar("Answer", covariant=True)


class Request(Protocol[Answer]):
    """What a caller asks to be done: it checks, records what becomes true, and answers."""

    def __call__(self, unit: Unit) -> Answer:
        """Do it, as part of one change. Raises Refused, and has then changed nothing."""


class Reply(Protocol):
    """Where the answer to a request goes. Called in the thread that commits."""

    def set_result(self, result: Any, /) -> None:
        """The answer, after the commit."""

    def set_exception(self, exception: BaseException, /) -> None:
        """Why it was refused, or could not be carried out."""


class Waiting:
    """A request that waits for its group, with the contacts that it names, and the call that it came with."""

    def __init__(self, request: Request[Any], contact_ids: tuple[str, ...], reply: Reply) -> None:
        self.request = request
        self.contact_ids = contact_ids
        self.call = request_id.CURRENT.get()
        self.reply = reply
