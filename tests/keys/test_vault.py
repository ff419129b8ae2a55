"""The vault: what opens it, what is on disk, what a fault does; also keyrings and wrapping."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization

from workbench.errors import ErrorCode, VaultError
from workbench.keys import KeyStore, Vault, VaultState, generate_private_pem, load_private_pem, system_keyring
from workbench.keys import vault as vault_module
from workbench.keys.keyrings import KeyringProblem
from workbench.session.key_words import vault_view

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "correct horse battery"
ANOTHER = "quite another passphrase"
COST = 2**14
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class FakeKeyring:
    """Keeps texts in memory; raises what it is told to."""

    def __init__(self, name: str = "Secret Service") -> None:
        self.name = name
        self.kept: dict[str, str] = {}
        self.problem = ""

    def get(self, item: str) -> str | None:
        if self.problem:
            raise KeyringProblem(self.problem)
        return self.kept.get(item)

    def set(self, item: str, value: str) -> None:
        if self.problem:
            raise KeyringProblem(self.problem)
        assert len(value) <= 100, "Windows keeps 2,560 bytes at most"
        self.kept[item] = value


def open_vault(
    folder: Path, *, passphrase: str | None = None, keyring: FakeKeyring | None = None, id: str = "w1"
) -> Vault:
    return Vault.open(folder, workspace_id=id, passphrase=passphrase, find_keyring=lambda: keyring, cost=COST)


@pytest.fixture(scope="module")
def pem() -> bytes:
    return generate_private_pem(2048)


def test_without_keyring_and_passphrase_nothing_is_written(tmp_path: Path, pem: bytes) -> None:
    vault = open_vault(tmp_path / "vault")
    assert (vault.state, bool(vault.reason), (tmp_path / "vault").exists()) == (VaultState.MEMORY, True, False)
    store = KeyStore(vault)
    with pytest.raises(VaultError) as raised:
        store.add("int-1", pem, environments=("int",), created=NOW)
    assert raised.value.code is ErrorCode.VAULT_NO_BACKEND
    facts = store.add_in_memory("sandbox-1", pem, environments=("embedded",), created=NOW)
    assert (facts.in_memory, facts.usable, store.kid_for("embedded"), store.kid_for("int")) == (
        True,
        True,
        "sandbox-1",
        None,
    )
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize("way", ["passphrase", "keyring"])
def test_a_key_comes_back_after_reopening(tmp_path: Path, pem: bytes, way: str) -> None:
    keyring = FakeKeyring() if way == "keyring" else None
    passphrase = PASSPHRASE if way == "passphrase" else None
    KeyStore(open_vault(tmp_path / "vault", passphrase=passphrase, keyring=keyring)).add(
        "int-1", pem, environments=("int",), created=NOW
    )
    store = KeyStore(open_vault(tmp_path / "vault", passphrase=passphrase, keyring=keyring))
    (facts,) = store.facts()
    assert (facts.kid, facts.bits, facts.environments, facts.created, facts.usable) == (
        "int-1",
        2048,
        ("int",),
        NOW,
        True,
    )
    assert store.load("int-1").private.private_numbers() == load_private_pem(pem).private_numbers()
    assert store.jwks("int")["keys"][0]["kid"] == "int-1"
    assert store.jwks("embedded") == {"keys": []}


def test_a_locked_vault_lists_keys_but_gives_none(tmp_path: Path, pem: bytes) -> None:
    KeyStore(open_vault(tmp_path / "vault", passphrase=PASSPHRASE)).add(
        "int-1", pem, environments=("int",), created=NOW
    )
    vault = open_vault(tmp_path / "vault")
    store = KeyStore(vault)
    assert (vault.state, [one.kid for one in store.facts()], store.kid_for("int")) == (
        VaultState.LOCKED,
        ["int-1"],
        None,
    )
    with pytest.raises(VaultError) as raised:
        store.load("int-1")
    assert raised.value.code is ErrorCode.VAULT_LOCKED
    with pytest.raises(VaultError) as wrong:
        vault.unlock("not the passphrase at all")
    assert wrong.value.code is ErrorCode.VAULT_PASSPHRASE
    assert vault.state is VaultState.LOCKED
    vault.unlock(PASSPHRASE)
    assert store.kid_for("int") == "int-1"


def test_short_passphrases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VaultError) as raised:
        open_vault(tmp_path / "vault", passphrase="fourteen chars")
    assert raised.value.code is ErrorCode.VAULT_SHORT_PASSPHRASE
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda k: setattr(k, "problem", "locked by its owner"), "does not give out"),
        (lambda k: k.kept.clear(), "no longer"),
        (lambda k: setattr(k, "name", "KWallet"), "offers KWallet"),
        (lambda k: k.kept.update(w1=base64.b64encode(b"x" * 32).decode()), "does not fit"),
    ],
)
def test_a_keyring_that_has_changed_locks_the_vault(tmp_path: Path, change: object, words: str) -> None:
    keyring = FakeKeyring()
    open_vault(tmp_path / "vault", keyring=keyring)
    change(keyring)  # type: ignore[operator]
    vault = open_vault(tmp_path / "vault", keyring=keyring)
    assert vault.state is VaultState.LOCKED
    assert words in vault.reason


def test_a_keyring_that_was_locked_at_start_is_asked_again(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    open_vault(tmp_path / "vault", keyring=keyring)
    keyring.problem = "locked by its owner"
    vault = open_vault(tmp_path / "vault", keyring=keyring)
    assert (vault.state, vault.by_passphrase) == (VaultState.LOCKED, False)
    vault.try_keyring()
    assert vault.state is VaultState.LOCKED
    keyring.problem = ""
    vault.try_keyring()
    assert vault.state is VaultState.OPEN


def test_a_keyring_that_takes_nothing_leaves_the_vault_in_memory(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    keyring.problem = "denied"
    vault = open_vault(tmp_path / "vault", keyring=keyring)
    assert (vault.state, "denied" in vault.reason, (tmp_path / "vault").exists()) == (VaultState.MEMORY, True, False)


def test_a_recovery_passphrase_opens_what_the_keyring_has_lost_and_gives_it_back(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    vault = open_vault(tmp_path / "vault", keyring=keyring)
    vault.put("one", b"secret", {})
    assert not vault.has_recovery
    vault.set_recovery(PASSPHRASE)
    assert vault.has_recovery
    kept = dict(keyring.kept)
    assert PASSPHRASE not in (tmp_path / "vault" / "vault.json").read_text()
    keyring.kept.clear()
    lost = open_vault(tmp_path / "vault", keyring=keyring)
    assert (lost.state, lost.has_recovery, "no longer" in lost.reason) == (VaultState.LOCKED, True, True)
    with pytest.raises(VaultError) as wrong:
        lost.unlock("not the passphrase at all")
    assert (wrong.value.code, lost.state) == (ErrorCode.VAULT_PASSPHRASE, VaultState.LOCKED)
    lost.unlock(PASSPHRASE)
    assert (lost.state, lost.get("one"), keyring.kept) == (VaultState.OPEN, b"secret", kept)
    again = open_vault(tmp_path / "vault", keyring=keyring)
    assert (again.state, again.get("one"), again.has_recovery) == (VaultState.OPEN, b"secret", True)


def test_a_recovered_vault_follows_to_the_keyring_of_the_machine_it_is_on(tmp_path: Path) -> None:
    first = open_vault(tmp_path / "vault", keyring=FakeKeyring())
    first.put("one", b"secret", {})
    first.set_recovery(PASSPHRASE)
    kwallet = FakeKeyring("KWallet")
    moved = open_vault(tmp_path / "vault", keyring=kwallet)
    assert "offers KWallet" in moved.reason
    moved.unlock(PASSPHRASE)
    assert (moved.backend, open_vault(tmp_path / "vault", keyring=kwallet).get("one")) == (
        "the system keyring (KWallet)",
        b"secret",
    )


@pytest.mark.expects_warnings
@pytest.mark.parametrize("case", ["none", "takes nothing", "holds another lock"])
def test_a_recovered_vault_stays_with_the_passphrase_where_no_keyring_takes_its_lock(tmp_path: Path, case: str) -> None:
    first = open_vault(tmp_path / "vault", keyring=FakeKeyring())
    first.set_recovery(PASSPHRASE)
    before = (tmp_path / "vault" / "vault.json").read_text()
    keyring = FakeKeyring("KWallet")
    keyring.problem = "denied" if case == "takes nothing" else ""
    keyring.kept = {"w1": "another"}
    vault = open_vault(tmp_path / "vault", keyring=None if case == "none" else keyring, passphrase=PASSPHRASE)
    assert (vault.state, vault.backend) == (VaultState.OPEN, "the recovery passphrase")
    assert (keyring.kept, (tmp_path / "vault" / "vault.json").read_text()) == ({"w1": "another"}, before)


def test_recovery_is_refused_where_it_cannot_be(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    vault = open_vault(tmp_path / "vault", keyring=keyring)
    with pytest.raises(VaultError) as short:
        vault.set_recovery("fourteen chars")
    assert short.value.code is ErrorCode.VAULT_SHORT_PASSPHRASE
    keyring.kept.clear()
    lost = open_vault(tmp_path / "vault", keyring=keyring)
    with pytest.raises(VaultError) as none:
        lost.unlock(PASSPHRASE)
    assert none.value.code is ErrorCode.VAULT_NO_RECOVERY
    with pytest.raises(VaultError) as locked:
        lost.set_recovery(PASSPHRASE)
    assert locked.value.code is ErrorCode.VAULT_LOCKED


@pytest.mark.parametrize("change", [{"cost": 2**30}, {"salt": "no base64"}, {"data": "AAAA"}, {"nonce": ""}])
def test_a_spoilt_recovery_opens_nothing(tmp_path: Path, change: dict[str, object]) -> None:
    keyring = FakeKeyring()
    open_vault(tmp_path / "vault", keyring=keyring).set_recovery(PASSPHRASE)
    file = tmp_path / "vault" / "vault.json"
    facts = json.loads(file.read_text())
    file.write_text(json.dumps({**facts, "recovery": {**facts["recovery"], **change}}))
    vault = open_vault(tmp_path / "vault")
    with pytest.raises(VaultError):
        vault.unlock(PASSPHRASE)
    assert vault.state is VaultState.LOCKED


def test_a_vault_that_was_locked_by_hand_gives_nothing_until_it_is_opened(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    for folder, ring, words in (("by-keyring", keyring, None), ("by-words", None, PASSPHRASE)):
        vault = open_vault(tmp_path / folder, keyring=ring, passphrase=words)
        vault.put("one", b"secret", {})
        vault.lock()
        assert (vault.state, vault.reason) == (VaultState.LOCKED, "They were locked by hand.")
        for forbidden in (lambda vault=vault: vault.get("one"), vault.check_writable):
            with pytest.raises(VaultError) as raised:
                forbidden()
            assert raised.value.code is ErrorCode.VAULT_LOCKED
        vault.try_keyring()
        assert vault.state is (VaultState.OPEN if ring else VaultState.LOCKED)
        if ring is None:
            vault.unlock(PASSPHRASE)
        assert vault.get("one") == b"secret"
    nothing = open_vault(tmp_path / "nowhere")
    nothing.lock()
    assert nothing.state is VaultState.MEMORY


def test_a_changed_or_moved_blob_opens_no_more(tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "vault", passphrase=PASSPHRASE)
    vault.put("one", b"secret", {"kid": "one"})
    vault.put("two", b"other", {"kid": "two"})
    folder = tmp_path / "vault"
    (folder / "two.blob").write_bytes((folder / "one.blob").read_bytes())
    for name, change in (("two", {}), ("one", {"public": {"kid": "three"}})):
        file = folder / f"{name}.blob"
        file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
        with pytest.raises(VaultError) as raised:
            vault.get(name)
        assert raised.value.code is ErrorCode.VAULT_GONE
    other = tmp_path / "other"
    folder.rename(other)
    with pytest.raises(VaultError):
        open_vault(other, passphrase=PASSPHRASE, id="w2")


def forms(value: int) -> list[bytes]:
    """How a number of a private key could stand in a file."""
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    texts = [str(value), raw.hex(), raw.hex().upper()]
    padded = [base64.b64encode(b"\0" * n + raw)[8:-8] for n in range(3)]
    return [
        raw,
        raw[::-1],
        *(text.encode() for text in texts),
        *padded,
        *(p.translate(bytes.maketrans(b"+/", b"-_")) for p in padded),
    ]


def test_no_form_of_the_private_key_is_on_disk(tmp_path: Path, pem: bytes) -> None:
    store = KeyStore(open_vault(tmp_path / "vault", passphrase=PASSPHRASE))
    store.add("int-1", pem, environments=("int",), created=NOW)
    numbers = load_private_pem(pem).private_numbers()
    der = load_private_pem(pem).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secrets = [
        form
        for value in (numbers.p, numbers.q, numbers.d, numbers.dmp1, numbers.dmq1, numbers.iqmp)
        for form in forms(value)
    ]
    secrets += [der[n : n + 24] for n in range(400, len(der) - 24, 24)] + [pem[60:84], PASSPHRASE.encode()]
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [one for one in secrets if one in content], file
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o700
    assert str(numbers.d) not in repr(store.load("int-1"))


def test_only_allowed_backends_count(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    for name in ("keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"):
        module, _, cls = name.rpartition(".")
        backend = getattr(__import__(module, fromlist=[cls]), cls)()
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert system_keyring() is None


@pytest.mark.expects_warnings
def test_a_blob_that_is_none_hides_no_other(tmp_path: Path, pem: bytes) -> None:
    vault = open_vault(tmp_path, passphrase="a few words in a row")
    vault.put("good", pem, {"purpose": "signing"})
    (tmp_path / "broken.blob").write_text("{ no")
    assert [item.name for item in vault.items()] == ["good"]


def test_another_passphrase_opens_it_and_the_former_one_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    vault = open_vault(folder, passphrase=PASSPHRASE)
    vault.put("one", b"first", {"a": 1})
    vault.put("two", b"second", {})
    with pytest.raises(VaultError) as wrong:
        vault.change_passphrase("not the passphrase", ANOTHER)
    assert wrong.value.code is ErrorCode.VAULT_PASSPHRASE
    with pytest.raises(VaultError):
        vault.change_passphrase(PASSPHRASE, "too short")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    vault.change_passphrase(PASSPHRASE, ANOTHER)
    assert [vault.get(name) for name in ("one", "two")] == [b"first", b"second"]
    assert all(before[file.name] != file.read_bytes() for file in folder.iterdir()), "every secret is locked anew"
    with pytest.raises(VaultError):
        open_vault(folder, passphrase=PASSPHRASE)
    again = open_vault(folder, passphrase=ANOTHER)
    assert (again.get("one"), again.items()[0].public) == (b"first", {"a": 1})
    again.change_passphrase(ANOTHER, PASSPHRASE)
    assert open_vault(folder, passphrase=PASSPHRASE).get("two") == b"second"


@pytest.mark.parametrize("number", range(1, 7))
def test_a_change_that_is_cut_short_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The writes fail from the first, the second, ... on, as when the program is killed there."""
    folder = tmp_path / "vault"
    vault = open_vault(folder, passphrase=PASSPHRASE)
    for name in ("one", "two", "three"):
        vault.put(name, name.encode(), {})
    real, done = vault_module.write_json, 0

    def failing(file: Path, value: object) -> None:
        nonlocal done
        done += 1
        if done >= number:
            raise OSError(28, "No space left on device")
        real(file, value)  # type: ignore[arg-type]

    monkeypatch.setattr(vault_module, "write_json", failing)
    with pytest.raises(OSError, match="No space"):
        vault.change_passphrase(PASSPHRASE, ANOTHER)
    monkeypatch.undo()
    opens, shut = (PASSPHRASE, ANOTHER) if number == 1 else (ANOTHER, PASSPHRASE)
    with pytest.raises(VaultError):
        open_vault(folder, passphrase=shut)
    for _ in range(2):  # the first opening finishes it
        again = open_vault(folder, passphrase=opens)
        assert [again.get(name) for name in ("one", "two", "three")] == [b"one", b"two", b"three"]
    assert "former" not in json.loads((folder / "vault.json").read_text("utf-8"))


