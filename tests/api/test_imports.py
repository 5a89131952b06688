"""Importing offices and agents over HTTP, and exporting them so that they can be imported again."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from assigner.samples import sample_file
from assigner.testing import Client, Workbench

OFFICES = """id,name,time_zone,mon,tue,holiday_calendar
madrid,Madrid,Europe/Madrid,09:00-13:00 14:00-17:00,09:00-17:00,ES-MD
lisbon,Lisboa,Europe/Lisbon,,,
"""
AGENTS = """id,name,email,role,offices,skills,capacity,weight,takes_contacts,active
ana,Ana,Ana@example.com,,madrid,es:3 en,3,,,
bruno,Bruno,,supervisor,madrid lisbon,,4 chat:2,2,TRUE,true
"""


@pytest.fixture
def bench() -> Iterator[Workbench]:
    with Workbench() as bench:
        yield bench


def send(client: Client, contents: str, text: str | bytes, *, dry_run: bool = False, kind: str = "text/csv") -> Any:
    """What an import is answered."""
    query = "?dry_run=true" if dry_run else ""
    return client.post(f"/v1/import/{contents}{query}", content=text, headers={"Content-Type": kind})


def sentences(answer: Any) -> list[str]:
    """What changed, in words."""
    assert answer.status_code == 200, answer.text
    return [change["sentence"] for change in answer.json()["changes"]]


def test_offices_and_agents_come_from_tables(bench: Workbench) -> None:
    admin = bench.client()

    assert sentences(send(admin, "offices", OFFICES)) == ["new office madrid", "new office lisbon"]
    assert sentences(send(admin, "agents", AGENTS)) == ["new agent ana", "new agent bruno"]

    madrid, ana, bruno = (admin.get(f"/v1/{path}").json() for path in ("offices/madrid", "agents/ana", "agents/bruno"))
    assert madrid["hours"] == {"mon": ["09:00-13:00", "14:00-17:00"], "tue": ["09:00-17:00"]}
    assert madrid["holidays"] == {"calendar": "ES", "subdivision": "MD"}
    assert admin.get("/v1/offices/lisbon").json()["hours"] is None
    assert (ana["email"], ana["skills"], ana["capacity"], ana["takes_contacts"]) == (
        "ana@example.com",
        {"es": 3, "en": 1},
        3,
        True,
    )
    assert (bruno["role"], bruno["offices"], bruno["capacity"], bruno["weight"]) == (
        "supervisor",
        ["madrid", "lisbon"],
        {"total": 4, "channels": {"chat": 2}},
        2,
    )


def test_a_dry_run_tells_every_change_and_makes_none(bench: Workbench) -> None:
    admin = bench.client()
    send(admin, "offices", OFFICES)
    send(admin, "agents", AGENTS)
    before = bench.events()
    changed = "id,capacity,offices,name\nana,5,madrid lisbon,Ana\ncarla,,,Carla\nbruno,4 chat:2,madrid lisbon,Bruno\n"

    rehearsed = send(admin, "agents", changed, dry_run=True)

    assert sentences(rehearsed) == ["ana: offices madrid → madrid lisbon, capacity 3 → 5", "new agent carla"]
    assert {name: rehearsed.json()[name] for name in ("dry_run", "new", "changed", "unchanged")} == {
        "dry_run": True,
        "new": 1,
        "changed": 1,
        "unchanged": 1,
    }
    assert rehearsed.json()["changes"][0]["fields"] == [
        {"name": "offices", "before": ["madrid"], "after": ["madrid", "lisbon"]},
        {"name": "capacity", "before": 3, "after": 5},
    ]
    assert bench.events() == before

    carried_out = send(admin, "agents", changed)
    assert carried_out.json() == rehearsed.json() | {"dry_run": False}
    assert (admin.get("/v1/agents/ana").json()["skills"], admin.get("/v1/agents/carla").json()["capacity"]) == (
        {"es": 3, "en": 1},
        None,
    )
    assert sentences(send(admin, "agents", changed)) == []


@pytest.mark.parametrize("dry_run", [False, True], ids=["import", "dry run"])
def test_every_error_is_told_with_its_line_and_column_and_nothing_is_imported(bench: Workbench, dry_run: bool) -> None:
    admin = bench.client()
    send(admin, "offices", OFFICES)
    before = bench.events()
    table = (
        "id,name,email,role,offices,skills,capacity,active\n"
        "ana,Ana,ana@example.com,,madird,es:0,three,perhaps\n"
        'carla,"Carla\nMaria",ana@example.com,,,,,\n'
        "dora,Dora,,boss,,,,\n"
        "fine,Fine,,,madrid,,1,\n"
    )

    answer = send(admin, "agents", table, dry_run=dry_run)

    assert (answer.status_code, answer.json()["code"]) == (422, "import_invalid")
    assert "nothing was imported" in answer.json()["detail"]
    found = [(each["place"]["line"], each["place"]["column"], each["path"]) for each in answer.json()["findings"]]
    assert found == [
        (2, 5, "ana.offices[0]"),
        (2, 6, "ana.skills.es"),
        (2, 7, "ana.capacity"),
        (2, 8, "ana.active"),
        (5, 4, "dora.role"),
    ]
    assert 'office "madird" does not exist; did you mean "madrid"?' in answer.json()["findings"][0]["message"]
    assert bench.events() == before
    assert admin.get("/v1/agents/fine").status_code == 404


@pytest.mark.parametrize(
    ("table", "line", "column", "sentence"),
    [
        pytest.param("id,name\nana,Ana\nana,Ana\n", 3, 1, "'ana' is on line 2 already", id="the same id twice"),
        pytest.param("id,email\na,x@y.z\nb,X@y.z\n", 3, 2, "'a' is to have the email 'x@y.z' as well", id="one email"),
        pytest.param("id;name\nana;Ana\n", 1, 1, 'separated by ";"', id="semicolons"),
        pytest.param(
            "id,nmae\nana,Ana\n", 1, 2, "column 'nmae' is unknown; did you mean \"name\"?", id="a misspelling"
        ),
        pytest.param("id,name,name\nana,Ana,A\n", 1, 3, "column 'name' is there twice", id="a column twice"),
        pytest.param("name\nAna\n", 1, 1, "without column id", id="no ids"),
        pytest.param("", 1, 1, "is empty", id="nothing"),
        pytest.param("id,name\nana\n", 2, 1, "1 cells, but the first line names 2 columns", id="a short line"),
        pytest.param('id,name\nana,"Ana\n', 2, 1, "is a quotation mark missing?", id="an open quotation mark"),
        pytest.param("id,name\n,Ana\n", 2, 1, "an id is empty", id="no id"),
        pytest.param("id,name\na/b,Ana\n", 2, 1, "holds a slash", id="an id that fits in no address"),
        pytest.param("id,name\nana,José\n".encode("latin-1"), 2, 1, "is not UTF-8 (byte 0xe9)", id="another encoding"),
        pytest.param("id,name\nana,Ana\n".encode("utf-16"), 1, 1, "is not UTF-8", id="sixteen bits"),
        pytest.param(b"\x1f\x8b\x08\x00", 1, 1, "the file is compressed", id="compressed"),
    ],
)
def test_files_that_are_no_tables(bench: Workbench, table: str | bytes, line: int, column: int, sentence: str) -> None:
    answer = send(bench.client(), "agents", table)

    assert (answer.status_code, answer.json()["code"]) == (422, "import_invalid")
    (finding,) = answer.json()["findings"]
    assert (finding["place"], sentence in finding["message"]) == ({"line": line, "column": column}, True)


def test_more_than_an_import_may_hold(bench: Workbench) -> None:
    admin = bench.client()

    too_many = send(admin, "agents", "id\n" + "".join(f"a{number}\n" for number in range(2_001)))
    too_large = send(admin, "agents", "id\n" + "a" * 1_000_000)

    assert "2,001 things, and at most 2,000" in too_many.json()["findings"][0]["message"]
    assert (too_large.status_code, too_large.json()["code"]) == (413, "too_large")


def test_an_organisation_document_brings_offices_and_the_agents_who_belong_to_them(bench: Workbench) -> None:
    document = yaml.safe_load(sample_file("organisation.yaml").read_text())
    refused = send(bench.client(), "organisation", json.dumps(document), kind="application/json")
    assert "default_capacity is a setting" in refused.json()["detail"]

    del document["default_capacity"]
    imported = send(bench.client(), "organisation", yaml.safe_dump(document), kind="application/yaml")

    assert imported.json()["new"] == len(document["offices"]) + len(document["agents"])


def test_errors_in_documents_have_a_place_as_well(bench: Workbench) -> None:
    document = "ana:\n  name: Ana\n  offices:\n  - nowhere\n  colour: red\nbruno: 3\n"

    answer = send(bench.client(), "agents", document, kind="application/yaml")
    assert [(each["place"], each["path"]) for each in answer.json()["findings"]] == [
        ({"line": 6, "column": 1}, "bruno")
    ]

    answer = send(bench.client(), "agents", document.replace("bruno: 3\n", ""), kind="application/yaml")
    assert [(each["place"], each["path"]) for each in answer.json()["findings"]] == [
        ({"line": 4, "column": 5}, "ana.offices[0]"),
        ({"line": 5, "column": 3}, "ana.colour"),
    ]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_was_exported_can_be_imported_again(bench: Workbench, form: str) -> None:
    admin = bench.client()
    send(admin, "offices", OFFICES)
    send(admin, "agents", AGENTS)
    admin.put("/v1/agents/carla", json={"skills": {"tax law": 2, "es": 1}, "active": False})
    admin.put("/v1/agents/=1+1", json={"name": "-Dora"})
    kind = {"json": "application/json", "csv": "text/csv"}[form]
    exported = {name: admin.get(f"/v1/export/{name}?format={form}").content for name in ("offices", "agents")}

    for name in exported:
        assert sentences(send(admin, name, exported[name], kind=kind)) == []
    with Workbench() as other:
        fresh = other.client()
        for name in exported:
            assert send(fresh, name, exported[name], kind=kind).json()["unchanged"] == 0
        assert fresh.get("/v1/export/organisation").json() == admin.get("/v1/export/organisation").json()


def test_a_table_leaves_out_what_does_not_fit_into_it(bench: Workbench) -> None:
    admin = bench.client()
    admin.put("/v1/offices/madrid", json={"holidays": [{"date": "2026-12-24", "hours": ["09:00-12:00"]}]})
    before = admin.get("/v1/offices/madrid").json()

    exported = admin.get("/v1/export/offices", headers={"Accept": "text/csv"})

    assert exported.text == "id,name,time_zone,mon,tue,wed,thu,fri,sat,sun\r\nmadrid,madrid,UTC,,,,,,,\r\n"
    assert sentences(send(admin, "offices", exported.content)) == []
    assert admin.get("/v1/offices/madrid").json() == before


def test_the_whole_workspace_is_exported_line_by_line(bench: Workbench) -> None:
    admin = bench.client()
    send(admin, "offices", OFFICES)
    admin.post("/v1/contacts", json={"id": "c1", "customer_id": "k", "attributes": {"topic": "x"}})

    answer = admin.get("/v1/export")

    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert {"contact", "contact_data", "office", "change", "workspace"} <= {row["table"] for row in rows}
    assert not {"password", "sign_in", "api_key"} & {row["table"] for row in rows}


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        pytest.param("POST", "/v1/import/agents", "supervisor", id="import"),
        pytest.param("POST", "/v1/import/agents?dry_run=true", "supervisor", id="dry run"),
        pytest.param("GET", "/v1/export", "supervisor", id="export"),
    ],
)
def test_what_needs_a_permission(bench: Workbench, method: str, path: str, role: str) -> None:
    answer = bench.client(role).request(method, path, content="id\nana\n", headers={"Content-Type": "text/csv"})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_roles_come_with_the_agents_who_have_them(bench: Workbench) -> None:
    admin = bench.client()
    document = {
        "agents": {"ana": {"name": "Ana", "role": "lead"}},
        "roles": {"lead": {"permissions": ["rules.manage", "presence.read"]}},
    }

    rehearsed = send(admin, "organisation", json.dumps(document), kind="application/json", dry_run=True)
    assert sentences(rehearsed) == ["new role lead", "new agent ana"]
    assert admin.get("/v1/agents").json()["items"] == []
    send(admin, "organisation", json.dumps(document), kind="application/json").raise_for_status()
    changed = send(admin, "roles", "id,permissions\nlead,presence.read contacts.own\n")

    assert sentences(changed) == ["lead: permissions presence.read rules.manage → contacts.own presence.read"]
    assert admin.get("/v1/agents/ana").json()["role"] == "lead"
    assert admin.get("/v1/roles/lead").json()["permissions"] == ["contacts.own", "presence.read"]
    exported = admin.get("/v1/export/roles?format=csv").text
    assert exported.splitlines() == ["id,permissions", "lead,contacts.own presence.read"]
    assert send(admin, "roles", exported).json()["unchanged"] == 1


@pytest.mark.parametrize(
    ("line", "place", "says"),
    [
        pytest.param("admin,rules.manage", (2, 1), "is built in", id="a role that is built in"),
        pytest.param("lead,rules.manged", (2, 2), "did you mean", id="a permission that does not exist"),
    ],
)
def test_a_role_that_cannot_be_is_told_with_its_place(
    bench: Workbench, line: str, place: tuple[int, int], says: str
) -> None:
    answer = send(bench.client(), "roles", f"id,permissions\n{line}\n")

    [finding] = answer.json()["findings"]
    assert (answer.status_code, (finding["place"]["line"], finding["place"]["column"])) == (422, place)
    assert says in finding["message"]


def test_nobody_gives_a_role_more_than_they_may(bench: Workbench) -> None:
    admin = bench.client()
    made = admin.post("/v1/api-keys", json={"name": "staff", "permissions": ["roles.manage", "presence.read"]})
    admin.headers["authorization"] = f"Bearer {made.json()['key']}"

    answer = send(admin, "roles", "id,permissions\nlead,rules.manage\n")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert bench.client("supervisor").get("/v1/export/roles").status_code == 403


def test_nobody_imports_an_account_that_may_do_more_than_they_may(bench: Workbench) -> None:
    admin = bench.client()
    made = admin.post("/v1/api-keys", json={"name": "staff", "permissions": ["agents.manage", "presence.read"]})
    admin.headers["authorization"] = f"Bearer {made.json()['key']}"

    answer = send(admin, "agents", "id,name,role\nana,Ana,\nbruno,Bruno,admin\n")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert admin.get("/v1/agents").json()["items"] == []


def test_a_table_of_everything_is_refused(bench: Workbench) -> None:
    assert send(bench.client(), "organisation", AGENTS).json()["code"] == "unknown_value"
    assert bench.client().get("/v1/export/organisation?format=csv").json()["field"] == "format"
