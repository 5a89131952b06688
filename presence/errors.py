"""The refusals of the whole product, at its lowest layer so that every room may raise them.

A refusal says what was refused, which field or name it was about, and what to do now; it changes nothing.
Only the outermost layer turns a refusal into an exit code or an HTTP answer."""

from collections.abc import Iterable
from difflib import get_close_matches

from presence.wording import sentence


class Refused(Exception):
    """A request that cannot be carried out. `code` is stable and for machines, the message is for people."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        """How a refusal is handed to another process."""
        return type(self), (self.code, self.message), {"field": self.field}


class Invalid(Refused):
    """What was sent makes no sense: a wrong type, an unknown name, a value out of range."""


class NotFound(Refused):
    """The thing that was named does not exist."""


class Conflict(Refused):
    """What was sent makes sense, but not in the state things are in now."""


class Forbidden(Refused):
    """This caller may not do this."""


class TooMany(Refused):
    """This was asked too often; it may be asked again in `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__("too_many_requests", message)
        self.retry_after = retry_after


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The known name nearest to a wrong one as "; did you mean ...?", or nothing where none is near."""
    near = get_close_matches(str(name), known, n=1)
    return sentence('; did you mean "%(name)s"?', name=near[0]) if near else ""
