"""The documentation of the calls (OpenAPI), completed with what is the same for all of them.

FastAPI writes what each call takes and answers; here comes what it needs, and every problem it may answer with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from assigner.api import access
from assigner.api.errors import Problem, documented
from assigner.api.intake import BatchIn
from assigner.api.safety import SAFE
from assigner.api.schemas import ContactIn, ContactPatch
from assigner.api.sessions import ActivityIn

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or the token of a session"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "assigner_session", "description": "The cookie of a session"},
}

READ_HERE: tuple[type[BaseModel], ...] = (Problem, ContactIn, BatchIn, ContactPatch, ActivityIn)
"""Shapes that FastAPI does not see."""
EXAMPLES: dict[str, dict[str, dict[str, Any]]] = json.loads(Path(__file__).with_name("examples.json").read_text())
"""An answer to each call, by status and kind of content, as the service gave it."""


def completed(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What makes the documentation of an application, once."""
    by_framework = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = by_framework()
        components = schema.setdefault("components", {})
        shapes = components.setdefault("schemas", {})
        for kind in READ_HERE:
            shape = kind.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes |= shape.pop("$defs", {}) | {kind.__name__: shape}
        for unused in ("HTTPValidationError", "ValidationError"):
            shapes.pop(unused, None)
        components["securitySchemes"] = SECURITY
        for path, methods in schema["paths"].items():
            for method, call in methods.items():
                _complete(f"{method.upper()} {path}", call)
        return schema

    return openapi


def _complete(name: str, call: dict[str, Any]) -> None:
    """Say of a call what it needs, and which problems it may answer with."""
    call["description"] = f"{call.get('description', '')}\n\nNeeds {access.in_words(name)}.".strip()
    if access.NEEDS[name] is not None:
        call["security"] = [{scheme: []} for scheme in SECURITY]
    statuses = {503} | ({403} if name.partition(" ")[0] not in SAFE else set())
    if "requestBody" in call:
        statuses |= {413, 422}
    if "422" in call["responses"]:
        statuses |= {422}
    call["responses"] |= {str(status): told for status, told in documented(*statuses).items()}
    for status, by_kind in EXAMPLES.get(name, {}).items():
        for kind, example in by_kind.items():
            call["responses"][status].setdefault("content", {}).setdefault(kind, {})["example"] = example
