"""What a process tells its operators, one line per event on its standard error: JSON for machines, else for people.

Until `tell_operators` is called, nothing is told: a library that is used in somebody's tests keeps quiet. Lines of
libraries that use `logging` come out in the same form. A line names ids, numbers and durations, never secrets, nor what
a customer wrote."""

import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any, TextIO

import msgspec
import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.stdlib import ProcessorFormatter
from structlog.typing import FilteringBoundLogger, Processor

REQUEST, COMMIT = "request", "commit"
"""The events of the two lines that come most often: a request was answered, a group was committed."""
FROM_WARNINGS = ("alembic", "asyncio", "uvicorn")
"""Libraries that tell of their ordinary work what nobody asks for."""

_write_json = msgspec.json.Encoder(enc_hook=str).encode


class Level(StrEnum):
    """What is told: everything, or only what weighs as much as this."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Form(StrEnum):
    """How lines are written; `auto` means for people in a terminal, else JSON."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


WEIGHT = {level: logging.getLevelNamesMapping()[level.upper()] for level in Level}
_lines: FilteringBoundLogger | None = None


def tell_operators(
    level: Level, form: Form, *, stream: TextIO | None = None, environment: Mapping[str, str] = os.environ
) -> None:
    """From now on tell what weighs as much as `level`, also what libraries log, on `stream` (standard error)."""
    to = stream or sys.stderr
    threshold = WEIGHT[level]
    as_json = form is Form.JSON or (form is Form.AUTO and not to.isatty())
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    if as_json:
        shared.append(structlog.processors.format_exc_info)
        written: Processor = _json
    else:
        colors = to.isatty() and not environment.get("NO_COLOR")
        written = ConsoleRenderer(
            colors=colors, timestamp_key="at", sort_keys=False, exception_formatter=plain_traceback
        )
    structlog.configure(
        processors=[*shared, written],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(to),
    )
    global _lines
    _lines = structlog.get_logger().bind()
    _bring_in_libraries(to, threshold, [*shared, ProcessorFormatter.remove_processors_meta, written])


def is_told(level: Level) -> bool:
    """Whether anybody wants to know what weighs so much."""
    return _lines is not None and _lines.is_enabled_for(WEIGHT[level])


def tell(level: Level, event: str, **fields: Any) -> None:
    """Tell something, if anybody wants to know; fields that are None are left out.

    A line that cannot be written, for a disk is full or a pipe is closed, is lost, and the work it tells of goes on."""
    if _lines is not None and is_told(level):
        known = {name: value for name, value in fields.items() if value is not None}
        with suppress(OSError, ValueError):
            _lines.log(WEIGHT[level], event, **known)


def _bring_in_libraries(to: TextIO, threshold: int, processors: list[Processor]) -> None:
    lines = logging.StreamHandler(to)
    lines.setFormatter(ProcessorFormatter(foreign_pre_chain=[structlog.stdlib.add_logger_name], processors=processors))
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(threshold)
    for name in FROM_WARNINGS:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


def _json(_logger: Any, _method: str, fields: Any) -> str:
    return _write_json(fields).decode()
