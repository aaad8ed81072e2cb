"""The master key may stay in a KMS: agencies' keys are wrapped there, asked for once, and survive its faults and its rotation."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from envelope import transit
from envelope.boxes import BrokenSeal
from envelope.configured import wrapping_of
from envelope.ring import DATA, KeyRing, WrappedTenantKey
from envelope.wrapping import BadMasterKey, KeysAway, UnknownMasterKey
from tests.envelope.vault import KEY, TOKEN, Vault

OWN_KEY = base64.b64encode(b"o" * 32).decode()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    running = Vault(tmp_path)
    yield running
    running.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rest after a failure."""
    monkeypatch.setattr(transit, "_REST", 0.0)


def test_what_the_kms_wrapped_opens_at_its_place_only(vault: Vault) -> None:
    wrapping = wrapping_of(vault.environment)
    id_, box = wrapping.wrap(b"secret", "here")
    assert (id_, wrapping.current) == (f"{KEY}:v1", f"{KEY}:v1")
    assert b"secret" not in box
    assert wrapping.unwrap(id_, box, "here") == b"secret"
    for changed, place in ((box, "there"), (box[:-8] + b"AAAAAAA=", "here"), (b"\xff", "here")):
        with pytest.raises(BrokenSeal):
            wrapping.unwrap(id_, changed, place)


def test_agency_s_key_is_asked_for_once_in_a_process(vault: Vault) -> None:
    row = KeyRing(wrapping_of(vault.environment)).new_tenant_key("t", DATA, 1)
    vault.asked.clear()
    ring = KeyRing(wrapping_of(vault.environment))
    lead = ring.new_lead_key("t", "lead", 1, row)
    for _ in range(50):
        assert ring.lead_keys("t", "lead", [(lead, row)])
    assert vault.asked == [f"/v1/transit/decrypt/{KEY}"]
    # Nor does it matter then whether the KMS is there.
    vault.sealed = True
    assert ring.lead_keys("t", "lead", [(lead, row)])
    assert ring.new_lead_key("t", "another", 1, row)


def test_rotated_in_the_kms_keys_are_wrapped_again_and_the_old_version_may_go(vault: Vault) -> None:
    ring = KeyRing(wrapping_of(vault.environment))
    row = ring.new_tenant_key("t", DATA, 1)
    secret = ring.index_key("t", row)
    vault.rotate()
    new = ring.rewrapped("t", row)
    assert new is not None
    assert (row.master_id, new.master_id) == (f"{KEY}:v1", f"{KEY}:v2")
    assert ring.rewrapped("t", new) is None
    vault.min_decryption_version = 2
    fresh = KeyRing(wrapping_of(vault.environment))
    assert fresh.index_key("t", new) == secret
    with pytest.raises(BrokenSeal):
        fresh.index_key("t", row)


def test_keys_move_from_our_own_master_key_into_the_kms(vault: Vault) -> None:
    before = KeyRing(wrapping_of({"MARKEZY_MASTER_KEY": OWN_KEY}))
    row = before.new_tenant_key("t", DATA, 1)
    both = KeyRing(wrapping_of({**vault.environment, "MARKEZY_MASTER_KEY": OWN_KEY}))
    assert both.index_key("t", row) == before.index_key("t", row)
    moved = both.rewrapped("t", row)
    assert moved is not None
    alone = KeyRing(wrapping_of(vault.environment))
    assert alone.index_key("t", moved) == before.index_key("t", row)
    with pytest.raises(UnknownMasterKey, match=row.master_id):
        alone.index_key("t", row)


def test_sealed_kms_says_so_and_opens_again(vault: Vault, at_once: None) -> None:
    wrapping = wrapping_of(vault.environment)
    id_, box = wrapping.wrap(b"secret", "here")
    vault.sealed = True
    for ask in (
        lambda: wrapping.wrap(b"x", "here"),
        lambda: wrapping.unwrap(id_, box, "here"),
        lambda: wrapping.current,
    ):
        with pytest.raises(KeysAway, match="sealed"):
            ask()
    vault.sealed = False
    assert wrapping.unwrap(id_, box, "here") == b"secret"


