"""Pages as a program reads them: their elements, and the forms in them, filled in and sent as a browser would."""

from html.parser import HTMLParser

from assigner.testing import Client, Workbench

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


def administrator(bench: Workbench) -> Client:
    """Somebody who may do everything."""
    bench.client().put("/v1/agents/ada", json={"name": "Ada", "role": "admin"}).raise_for_status()
    return bench.sign_in("ada")


def page(client: Client, path: str, **headers: str) -> Elements:
    """A page that is there."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return Elements(answer.text)


def filled_in(client: Client, path: str) -> dict[str, list[str]]:
    """The fields of the first form of a page that is sent back to it, as a browser would send them."""
    shown, inside = page(client, path), False
    fields: dict[str, list[str]] = {}
    selected: str | None = None
    for tag, each in shown.found:
        if tag == "form":
            inside = each["action"] == path
        name, value = each.get("name") or "", each.get("value")
        if not inside:
            continue
        if tag == "select":
            selected = name
        elif tag == "option" and "selected" in each and selected:
            fields[selected] = [value or ""]
        elif tag == "input" and name and (each.get("type") not in ("checkbox", "radio") or "checked" in each):
            fields.setdefault(name, []).append(value or "")
    return fields
