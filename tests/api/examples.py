"""For whoever changes what calls answer: the examples in the documentation are answers that the service gave here.

`python -m tests.api.examples` in the environment asks every call again and writes `assigner/api/examples.json`. A test
fails while an answer that is documented has no example, or when the service would answer otherwise by now."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
from starlette.routing import Match, Route

from assigner.api import app
from assigner.testing import Client, Workbench
from tests.api.story import STORY, Step

FILE = Path(app.__file__).with_name("examples.json")
JSON = "application/json"
SOONER = {"items": 3, "agents": 2, "figures": 2, "changes": 2, "permissions": 5}
"""How much of a long list an example shows."""
UNLIKE_EACH_TIME = (
    (
        re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
        "019b8dc1-2c00-7a3e-9f51-6d2b8c4e7a10",
    ),
    (re.compile(r"\bak_[0-9a-f]{16}_[\w-]+"), "ak_5f0c2a9be1d47c38_a-secret-that-is-shown-once"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "5f0c2a9be1d47c38"),
    (
        re.compile(r"http://workbench/invitation/[\w-]+"),
        "https://contacts.example.com/invitation/a-secret-that-is-shown-once",
    ),
    (re.compile(r"\bwhsec_[\w+/=-]+"), "whsec_a-secret-that-is-shown-once"),
    (re.compile(r'"token": "[\w-]+"'), '"token": "a-secret-that-is-shown-once"'),
    (re.compile(r'"(workspace|number)":\d+'), r'"\1":1'),
    (re.compile(r"bench-[0-9a-f]{16}"), "main"),
)
"""What differs from run to run, and what stands for it."""

Examples = dict[str, dict[str, dict[str, Any]]]


def main() -> None:
    """Write the examples anew."""
    FILE.write_text(written(recorded()))


def written(examples: Examples) -> str:
    """The examples as they stand in their file."""
    return json.dumps(examples, indent=1, ensure_ascii=False) + "\n"


def recorded() -> Examples:
    """The first good answer of each call, status and kind of content, as the service gives it now."""
    found: Examples = {}
    with Workbench() as bench:
        clients = {"admin": bench.client(role="admin")}
        for step in STORY:
            if isinstance(step, int):
                bench.advance(step)
                continue
            answer = ask(bench, clients, step)
            assert answer.is_success, f"{step.call}: {answer.status_code} {answer.text}"
            if answer.content:
                kind = answer.headers["content-type"].partition(";")[0]
                by_status = found.setdefault(documented_call(step.call), {}).setdefault(str(answer.status_code), {})
                by_status.setdefault(kind, shown(answer, kind))
    return found


def ask(bench: Workbench, clients: dict[str, Client], step: Step) -> httpx2.Response:
    """Take one step of the story. Whoever is named signs in when first asked for, and again after signing out."""
    if step.by not in clients:
        clients[step.by] = bench.sign_in(step.by)
    method, path = step.call.split(" ")
    sent: dict[str, Any] = {"content": step.body} if isinstance(step.body, str) else {"json": step.body}
    answer = clients[step.by].request(
        method, path, headers=dict(step.headers), **(sent if step.body is not None else {})
    )
    if step.call == "DELETE /v1/sessions/current":
        del clients[step.by]
    return answer


def documented_call(call: str) -> str:
    """The call as it stands in the documentation, with names for the ids in its path."""
    method, path = call.split(" ")
    scope = {"type": "http", "path": path.partition("?")[0], "root_path": "", "method": method}
    routes = (route for module in app.ROUTERS for route in module.router.routes if isinstance(route, Route))
    return next(f"{method} {route.path}" for route in routes if route.matches(scope)[0] is Match.FULL)


def shown(answer: httpx2.Response, kind: str) -> Any:
    """An answer as an example: not too long, and the same each time."""
    text = answer.text
    if kind == JSON:
        text = json.dumps(shortened(answer.json()), ensure_ascii=False)
    else:
        text = "".join(text.splitlines(keepends=True)[:4])
    for pattern, instead in UNLIKE_EACH_TIME:
        text = pattern.sub(instead, text)
    return json.loads(text) if kind == JSON else text


def shortened(value: Any, name: str = "") -> Any:
    """A document with the first few items of its long lists."""
    if isinstance(value, Mapping):
        return {each: shortened(inner, each) for each, inner in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value[: SOONER.get(name, len(value))]]
    return value


def answers_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every answer that is documented: call, status, kind of content, and what is said of it."""
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            for status, answer in call["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    yield f"{method.upper()} {path}", status, kind, content


def bodies_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every body that is documented: call, kind of content, and what is said of it."""
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            for kind, content in call.get("requestBody", {}).get("content", {}).items():
                yield f"{method.upper()} {path}", kind, content


if __name__ == "__main__":
    main()
