"""Requests that the documentation allows, and requests that it does not, made up at random: whatever is sent, the
answer is one that is documented.

The seed is printed; ASSIGNER_SEED sets another, ASSIGNER_EXAMPLES how many requests are made of each kind."""

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assigner.testing import Client, Workbench
from tests.api.walking import THERE, WHO, a_world, calls

SEED = int(os.environ.get("ASSIGNER_SEED", "1"))
EXAMPLES = int(os.environ.get("ASSIGNER_EXAMPLES", "4"))
STREAM = "GET /v1/events"
PROBLEM = "application/problem+json"
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def operations(bench: Workbench) -> dict[str, Any]:
    """Every documented call that ends by itself, those that take away what others need last."""
    schema = openapi.from_asgi("/openapi.json", bench)
    described = (each.ok() for each in schema.get_all_operations() if isinstance(each, Ok))
    found = {operation.label: operation for operation in described}
    return {call: found[call] for call in calls() if call != STREAM}


def what_is_wrong(case: Any, answer: Response) -> str | None:
    """What is wrong with an answer; None where it is one that is documented."""
    if answer.status_code >= 400 and answer.headers["content-type"] != [PROBLEM]:
        return f"{answer.status_code} is no problem document"
    checks = CHECKS if answer.status_code == 503 else [not_a_server_error, *CHECKS]
    try:
        case.validate_response(answer, checks=checks)
    except FailureGroup as failures:
        return "\n".join(str(failure) for failure in failures.exceptions)
    return None


def ask(operation: Any, client: Client, answered: Counter[int]) -> None:
    """Ask one call in many ways. Raises AssertionError for an answer that is not documented."""
    shown = {key: client.headers[key] for key in ("authorization",) if key in client.headers}
    allowed, refused = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=allowed | refused, is_there=st.booleans())
    def asked(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters = {name: THERE.get(name, value) for name, value in case.path_parameters.items()}
        answer = case.call(headers=shown)
        answered[answer.status_code] += 1
        wrong = what_is_wrong(case, answer)
        assert wrong is None, f"{operation.label}: {wrong}\n{case.as_curl_command()}"

    asked()


@pytest.mark.parametrize("name", ["key of role admin", "agent", "nobody"])
@pytest.mark.timeout(240)
def test_whatever_is_sent_the_answer_is_documented(name: str) -> None:
    print(f"ASSIGNER_SEED={SEED} ASSIGNER_EXAMPLES={EXAMPLES}")
    answered: Counter[int] = Counter()
    with a_world() as bench:
        for operation in operations(bench).values():
            ask(operation, WHO[name].client(bench), answered)

    print(f"{name}: {answered.total()} requests, by status: {dict(sorted(answered.items()))}")
    assert answered.total() > 100
