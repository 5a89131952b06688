"""The picture in assigner/core/README.md is the one that the table of states draws; run this file to write it anew.

python -m tests.core.test_core_readme"""

from pathlib import Path

from assigner.core.contact_states import diagram

README = Path(__file__).parents[2] / "assigner" / "core" / "README.md"
BEGIN, END = "<!-- picture: begin -->\n", "<!-- picture: end -->\n"


def with_picture(text: str) -> str:
    """The page with the picture as it is now."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}```mermaid\n{diagram()}\n```\n{END}{after}"


def test_the_picture_is_drawn_from_the_table() -> None:
    text = README.read_text()

    assert text == with_picture(text)


if __name__ == "__main__":
    README.write_text(with_picture(README.read_text()))
