"""The documentation of the calls (OpenAPI), completed with what is the same for all of them.

FastAPI writes what each call takes and answers; here comes what it needs, and every problem it may answer with."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from assigner.api import access
from assigner.api.errors import Problem, documented
from assigner.api.safety import SAFE

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or the token of a session"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "assigner_session", "description": "The cookie of a session"},
}


def completed(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What makes the documentation of an application, once."""
    by_framework = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = by_framework()
        components = schema.setdefault("components", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes = components.setdefault("schemas", {})
        shapes |= problem.pop("$defs", {}) | {"Problem": problem}
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
