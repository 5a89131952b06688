"""The calls of the HTTP interface on one page, for people: what each is for, takes, answers and needs.

Made from the same description as /openapi.json, without scripts, so nothing foreign is loaded to read it."""

import json
from collections import defaultdict
from typing import Any

from fastapi import Request, Response

from assigner.console.frame import outside_page
from assigner.console.looks import looks_of
from assigner.console.route import pages

router = pages()
JSON = "application/json"


@router.get("/docs")
def reference(request: Request) -> Response:
    """All calls, grouped by what they are about."""
    schema = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            groups[call["tags"][0]].append(_shown(schema, f"{method.upper()} {path}", call))
    return outside_page(looks_of(request), "reference.html", about=schema["info"], groups=groups)


def _shown(schema: dict[str, Any], name: str, call: dict[str, Any]) -> dict[str, Any]:
    answers = [
        {"status": status, "text": answer["description"], "example": _example(schema, answer)}
        for status, answer in sorted(call["responses"].items())
    ]
    return {
        "name": name,
        "text": call["description"],
        "parameters": [each for each in call.get("parameters", []) if each["in"] != "path"],
        "body": _example(schema, call.get("requestBody", {})),
        "answers": answers,
    }


def _example(schema: dict[str, Any], described: dict[str, Any]) -> str:
    """The example of a body or an answer, as it would be sent; nothing where there is none."""
    content = described.get("content", {}).get(JSON, {})
    if "example" in content:
        return json.dumps(content["example"], indent=2)
    shape = content.get("schema", {})
    for each in (shape, *shape.get("anyOf", ())):
        if "$ref" in each:
            each = schema["components"]["schemas"][each["$ref"].rpartition("/")[2]]
        if "example" in each:
            return json.dumps(each["example"], indent=2)
    return ""
