"""For whoever changes what the console says: bring `assigner/console/locale/*.po` up to its templates and modules.

`python -m tests.console.catalogs` in the environment adds what is new, with an empty translation to fill in, and drops
what nobody says any more. A test fails while anything is missing or empty."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from assigner.service.reports.figures import CONTENTS
from rules.versions import Wording

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = ROOT / "assigner" / "console"
SENTENCES = (ROOT / "presence", ROOT / "rules", ROOT / "assigner" / "service", ROOT / "assigner" / "api", CONSOLE)
"""Rooms whose refusals and findings remember their wording (presence/wording.py)."""
LANGUAGES = ("de", "es")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}

Message = str | tuple[str, ...]


def main() -> None:
    """Write both catalogs anew, keeping every translation that is still needed."""
    wanted = said()
    for language in LANGUAGES:
        path = CONSOLE / "locale" / f"{language}.po"
        path.write_bytes(written(renewed(read(language), wanted)))


def said() -> set[Message]:
    """Every message that templates and modules have translated; a pair has a singular and a plural."""
    found = extract_from_dir(CONSOLE, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if message} | said_elsewhere()


def said_elsewhere() -> set[Message]:
    """What other rooms say in English and pages say in the reader's language."""
    told = {contents.tells for contents in CONTENTS.values()}
    meanings = {figure.meaning for contents in CONTENTS.values() for figure in contents.figures}
    worded = {wording for room in SENTENCES for path in room.rglob("*.py") for wording in sentences(path.read_text())}
    return {*told, *meanings, *(wording.value for wording in Wording), *worded}


def sentences(source: str) -> Iterator[str]:
    """The wordings of the sentences that a module makes; one may stand within another."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="sentence"), args=[ast.Constant(value=str(wording))]):
                yield wording


def read(language: str) -> Catalog:
    """The catalog of a language as it stands in its file."""
    return read_po(BytesIO((CONSOLE / "locale" / f"{language}.po").read_bytes()), locale=language)


def renewed(old: Catalog, wanted: set[Message]) -> Catalog:
    """A catalog of just the wanted messages, translated where the old one was."""
    new = Catalog(locale=old.locale)
    for message in sorted(wanted, key=str):
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known is not None else "")
    return new


def written(catalog: Catalog) -> bytes:
    """A catalog as its file: sorted, and without lines that change by themselves."""
    text = BytesIO()
    catalog.fuzzy = False
    write_po(text, catalog, width=0, omit_header=True, sort_output=True)
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalog.locale}\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return head.encode() + text.getvalue().strip() + b"\n"


if __name__ == "__main__":
    main()
