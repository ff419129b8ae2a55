"""Services as JSON and CSV: back as they went out, nothing a spreadsheet would run, and bad files named."""

# ruff: noqa: ANN001 - tests take table rows

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.directory import Service
from workbench.directory.service_files import (
    LARGEST,
    free_id,
    merged,
    problem_of,
    read_services,
    service_row,
    to_csv,
    to_json,
)
from workbench.errors import ErrorCode, InputError

DOS = "https://fhir.nhs.uk/Id/dos-service-id"
ED = Service(
    "northgate-ed", "Northgate ED", DOS, "2000011147", "receiver", "Northgate", "ZZN01", ("embedded",), ("a1t1", "a2t1")
)
OWN = Service(
    "mine", "Mine", DOS, "2000099111", "sender", "Me", "ZZY11", notes="two\nlines", tags=("a", "b"), favourite=True
)


@pytest.mark.parametrize("written", [to_json, to_csv])
def test_what_goes_out_comes_back(written) -> None:
    read = read_services(written((ED, OWN)).encode())
    assert (read.services, read.problems) == ((ED, OWN), ())


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30))
@settings(max_examples=100)
def test_any_name_survives_csv(name) -> None:
    one = Service("x", name.strip() or "x", DOS, "1", "receiver", "", "")
    read = read_services(to_csv((one,)).encode())
    if problem_of(one) is None:
        assert read.services == (one,)
    else:
        assert len(read.problems) == 1


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula(begin) -> None:
    text = to_csv((Service("x", f'{begin}cmd|"/c calc"', DOS, "1", "receiver", "", ""),))
    assert f'"\'{begin}cmd|""/c calc"""' in text
    cells = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert cells[1] == f'\'{begin}cmd|"/c calc"'


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "it is empty"),
        (b" \r\n", "it is empty"),
        (b"\xff\xfen\x00", "UTF-16"),
        (b"name,value\n\xe9t\xe9,1", "not UTF-8 (byte 12)"),
        (b"title,number\nA,1", "no column name and value"),
        (b"name,system\nA,x", "no column value"),
        (b"name,value,Name\nA,1,B", "names name twice"),
        (b'name,value\n"A,1\n', "line 2 is no CSV"),
        (b'name,value\n"A"B,1\n', "line 2 is no CSV"),
        (b'{"services": 3}', "no list of services"),
        (b'{"services": [', "not valid JSON"),
        (b"[" * 100_000, "deeper"),
        (b"x" * (LARGEST + 1), "larger than 5 MB"),
        (b"name,value\n" + b"a" * 200_000 + b",1", "line 2 is no CSV"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(source, words) -> None:
    with pytest.raises(InputError) as raised:
        read_services(source, what="list.csv")
    assert raised.value.code is ErrorCode.INPUT_SERVICES
    assert words in raised.value.sentence
    assert "list.csv" in raised.value.sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",1,,", "Line 3: its name is missing"),
        ("A,,,", "Line 3: its value is missing"),
        ("A,1,neither,", "Line 3: its role is receiver or sender, not 'neither'"),
        ("A,1|2,,", "no blanks and no bar"),
        ("A\x01,1,,", "its name has control characters"),
        ("A\u202e,1,,", "its name has control characters"),
        ("A,1,,,,,", "Line 3: it has 7 cells, but there are 4 columns"),
        ("B,1000,,", "Line 3: 1000 is there already, in line 2"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_are_taken(line, words) -> None:
    text = f"name,value,role,tags\nGood,1000,,\n{line}\nAlso,1001,sender,x; y ;x\n"
    read = read_services(text.encode())
    assert [(one.value, one.role, one.tags) for one in read.services] == [
        ("1000", "receiver", ()),
        ("1001", "sender", ("x", "y")),
    ]
    assert len(read.problems) == 1
    assert words in read.problems[0]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_other_marks_byte_order_and_line_ends_are_read(mark) -> None:
    lines = (mark.join(("Name", "Value", "ODS code", "favourite", "colour")), mark.join(("Ä", "1", "A1", "yes", "red")))
    read = read_services("\ufeff".encode() + "\r\n".join(lines).encode())
    assert [(one.name, one.system, one.ods_code, one.favourite) for one in read.services] == [("Ä", DOS, "A1", True)]


@pytest.mark.parametrize(
    ("row", "words"),
    [({"name": 1}, "must be a text"), ({"tags": "a", "use_cases": [1]}, "list of texts"), (7, "no object")],
)
def test_json_rows_of_another_shape_are_named(row, words) -> None:
    whole = {**service_row(ED), **row} if isinstance(row, dict) else row
    read = read_services(json.dumps([whole]).encode())
    assert words in read.problems[0]
    assert read.problems[0].startswith("Row 1")


@pytest.mark.parametrize(("made", "told"), [("1", 0), ("2", 1), ('"later"', 1)])
def test_a_file_of_a_newer_version_is_read_as_far_as_it_is_known_and_that_is_told(made: str, told: int) -> None:
    found = read_services(to_json([ED]).replace('"format": 1', f'"format": {made}').encode())
    assert (found.services, len(found.problems)) == ((ED,), told)
    assert all(words.startswith("The file: it is of a newer version") for words in found.problems)


def test_an_import_replaces_the_same_identifier_and_keeps_its_id() -> None:
    fresh = Service("", "Northgate ED", DOS, "77", "receiver", "", "")
    moved = Service("other-id", "Northgate A&E", DOS.upper(), "2000011147", "receiver", "", "")
    after = merged((ED, OWN), (moved, fresh))
    assert [(one.id, one.name) for one in after.services] == [
        ("northgate-ed", "Northgate A&E"),
        ("mine", "Mine"),
        ("northgate-ed-2", "Northgate ED"),
    ]
    assert (after.added, after.changed) == (1, 1)
    assert merged((ED,), (ED,)).changed == 0


def test_ids_are_made_of_words_and_never_twice() -> None:
    assert free_id("Tŷ Ffynnon (out of hours)", ()) == "t-ffynnon-out-of-hours"
    assert free_id("A", ("a", "a-2")) == "a-3"
    assert free_id("~", ()) == "service"
