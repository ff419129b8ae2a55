"""`keys` without a window and without a keyring: everything by files and passphrases; also secrets."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.keys.test_vault import FakeKeyring
from tests.session.conftest import new_id, now
from workbench import workspace
from workbench.keys import Vault, generate_private_pem, read_keys
from workbench.session import signing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done

PASSPHRASE = "a few words in a row"
OTHER = "quite another passphrase"


@pytest.fixture
def keys(command: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Runs `keys ...` on a workspace of its own, with keys and a passphrase that cost little time."""
    monkeypatch.setenv("BARS_WORKBENCH_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))
    made = workspace.open_or_make(tmp_path / "w", clock=now, ids=new_id, demo=True)
    Vault.open(made.vault_folder, workspace_id=made.id, passphrase=PASSPHRASE, cost=2**14)
    made.close()

    def run(*words: object) -> Done:
        return command("--workspace", tmp_path / "w", "keys", *words)

    return run


def test_a_key_is_brought_published_rotated_and_taken_away(keys: Callable[..., Done], tmp_path: Path) -> None:
    file, words = tmp_path / "int-7.pem", tmp_path / "words"
    pem = generate_private_pem(2048)
    file.write_bytes(pem)
    words.write_text(f"{OTHER}\n", encoding="utf-8")
    thumbprint = read_keys(pem)[0].thumbprint
    done = keys("import", file, "--environment", "int")
    assert (done.code, done.out.splitlines()[0][:20]) == (0, "int-7  INT  In use  ")
    assert keys("create", "int").out.startswith("int-1  INT  Not published  RSA 2048")
    listed = keys("list", "--format", "json").document
    assert [(key["kid"], key["status"], key["signs_for"]) for key in listed["keys"]] == [
        ("int-1", "Not published", None),
        ("int-7", "In use until rotated", "INT"),
    ]
    assert (listed["vault"], listed["keys"][1]["thumbprint"]) == ("open", thumbprint)
    assert "INT may know it from" in keys("published", "int-1").out
    assert [row["kid"] for row in json.loads(keys("jwks", "int-7").out)["keys"]] == ["int-1", "int-7"]
    assert "int-1  INT  In use" in keys("sign", "int-1").out
    assert "int-7  INT  Retired" in keys("retire", "int-7").out
    assert keys("jwks", "--output", tmp_path / "set.json").out == ""
    assert [row["kid"] for row in json.loads((tmp_path / "set.json").read_text())["keys"]] == ["int-1"]

    out = tmp_path / "out.pem"
    assert keys("export", "int-7", out, "--key-passphrase-file", words).code == 0
    assert read_keys(out.read_bytes(), OTHER)[0].thumbprint == thumbprint
    again = keys("import", out, "--environment", "production", "--key-passphrase-file", words)
    assert (again.code, again.err.splitlines()[0]) == (
        2,
        "bars-workbench: out.pem cannot be used as a signing key: it is here already, as int-7.",
    )


def test_another_passphrase_opens_the_keys_from_now_on(
    keys: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, short = tmp_path / "new", tmp_path / "short"
    file.write_text(f"{OTHER}\n", encoding="utf-8")
    short.write_text("too short\n", encoding="utf-8")
    assert keys("create", "int").code == 0
    refused = keys("passphrase", short)
    assert (refused.code, refused.err.strip().endswith("[vault.short-passphrase]")) == (2, True)
    done = keys("passphrase", file)
    assert (done.code, done.out) == (0, "Another passphrase opens the keys from now on.\n")
    old = keys("list")
    assert (old.code, "[vault.wrong-passphrase]" in old.err) == (2, True)
    monkeypatch.setenv("BARS_WORKBENCH_PASSPHRASE", OTHER)
    assert "int-1  INT  Not published" in keys("list").out
    monkeypatch.delenv("BARS_WORKBENCH_PASSPHRASE")
    locked = keys("passphrase", file)
    assert (locked.code, "[vault.locked]" in locked.err) == (2, True)


def test_a_first_passphrase_is_set_and_one_for_recovery_beside_a_keyring(
    command: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "generate_private_pem", partial(generate_private_pem, 2048))
    file = tmp_path / "new"
    file.write_text(f"{OTHER}\n", encoding="utf-8")
    done = command("--workspace", tmp_path / "none", "keys", "passphrase", file)
    assert (done.code, done.out) == (0, "This passphrase opens the keys from now on.\n")
    listed = command("--workspace", tmp_path / "none", "--passphrase-file", file, "keys", "list", "--format", "json")
    assert listed.document["vault"] == "open"

    ring = FakeKeyring()
    monkeypatch.setattr(Vault, "open", partial(Vault.open, find_keyring=lambda: ring))
    done = command("--workspace", tmp_path / "ring", "keys", "passphrase", file)
    assert (done.code, done.out) == (
        0,
        "This passphrase opens the keys too, should the system keyring no longer do so.\n",
    )
    ring.kept.clear()
    listed = command("--workspace", tmp_path / "ring", "--passphrase-file", file, "keys", "list", "--format", "json")
    assert listed.document["vault"] == "open"


def test_what_cannot_be_done_ends_with_two_and_the_next_step(
    keys: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(generate_private_pem(2048))
    short = tmp_path / "short"
    short.write_text("short\n", encoding="utf-8")
    assert keys("import", file, "--environment", "int", "--kid", "int 1").err.splitlines()[0] == (
        "bars-workbench: 'int 1' cannot be the name (kid) of a key: it holds blanks."
    )
    assert keys("import", file, "--environment", "int").code == 0
    for words, code in (
        (("export", "key", tmp_path / "out.pem", "--key-passphrase-file", short), "[vault.short-passphrase]"),
        (("export", "key", tmp_path / "out.pem", "--key-passphrase-file", tmp_path / "no"), "[config.flag]"),
        (("sign", "int-9"), "[vault.gone]"),
        (("import", tmp_path / "no.pem", "--environment", "int"), "[input.missing]"),
        (("import",), "[config.flag]"),
    ):
        done = keys(*words)
        assert (done.code, done.err.strip().endswith(code)) == (2, True), words
    monkeypatch.delenv("BARS_WORKBENCH_PASSPHRASE")
    locked = keys("create", "int")
    assert (locked.code, "[vault.locked]" in locked.err) == (2, True)
    assert "Locked" in keys("list").out
    assert not (tmp_path / "out.pem").exists()
