"""Pages as a program reads them: their elements, and the forms in them, filled in and sent as a browser would."""

from html.parser import HTMLParser

from assigner.testing import Client

Attributes = dict[str, str | None]


class Elements(HTMLParser):
    """Every element of a page with its attributes, its text, and what stands inside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Attributes]] = []
        self.text = ""
        self.inline = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser gives it
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.inline += data
        else:
            self.text += data

    def named(self, tag: str) -> list[Attributes]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.found if name == tag]


def page(client: Client, path: str, **headers: str) -> Elements:
    """A page that is there."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return Elements(answer.text)