def test_a_vault_of_the_keyring_has_no_passphrase_to_change(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        open_vault(tmp_path / "vault", keyring=FakeKeyring()).change_passphrase(PASSPHRASE, ANOTHER)


def test_a_vault_that_a_newer_version_keeps_is_locked_and_left_as_it_is(tmp_path: Path, pem: bytes) -> None:
    folder = tmp_path / "vault"
    KeyStore(open_vault(folder, passphrase=PASSPHRASE)).add("int-1", pem, environments=("int",), created=NOW)
    facts = json.loads((folder / "vault.json").read_text("utf-8"))
    (folder / "vault.json").write_text(json.dumps({**facts, "format": 2}))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    for passphrase, keyring in ((PASSPHRASE, None), (None, FakeKeyring())):
        vault = open_vault(folder, passphrase=passphrase, keyring=keyring)
        assert (vault.newer, vault.state, vault.reason) == (
            True,
            VaultState.LOCKED,
            "A newer version of this program keeps them.",
        )
        vault.try_keyring()
        shown = vault_view(vault)
        assert (shown.state, shown.asks, shown.tries, shown.next_step.startswith("Install that version")) == (
            "locked",
            False,
            False,
            True,
        )
        for change in (
            lambda vault: vault.unlock(PASSPHRASE),
            lambda vault: vault.set_passphrase(PASSPHRASE),
            lambda vault: vault.set_recovery(PASSPHRASE),
            lambda vault: vault.put("two", b"x", {}),
            lambda vault: vault.remove("int-1"),
        ):
            with pytest.raises(VaultError):
                change(vault)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
