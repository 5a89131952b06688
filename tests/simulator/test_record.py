"""Reading recorded contacts: what a line means, and the exact sentence for each way in which one can be wrong."""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assigner.simulator.record import REQUIRED, Record, RecordedContact, overlaps, read_record, usual_handle_times
from presence.errors import Invalid
from rules.model import Contact
from tests.simulator.builders import HEADER, UTC_ZONE, a_line, abandoned, answered, at, read


def test_a_line_with_everything() -> None:
    header = f"{HEADER},channel,office,language,skills,mood"
    line = "k1,c7,2026-01-05T10:00:00+01:00,tech,5,answered,12.5,60,ana,voice,madrid,es,es:2 tech:3,sunny"

    assert read(line, header=header, offices=("madrid",)) == Record(
        contacts=(
            RecordedContact(
                contact=Contact(
                    id="k1",
                    arrived_at=at(0),
                    channel="voice",
                    customer_id="c7",
                    office="madrid",
                    skills={"tech": 3, "es": 2},
                    language="es",
                    priority=5,
                ),
                service="tech",
                waited=timedelta(seconds=12.5),
                handled=timedelta(seconds=60),
                agent="ana",
            ),
        )
    )


@pytest.mark.parametrize("customer_id", [pytest.param("0", id="zero"), pytest.param("", id="empty")])
def test_an_unknown_customer_is_nobody(customer_id: str) -> None:
    assert read(a_line(customer_id=customer_id)).contacts[0].contact.customer_id is None


def test_an_instant_without_offset_is_local_time() -> None:
    raw = f"{HEADER}\n{a_line(arrived_at='2026-07-05T09:00:00')}\n".encode()

    record = read_record(raw, source="calls.csv", zone=ZoneInfo("Europe/Madrid"))

    assert record.contacts[0].contact.arrived_at == datetime(2026, 7, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        pytest.param({"contact_id": ""}, "contact_id: is empty", id="no id"),
        pytest.param(
            {"arrived_at": "yesterday"},
            'arrived_at: "yesterday" is not a date and time such as 2026-01-05T09:00:00',
            id="no instant",
        ),
        pytest.param(
            {"arrived_at": "0001-01-01T00:00:00+14:00"},
            'arrived_at: "0001-01-01T00:00:00+14:00" is not a date and time such as 2026-01-05T09:00:00',
            id="an instant before time began",
        ),
        pytest.param({"handle_s": "abc"}, 'handle_s: "abc" is not a number of seconds', id="no number"),
        pytest.param({"handle_s": "nan"}, 'handle_s: "nan" is not a number of seconds', id="not a number"),
        pytest.param({"handle_s": ""}, "handle_s: is empty", id="answered without handle time"),
        pytest.param({"waited_s": "-1"}, "waited_s: -1 seconds: it would end before it begins", id="negative wait"),
        pytest.param({"handle_s": "-3"}, "handle_s: -3 seconds: it would end before it begins", id="negative handling"),
        pytest.param({"handle_s": "1e9"}, "handle_s: 1e9 seconds are more than a year", id="a very long call"),
        pytest.param(
            {"outcome": "answerd"},
            'outcome: "answerd" is neither answered nor abandoned; did you mean "answered"?',
            id="outcome misspelt",
        ),
        pytest.param(
            {"priority": "high"}, 'priority: "high" is not a whole number from -1000 to 1000', id="priority in words"
        ),
        pytest.param(
            {"priority": "1001"}, 'priority: "1001" is not a whole number from -1000 to 1000', id="priority too large"
        ),
    ],
)
def test_a_bad_line_is_named(cells: dict[str, str], sentence: str) -> None:
    record = read(a_line(contact_id="k0"), a_line(**cells))

    assert [bad.message for bad in record.bad_lines] == [f"calls.csv line 3: {sentence}"]
    assert [recorded.contact.id for recorded in record.contacts] == ["k0"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        pytest.param(["k1,0"], "line 2: 2 cells, but the first line names 9 columns", id="too few cells"),
        pytest.param([a_line() + ",x"], "line 2: 10 cells, but the first line names 9 columns", id="too many cells"),
        pytest.param(
            [a_line(), a_line(contact_id="k2"), a_line()], 'line 4: contact_id: "k1" is on line 2 already', id="twice"
        ),
        pytest.param(
            ["", a_line(contact_id='"two\nlines"'), a_line(waited_s="?")],
            'line 5: waited_s: "?" is not a number of seconds',
            id="lines are counted as an editor does",
        ),
        pytest.param(
            ['k1,"0'], "line 2: unexpected end of data; is a quotation mark missing?", id="an open quotation mark"
        ),
    ],
)
def test_a_line_that_is_none_is_named(lines: list[str], sentence: str) -> None:
    assert [bad.message for bad in read(*lines).bad_lines] == [f"calls.csv {sentence}"]


