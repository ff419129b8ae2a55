"""The keys of a workspace: which one signs, what stands in the key set, rotation, retiring, deleting, locking."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from workbench.errors import ConfigError, ErrorCode, InputError, VaultError
from workbench.keys import KeyStore, Standing, Vault, generate_private_pem

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def pem() -> bytes:
    return generate_private_pem(2048)


def a_store(folder: Path) -> KeyStore:
    return KeyStore(Vault.open(folder, workspace_id="w1", passphrase=PASSPHRASE, find_keyring=lambda: None, cost=2**14))


def kids(store: KeyStore, environment: str) -> list[str]:
    return [row["kid"] for row in store.jwks(environment)["keys"]]


def test_a_new_key_stands_beside_the_old_one_until_it_is_told_to_sign(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    store.add("int-1", pem, environments=("int",), created=NOW, published=NOW)
    store.add("int-2", pem, environments=("int",), created=NOW + HOUR, standing=Standing.WAITS)
    assert (store.kid_for("int"), kids(store, "int")) == ("int-1", ["int-2", "int-1"])
    assert (store.find("int-2").known_by, store.find("int-1").known_by) == (None, NOW + HOUR)

    store.publish("int-2", NOW + 2 * HOUR)
    assert store.find("int-2").known_by == NOW + 3 * HOUR
    assert store.kid_for("int") == "int-1"
    store.stand("int-2", Standing.SIGNS, NOW + 3 * HOUR)
    assert (store.kid_for("int"), kids(store, "int")) == ("int-2", ["int-2", "int-1"])
    store.stand("int-1", Standing.SIGNS, NOW + 4 * HOUR)
    assert store.kid_for("int") == "int-1", "back to the old one"
    store.stand("int-1", Standing.RETIRED, NOW + 5 * HOUR)
    assert (store.kid_for("int"), kids(store, "int")) == ("int-2", ["int-2"])

    again = a_store(tmp_path)
    assert again.facts() == store.facts()
    assert again.kid_for("int") == "int-2"
    assert again.load("int-1").private.private_numbers() == store.load("int-1").private.private_numbers()


def test_only_a_retired_key_is_deleted(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    store.add("int-1", pem, environments=("int",), created=NOW)
    with pytest.raises(ConfigError) as raised:
        store.remove("int-1")
    assert (raised.value.code, raised.value.sentence) == (
        ErrorCode.CONFIG_KEY_IN_USE,
        "The key int-1 is not retired, so it is not deleted.",
    )
    store.stand("int-1", Standing.RETIRED, NOW)
    store.remove("int-1")
    assert (store.facts(), list(tmp_path.glob("int*"))) == ((), [])
    for ask in (store.find, store.load):
        with pytest.raises(VaultError) as gone:
            ask("int-1")
        assert gone.value.code is ErrorCode.VAULT_GONE


def test_a_key_in_memory_changes_in_memory(tmp_path: Path, pem: bytes) -> None:
    store = KeyStore(Vault.open(tmp_path / "v", workspace_id="w1", passphrase=None, find_keyring=lambda: None))
    store.add_in_memory("sandbox-1", pem, environments=("embedded",), created=NOW)
    store.lock()
    assert store.kid_for("embedded") == "sandbox-1"
    store.stand("sandbox-1", Standing.RETIRED, NOW)
    assert store.kid_for("embedded") is None
    store.publish("sandbox-1", NOW)
    assert store.find("sandbox-1").published == NOW
    assert not (tmp_path / "v").exists()


def test_a_key_in_memory_goes_once_one_of_the_vault_signs_in_its_stead(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    store.add("sandbox-1", pem, environments=("embedded",), created=NOW)
    store.lock()
    store.add_in_memory("sandbox-2", pem, environments=("embedded",), created=NOW + HOUR)
    store.drop_memory()
    assert store.kid_for("embedded") == "sandbox-2", "the other one is locked"
    store.vault.unlock(PASSPHRASE)
    store.drop_memory()
    assert ([one.kid for one in store.facts()], store.kid_for("embedded")) == (["sandbox-1"], "sandbox-1")


def test_locking_forgets_what_came_out_of_the_vault(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    store.add("int-1", pem, environments=("int",), created=NOW)
    assert store.load("int-1").kid == "int-1"
    store.lock()
    assert ([one.usable for one in store.facts()], store.kid_for("int")) == ([False], None)
    with pytest.raises(VaultError) as hidden:
        store.check_unlocked("int")
    assert hidden.value.sentence == "The key vault is locked, so the key int-1 cannot be used."
    store.check_unlocked("embedded")
    assert kids(store, "int") == ["int-1"], "the public half can be read while it is locked"
    for ask in (store.load, lambda kid: store.stand(kid, Standing.RETIRED, NOW), lambda kid: store.publish(kid, NOW)):
        with pytest.raises(VaultError) as raised:
            ask("int-1")
        assert raised.value.code is ErrorCode.VAULT_LOCKED


def test_a_name_is_taken_once_and_any_registered_name_can_be_kept(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    for kid in ("vault", "../up/INT 1".replace(" ", "_"), "INT-1", "int-1"):
        store.add(kid, pem, environments=("int",), created=NOW)
    with pytest.raises(InputError) as raised:
        store.add("INT-1", pem, environments=("int",), created=NOW)
    assert raised.value.code is ErrorCode.INPUT_KEY_NAME
    again = a_store(tmp_path)
    assert {one.kid for one in again.facts()} == {"vault", "../up/INT_1", "INT-1", "int-1"}
    assert {again.load(one.kid).kid for one in again.facts()} == {"vault", "../up/INT_1", "INT-1", "int-1"}
    assert list(tmp_path.parent.glob("up*")) == []


def test_a_key_kept_by_an_earlier_version_signs_as_before(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    new = store.add("int-1", pem, environments=("int",), created=NOW)
    old = {"purpose": "signing-key", "bits": 2048, "created": NOW.isoformat(), "environments": ["int"]}
    store.vault.put("MY-1", pem, {**old, "jwk": {**dict(new.jwk), "kid": "MY-1"}})
    store.vault.put("odd", pem, {**old, "jwk": {"kty": "RSA"}})
    again = a_store(tmp_path)
    facts = again.find("MY-1")
    assert (facts.standing, facts.since, facts.published) == (Standing.SIGNS, NOW, None)
    assert again.load("MY-1").kid == "MY-1"
    again.stand("MY-1", Standing.RETIRED, NOW + HOUR)
    again.remove("MY-1")
    assert [one.kid for one in again.facts()] == ["int-1"]


def test_no_private_number_is_in_any_file_of_the_vault(tmp_path: Path, pem: bytes) -> None:
    store = a_store(tmp_path)
    store.add("int-1", pem, environments=("int",), created=NOW)
    store.stand("int-1", Standing.RETIRED, NOW)
    numbers = store.load("int-1").private.private_numbers()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert json.loads((tmp_path / "int-1.blob").read_text())["public"]["kid"] == "int-1"
    for number in (numbers.d, numbers.p, numbers.q):
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
        assert raw not in kept
        assert raw.hex().encode() not in kept
        assert str(number).encode() not in kept
    assert b"PRIVATE" not in kept
