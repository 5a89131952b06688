"""What stands in a form: as it was sent, or as the page fills it in at first. One shape for both, so that a form that
was refused is shown again as it was.

Everything is text here; the readers say what cannot be read, and the service what may not be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from fastapi import Request

from assigner.console.language import N_, told
from assigner.service.asked import Malformed
from presence.errors import Invalid, Refused
from presence.wording import Say, said, sentence

UNITS: Mapping[str, str] = MappingProxyType({"1": N_("seconds"), "60": N_("minutes"), "3600": N_("hours")})
"""In what periods are given: how many seconds each is, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The fields of a form by name, each with all its values. What is not there is empty.

    A field is called as it is in the document that the form is about, so what is refused is said beside it: `problems`
    are what is wrong with what, in the language of the reader."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The one value of a field, without blanks around it."""
        values = self.fields.get(name, ())
        return values[0].strip() if values else ""

    def needed(self, name: str, why: str) -> str:
        """The text of a field that may not be empty, for that reason. Raises Invalid."""
        text = self.text(name)
        if not text:
            raise Invalid("invalid", why, field=name)
        return text

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a field: what is ticked."""
        return self.fields.get(name, ())

    def has(self, name: str, value: str = "on") -> bool:
        """Whether something is ticked or chosen."""
        return value in self.fields.get(name, ())

    def whole(self, name: str) -> int | None:
        """A whole number; None where the field is empty. Raises Invalid."""
        text = self.text(name)
        if not text:
            return None
        if not text.lstrip("+-").isdecimal() or len(text) > 15:
            raise Invalid(
                "invalid", sentence("“%(text)s” is not a whole number; give one such as 10", text=text), field=name
            )
        return int(text)

    def seconds(self, name: str) -> int | None:
        """A period in the unit that stands beside it; None where the field is empty. Raises Invalid."""
        number, unit = self.whole(name), self.text(f"{name}_unit")
        if unit not in UNITS:
            raise Invalid("invalid", sentence("a unit of time is missing; go back and reload the page"), field=name)
        return None if number is None else number * int(unit)

    def problem(self, name: str) -> str:
        """What is wrong with a field, with something in it, or with what it is a part of; "" where nothing is."""
        return next((text for path, text in self.problems.items() if self._is_at(path, name)), "")

    def _is_at(self, path: str, name: str) -> bool:
        """Whether a problem belongs to a field: the innermost that it is about, else to all that are parts of it."""
        around = [each for each in {*self.fields, name} if _within(path, each)]
        return name == max(around, key=len) if around else _within(name, path)

    def refused(self, why: Refused, say: Say) -> "Filled":
        """The same, with what was refused beside its fields."""
        if isinstance(why, Malformed):
            found = {each.path: said(each.message, say) for each in reversed(why.found)}
        else:
            found = {why.field: told(why, say)} if why.field else {}
        return replace(self, problems=found)


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))


async def filled_in(request: Request) -> Filled:
    """A form as it was sent."""
    form = await request.form(max_files=0)
    sent = {name: tuple(each for each in form.getlist(name) if isinstance(each, str)) for name in form}
    return Filled(fields=sent)


def period(name: str, seconds: int | None) -> dict[str, tuple[str, ...]]:
    """The two fields of a period, in the largest unit that people would say it in: 60 minutes, but 2 hours."""
    unit = next((each for each in (3600, 60) if seconds and seconds % each == 0 and seconds > each), 1)
    if not seconds or seconds == 60:
        unit = 60
    return {name: (str(seconds // unit) if seconds else "",), f"{name}_unit": (str(unit),)}


def ticked(value: bool) -> tuple[str, ...]:
    """The values of a box that is ticked or is not."""
    return ("on",) if value else ()