def test_token_that_is_refused_is_read_again_when_it_was_renewed(vault: Vault) -> None:
    wrapping = wrapping_of(vault.environment)
    vault.token_file.write_text("hvs.expired")
    with pytest.raises(KeysAway, match="MARKEZY_KMS_TOKEN_FILE") as refused:
        wrapping.wrap(b"x", "here")
    assert "hvs" not in str(refused.value)
    vault.token_file.write_text(TOKEN)
    assert wrapping.wrap(b"x", "here")


def test_kms_that_does_not_answer_is_left_alone_for_a_moment(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transit, "_PATIENCE", 0.2)
    monkeypatch.setattr(transit, "_REST", 3600.0)
    wrapping = wrapping_of(vault.environment)
    vault.slow.set()
    with pytest.raises(KeysAway, match="can't be reached"):
        wrapping.wrap(b"x", "here")
    vault.slow.clear()
    for _ in range(5):
        with pytest.raises(KeysAway, match="a moment ago"):
            wrapping.wrap(b"x", "here")
    assert len(vault.asked) == 1


def test_failure_is_not_remembered_as_an_answer(vault: Vault, at_once: None) -> None:
    ring = KeyRing(wrapping_of(vault.environment))
    row = ring.new_tenant_key("t", DATA, 1)
    vault.sealed = True
    with pytest.raises(KeysAway):
        ring.index_key("t", row)
    vault.sealed = False
    assert ring.index_key("t", row)


def test_kms_that_is_down_is_no_broken_box(tmp_path: Path) -> None:
    gone = Vault(tmp_path)
    gone.close()
    with pytest.raises(KeysAway, match="can't be reached"):
        wrapping_of(gone.environment).unwrap(f"{KEY}:v1", b"vault:v1:AAAA", "here")


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b'{"data": null}', b'{"data": {}}', b'{"data": {"plaintext": "?"}}']
)
def test_answers_of_something_else_are_no_keys(vault: Vault, answer: bytes) -> None:
    wrapping = wrapping_of(vault.environment)
    vault.answer = answer
    with pytest.raises(KeysAway):
        wrapping.wrap(b"x", "here")
    with pytest.raises(KeysAway):
        wrapping.unwrap(f"{KEY}:v1", b"vault:v1:AAAA", "here")


@pytest.mark.parametrize("id_", ["0a1b2c3d", "", "x:v0", "../../sys/seal:v1", "a/b:v1", "markezy:v1\n"])
def test_ids_from_elsewhere_never_reach_the_kms(vault: Vault, id_: str) -> None:
    with pytest.raises(UnknownMasterKey):
        KeyRing(wrapping_of(vault.environment)).index_key("t", WrappedTenantKey(DATA, 1, id_, b"x"))
    assert vault.asked == []


@pytest.mark.parametrize(
    "url",
    ["https://vault.example.com/transit/k", "vault+https://vault.example.com/k", "vault+https:///transit/k",
     "vault+https://root:hvs.x@vault.example.com/transit/k", "vault+https://vault.example.com/transit/k/../x",
     "vault+https://vault.example.com:port/transit/k", "vault+https://vault.example.com/transit/"],
)  # fmt: skip
def test_odd_addresses_are_refused_at_start_and_not_shown(vault: Vault, url: str) -> None:
    with pytest.raises(BadMasterKey, match="MARKEZY_KMS_URL") as refused:
        wrapping_of({**vault.environment, "MARKEZY_KMS_URL": url})
    assert "hvs" not in str(refused.value)


@pytest.mark.parametrize("content", [None, "", "\n", "é"])
def test_token_file_without_a_token_is_refused_at_start(vault: Vault, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "another"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(BadMasterKey, match="MARKEZY_KMS_TOKEN_FILE"):
        wrapping_of({**vault.environment, "MARKEZY_KMS_TOKEN_FILE": str(file)})
    with pytest.raises(BadMasterKey, match="MARKEZY_KMS_TOKEN_FILE"):
        wrapping_of({"MARKEZY_KMS_URL": vault.url})
