"""The table of figures in the README of the reports, made from the code; run this file to write it anew.

Run it as `.venv/bin/python -m tests.service.test_report_readme`."""

from pathlib import Path

from assigner.service.reports.figures import CONTENTS

README = Path(__file__).parents[2] / "assigner" / "service" / "reports" / "README.md"
BEGIN, END = "<!-- made by tests/service/test_report_readme.py -->", "<!-- end -->"


def tables() -> str:
    """All reports with their figures."""
    written = []
    for report, contents in CONTENTS.items():
        by = ", ".join(f"`{each}`" for each in contents.by)
        only = ", ".join(f"`{each}=`" for each in contents.only) or "nothing"
        written += [
            f"## `{report}`",
            f"{contents.tells}.\n\nBy {by}; can be limited to one with {only}.",
            "| figure | unit | meaning |\n|---|---|---|\n"
            + "\n".join(f"| `{each.name}` | {each.unit} | {each.meaning} |" for each in contents.figures),
        ]
    return "\n\n".join(written)


def with_tables(text: str) -> str:
    """The README with the tables that the code gives."""
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:start]}\n{tables()}\n{text[end:]}"


def test_the_readme_tells_what_the_code_counts() -> None:
    text = README.read_text(encoding="utf-8")

    assert text == with_tables(text)


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
