"""The documentation shows every answer and every body by an example, and the examples are what the service takes and
gives."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from assigner.testing import Workbench
from tests.api.examples import FILE, answers_of, bodies_of, recorded, written

RENEW = "; add a request to tests/api/story.py and run: python -m tests.api.examples"


@cache
def schema() -> Mapping[str, Any]:
    """The documentation as the service gives it."""
    with Workbench() as bench:
        documented: Mapping[str, Any] = bench.client().get("/openapi.json").json()
    return documented


def example_of(content: Mapping[str, Any]) -> Any:
    """The example beside a shape or in it; None where there is none."""
    shape = content.get("schema", {})
    shape = next((each for each in shape.get("anyOf", ()) if "$ref" in each), shape)  # a body that may be left out
    if "$ref" in shape:
        shape = schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    found = content.get("example", shape.get("example"))
    return found if found is not None else next(iter(shape.get("examples", ())), None)


def unlike_its_shape(content: Mapping[str, Any]) -> str | None:
    """What is wrong with an example, by its own shape."""
    validator = jsonschema_rs.validator_for({**content["schema"], "components": schema()["components"]})
    errors = [f"{error.message} at {error.instance_path}" for error in validator.iter_errors(example_of(content))]
    return "; ".join(errors) or None


def test_every_answer_that_is_documented_has_an_example() -> None:
    missing = [answer[:3] for answer in answers_of(schema()) if example_of(answer[3]) is None]

    assert missing == [], RENEW


def test_every_body_that_is_documented_has_an_example() -> None:
    missing = [body[:2] for body in bodies_of(schema()) if example_of(body[2]) is None]

    assert missing == []


def test_examples_have_the_shape_that_is_documented() -> None:
    answers = [(f"{call} {status} {kind}", content) for call, status, kind, content in answers_of(schema())]
    bodies = [(f"{call} {kind}", content) for call, kind, content in bodies_of(schema())]
    checked = {
        name: unlike_its_shape(content)
        for name, content in (*answers, *bodies)
        if "json" in name and "schema" in content and example_of(content) is not None
    }

    assert {name: wrong for name, wrong in checked.items() if wrong is not None} == {}
    assert len(checked) > 300


def test_answers_are_still_those_of_the_examples() -> None:
    assert FILE.read_text() == written(recorded()), f"the service answers otherwise by now{RENEW}"
