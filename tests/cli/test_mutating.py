"""`mutate`: what fits, a broken message on stdout byte for byte, and what cannot be broken."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING

import pytest

from workbench.compose.mutations import fitting, mutations
from workbench.messages import Syntax, convert, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done


def test_the_list_names_every_fault_that_fits_with_answer_and_rule(command: Callable[..., Done], good: Path) -> None:
    done = command("mutate", good, "--list")
    assert (done.code, done.err) == (0, "")
    wanted = fitting(parse(good.read_bytes()))
    lines = done.out.splitlines()
    assert [line.split("  ")[1] for line in lines if line.startswith("  ") and line[2] != " "] == [
        one.id for one in wanted
    ]
    answered = lines[lines.index(next(line for line in lines if line.startswith("  wrong-event "))) + 1]
    assert answered.strip() == "A correct receiver answers 400 (REC_BAD_REQUEST); rule MSG-013."
    assert "Change the headers of the call for it." in done.out
    assert "dangling-slot" not in done.out


def test_the_broken_message_goes_to_stdout_and_nothing_else_changes(command: Callable[..., Done], good: Path) -> None:
    done = command("mutate", good, "--apply", "wrong-event")
    assert (done.code, done.err) == (0, "")
    before, after = good.read_text("utf-8").splitlines(), done.out.splitlines()
    changed = [(one, two) for one, two in zip(before, after, strict=True) if one != two]
    assert len(changed) == 1
    assert "booking-request" in changed[0][1]


def test_a_fault_of_the_text_is_written_as_it_is(command: Callable[..., Done], good: Path) -> None:
    done = command("mutate", good, "--apply", "cut-short")
    assert good.read_text("utf-8").startswith(done.out)
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.out)


def test_a_byte_order_mark_of_the_file_stays(command: Callable[..., Done], good: Path) -> None:
    good.write_bytes(codecs.BOM_UTF8 + good.read_bytes())
    assert command("mutate", good, "--apply", "wrong-event").out.startswith("\ufeff{")


def test_another_encoding_becomes_utf_8(command: Callable[..., Done], good: Path) -> None:
    source = good.read_text("utf-8")
    good.write_bytes(source.encode("utf-16"))
    assert parse(command("mutate", good, "--apply", "no-timestamp").out.encode()).at("Bundle.timestamp") is None


def test_xml_stays_xml(command: Callable[..., Done], good: Path, tmp_path: Path) -> None:
    path = tmp_path / "good.xml"
    path.write_bytes(convert(parse(good.read_bytes()), Syntax.XML).source)
    done = command("mutate", path, "--apply", "no-timestamp")
    assert parse(done.out.encode()).syntax is Syntax.XML
    assert command("mutate", path, "--apply", "doctype").out.startswith("<!DOCTYPE")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-fault", "there is no such fault"),
        ("no-request-id", "it changes headers of the call (X-Request-Id), not the message"),
        ("dangling-slot", "it does not fit this message: it is for any message with Appointment.slot.reference"),
        ("doctype", "messages in XML"),
    ],
)
def test_what_cannot_be_broken_is_said_and_nothing_is_written(
    command: Callable[..., Done], good: Path, name: str, words: str
) -> None:
    done = command("mutate", good, "--apply", name)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_file_that_is_no_message_cannot_be_broken(command: Callable[..., Done], tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_text("no message", "utf-8")
    for words in (("--list",), ("--apply", "wrong-event")):
        done = command("mutate", path, *words)
        assert (done.code, done.out) == (2, "")
        assert "note.json" in done.err


@pytest.mark.parametrize("words", [(), ("--list", "--apply", "wrong-event")])
def test_exactly_one_of_list_and_apply_is_wanted(command: Callable[..., Done], good: Path, words: tuple[str]) -> None:
    done = command("mutate", good, *words)
    assert (done.code, done.out) == (2, "")
    assert "--list" in done.err


def test_a_fault_of_every_group_can_be_written(command: Callable[..., Done], good: Path) -> None:
    message = parse(good.read_bytes())
    first = {one.group: one.id for one in reversed(fitting(message)) if not one.in_headers}
    assert len(first) == len({one.group for one in mutations().values() if not one.in_headers})
    for id in first.values():
        assert command("mutate", good, "--apply", id).out != message.text, id
