"""Master keys come from the environment or a file, several at a time, and never show themselves."""

import base64
import os
from pathlib import Path

import pytest

from envelope.boxes import BrokenSeal
from envelope.master import MasterKeys, id_of
from envelope.ring import DATA, KeyRing
from envelope.wrapping import BadMasterKey

OLD, NEW = b"o" * 32, b"n" * 32


def text(*keys: bytes) -> str:
    return ",".join(base64.b64encode(key).decode() for key in keys)


def test_the_first_key_wraps_and_each_unwraps() -> None:
    id_, box = MasterKeys(text(OLD)).wrap(b"secret", "here")
    both = MasterKeys(text(NEW, OLD))
    assert both.current == id_of(NEW)
    assert both.unwrap(id_, box, "here") == b"secret"


def test_a_key_that_is_not_configured_is_named_by_its_id_only() -> None:
    id_, box = MasterKeys(text(OLD)).wrap(b"secret", "here")
    with pytest.raises(BrokenSeal, match=id_):
        MasterKeys(text(NEW)).unwrap(id_, box, "here")


@pytest.mark.parametrize("given", ["", " , ", "not base64!", text(b"short")])
def test_what_is_no_key_is_refused_without_being_shown(given: str) -> None:
    with pytest.raises(BadMasterKey, match="MARKEZY_MASTER_KEY") as refused:
        MasterKeys(given)
    assert not given.strip(" ,") or given not in str(refused.value)


def test_a_file_is_read_again_when_it_gets_another_key(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(text(OLD))
    keys = MasterKeys.from_environment({"MARKEZY_MASTER_KEY_FILE": str(file)})
    assert keys.current == id_of(OLD)
    file.write_text(text(NEW) + "\n" + text(OLD))
    os.utime(file, ns=(1, 1))
    assert keys.current == id_of(NEW)


def test_a_running_process_learns_a_key_it_did_not_start_with(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(text(OLD))
    running = KeyRing(MasterKeys(file=file))
    file.write_text(text(NEW, OLD))
    row = KeyRing(MasterKeys(text(NEW))).new_tenant_key("t", DATA, 1)
    assert running.index_key("t", row)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadMasterKey, match="MARKEZY_MASTER_KEY_FILE"):
        MasterKeys(file=tmp_path / "nowhere")


def test_a_tenant_key_survives_its_new_wrapping() -> None:
    before = KeyRing(MasterKeys(text(OLD)))
    row = before.new_tenant_key("t", DATA, 1)
    both = KeyRing(MasterKeys(text(NEW, OLD)))
    new = both.rewrapped("t", row)
    assert new is not None
    assert both.rewrapped("t", new) is None
    assert KeyRing(MasterKeys(text(NEW))).index_key("t", new) == before.index_key("t", row)


def test_a_lead_key_survives_another_tenant_key_and_opens_for_no_other_lead() -> None:
    ring = KeyRing(MasterKeys(text(OLD)))
    first, second = ring.new_tenant_key("t", DATA, 1), ring.new_tenant_key("t", DATA, 2)
    row = ring.new_lead_key("t", "lead", 1, first)
    box = ring.lead_keys("t", "lead", [(row, first)]).seal(b"x", "here")
    moved = ring.lead_key_rewrapped("t", "lead", row, first, second)
    assert ring.lead_keys("t", "lead", [(moved, second)]).open(box, "here") == b"x"
    for tenant, lead in (("t", "other"), ("u", "lead")):
        with pytest.raises(BrokenSeal):
            ring.lead_keys(tenant, lead, [(row, first)])