@pytest.mark.parametrize(
    ("office", "sentence"),
    [
        pytest.param("madird", '"madird" does not exist; did you mean "madrid"?', id="misspelt"),
        pytest.param("x", '"x" does not exist; there are: lisbon, madrid', id="nothing like it"),
    ],
)
def test_an_unknown_office_is_a_bad_line(office: str, sentence: str) -> None:
    record = read(f"{a_line()},{office}", header=f"{HEADER},office", offices=("madrid", "lisbon"))

    assert [bad.message for bad in record.bad_lines] == [f"calls.csv line 2: office: {sentence}"]


def test_without_an_organisation_every_office_exists() -> None:
    assert read(f"{a_line()},anywhere", header=f"{HEADER},office").contacts[0].contact.office == "anywhere"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        pytest.param(
            b"", f"calls.csv is empty; its first line must name the columns {', '.join(REQUIRED)}", id="empty"
        ),
        pytest.param(
            f"{HEADER}\nk1,Jos".encode() + b"\xe9",
            "calls.csv line 2: is not UTF-8 (byte 0xe9); save the file as UTF-8 and try again",
            id="another encoding",
        ),
        pytest.param(
            HEADER.replace(",handle_s", "").encode(),
            f"calls.csv line 1: without column handle_s; the first line must name {', '.join(REQUIRED)}",
            id="a column is missing",
        ),
        pytest.param(
            HEADER.replace(",", ";").encode(),
            f"calls.csv line 1: without column {', '.join(REQUIRED)}; the first line must name {', '.join(REQUIRED)};"
            ' the columns seem to be separated by ";", save them with commas',
            id="semicolons",
        ),
        pytest.param(
            f"{HEADER},agent".encode(), "calls.csv line 1: column agent is there twice; remove one", id="a column twice"
        ),
        pytest.param(
            gzip.compress(HEADER.encode(), mtime=0)[:-4],
            "calls.csv is no complete gzip file (Compressed file ended before the end-of-stream marker was reached);"
            " make or copy it again",
            id="half a gzip file",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(raw: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_record(raw, source="calls.csv", zone=UTC_ZONE)

    assert str(refused.value) == sentence


def test_gzip_and_a_byte_order_mark_change_nothing() -> None:
    text = f"{HEADER}\n{a_line()}\n"

    marked = read_record(gzip.compress(text.encode("utf-8-sig")), source="calls.csv", zone=UTC_ZONE)

    assert marked == read(a_line())


def test_lines_come_in_any_order_and_those_of_one_instant_keep_theirs() -> None:
    late = a_line(contact_id="late", arrived_at="2026-01-05T09:00:01")

    record = read(late, a_line(contact_id="b"), a_line(contact_id="a"))

    assert [recorded.contact.id for recorded in record.contacts] == ["b", "a", "late"]


def test_the_usual_handle_time_is_the_median_of_the_service() -> None:
    contacts = [answered(str(handled), handled=handled) for handled in (10, 20, 90)]

    assert usual_handle_times([*contacts, abandoned("x")]) == {None: timedelta(seconds=20)}


def test_a_service_without_answered_contacts_takes_as_long_as_the_others() -> None:
    record = read(
        a_line(contact_id="a", service="tech", handle_s="40"),
        a_line(contact_id="b", service="sales", outcome="abandoned", handle_s=""),
    )

    assert usual_handle_times(record.contacts)["sales"] == timedelta(seconds=40)


def test_without_any_handle_time_it_is_three_minutes() -> None:
    assert usual_handle_times([abandoned("x")]) == {None: timedelta(minutes=3)}


def test_overlaps_are_counted_and_short_ones_apart() -> None:
    contacts = [answered("a"), answered("b", arrived=59), answered("c", arrived=100), answered("d", agent="luis")]

    assert overlaps(contacts) == Counter({True: 1, False: 1})
