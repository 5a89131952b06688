"""What operators are told, and in which form."""

import json
import subprocess
import sys
from typing import Any

import pytest

TELLS = """
import logging, sys
from assigner.logs import Form, Level, tell, tell_operators

class Terminal:
    def isatty(self): return True
    def __getattr__(self, name): return getattr(sys.stderr, name)

tell(Level.ERROR, "before")
tell_operators(Level(sys.argv[1]), Form(sys.argv[2]), stream=Terminal() if sys.argv[3] == "terminal" else None)
tell(Level.DEBUG, "request", ms=0.4)
tell(Level.INFO, "request", request_id="r1", path="/v1/%0Acontacts", workspace=None)
logging.getLogger("uvicorn.error").info("ordinary")
logging.getLogger("uvicorn.error").warning("strange %s", "thing")
secret = "hunter2"
try:
    raise RuntimeError("gone")
except RuntimeError:
    logging.getLogger("assigner.dispatcher").exception("nothing could be done")
"""


def told(level: str, form: str, *, to: str = "pipe", **environment: str) -> str:
    """What a process of its own writes, since the way of telling is one for the whole process."""
    command = [sys.executable, "-c", TELLS, level, form, to]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout == ""
    return ran.stderr


def test_lines_are_json_where_nobody_watches() -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in told("info", "auto").splitlines()]

    assert [line.pop("at")[-1] for line in lines] == ["Z"] * 3
    exception = lines[2].pop("exception")
    assert lines == [
        {"event": "request", "level": "info", "request_id": "r1", "path": "/v1/%0Acontacts"},
        {"event": "strange thing", "level": "warning", "logger": "uvicorn.error"},
        {"event": "nothing could be done", "level": "error", "logger": "assigner.dispatcher"},
    ]
    assert exception.endswith("RuntimeError: gone")
    assert "hunter2" not in exception


@pytest.mark.parametrize(
    ("level", "events"),
    [
        pytest.param("debug", ["request", "request", "strange thing", "nothing could be done"], id="debug"),
        pytest.param("warning", ["strange thing", "nothing could be done"], id="warning"),
        pytest.param("error", ["nothing could be done"], id="error"),
    ],
)
def test_what_weighs_less_is_not_told(level: str, events: list[str]) -> None:
    assert [json.loads(line)["event"] for line in told(level, "json").splitlines()] == events


@pytest.mark.parametrize(
    ("form", "environment", "coloured"),
    [
        pytest.param("auto", {}, True, id="a terminal"),
        pytest.param("auto", {"NO_COLOR": "1"}, False, id="a terminal without colours"),
    ],
)
def test_lines_are_for_people_in_a_terminal(form: str, environment: dict[str, str], coloured: bool) -> None:
    text = told("info", form, to="terminal", **environment)

    assert ("\x1b[" in text) == coloured
    assert "r1" in text
    assert "RuntimeError: gone" in text
    assert "hunter2" not in text


def test_lines_can_be_json_in_a_terminal_and_text_elsewhere() -> None:
    assert json.loads(told("error", "json", to="terminal").splitlines()[0])["level"] == "error"
    assert told("error", "text").splitlines()[0].split()[1:3] == ["[error", "]"]


def test_a_process_that_tells_nobody_is_quiet() -> None:
    program = "from assigner.logs import Level, tell\ntell(Level.ERROR, 'request', request_id='r1')\n"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert (ran.stdout, ran.stderr) == ("", "")


def test_a_line_that_cannot_be_written_is_lost_and_nothing_else() -> None:
    program = (
        "import io, sys\n"
        "from assigner.logs import Form, Level, tell, tell_operators\n"
        "gone = io.StringIO()\n"
        "tell_operators(Level.INFO, Form.JSON, stream=gone)\n"
        "gone.close()\n"
        "tell(Level.INFO, 'commit', change_no=1)\n"
        "print('goes on')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout == "goes on\n"
