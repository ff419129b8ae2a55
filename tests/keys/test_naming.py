"""Names of keys: refused in words, numbered, and kept under file names that every system takes."""

from __future__ import annotations

import pytest

from workbench.errors import ErrorCode, InputError
from workbench.keys import check_kid, free_kid
from workbench.keys.naming import item_name


def test_a_name_that_cannot_be_used_is_told_in_words() -> None:
    table = {
        "": "An empty text cannot be the name (kid) of a key: it has no characters.",
        "int 1": "'int 1' cannot be the name (kid) of a key: it holds blanks.",
        "int-1\n": "'int-1\n' cannot be the name (kid) of a key: it holds blanks.",
        "int-é": "'int-é' cannot be the name (kid) of a key: it holds characters outside ASCII.",
        "a" * 129: f"'{'a' * 40}' cannot be the name (kid) of a key: it has 129 characters, and 128 are the most.",
        "int-1": "'int-1' cannot be the name (kid) of a key: a key of this name is here already.",
    }
    for kid, sentence in table.items():
        with pytest.raises(InputError) as raised:
            check_kid(kid, {"int-1"})
        assert (raised.value.code, raised.value.sentence) == (ErrorCode.INPUT_KEY_NAME, sentence)
    for kid in ("int-2", "Test/1", "../up", "vault", "a" * 128):
        check_kid(kid, {"int-1"})


def test_the_first_free_number_is_taken() -> None:
    assert [free_kid("int", known) for known in ((), {"int-1"}, {"int-1", "int-3"})] == ["int-1", "int-2", "int-2"]


def test_file_names_are_plain_and_no_two_keys_share_one() -> None:
    odd = ("INT-1", "../up", "a/b", "vault", "vault.x", "con", "con.1", "nul", "com1", "trailing.", ".dot", "a" * 65)
    names = [item_name(kid) for kid in odd]
    assert len(set(names)) == len(odd)
    assert all(name.startswith("key.") and len(name) == 36 for name in names)
    assert [item_name(kid) for kid in ("int-1", "sandbox-12", "test.1", "console")] == [
        "int-1",
        "sandbox-12",
        "test.1",
        "console",
    ]
