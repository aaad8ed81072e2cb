"""Boxes open at their place, under their key, unchanged; and only there."""

import pytest

from envelope.boxes import BrokenSeal, Cipher
from envelope.keys import Keys

FIRST, SECOND = b"1" * 32, b"2" * 32


def test_a_box_gives_back_what_was_sealed_and_shows_nothing_of_it() -> None:
    cipher = Cipher(FIRST)
    box = cipher.seal(b"Camille Durand", "lead.personal/t/1")
    assert cipher.open(box, "lead.personal/t/1") == b"Camille Durand"
    assert b"Camille" not in box


@pytest.mark.parametrize("place", [0, 5, 12, 20, -1])
def test_a_changed_box_does_not_open(place: int) -> None:
    cipher = Cipher(FIRST)
    box = bytearray(cipher.seal(b"Camille Durand", "here"))
    box[place] ^= 1
    with pytest.raises(BrokenSeal):
        cipher.open(bytes(box), "here")


@pytest.mark.parametrize("box", [b"", b"short", b"x" * 12])
def test_what_is_no_box_does_not_open(box: bytes) -> None:
    with pytest.raises(BrokenSeal):
        Cipher(FIRST).open(box, "here")


def test_a_box_opens_neither_elsewhere_nor_under_another_key() -> None:
    box = Cipher(FIRST).seal(b"x", "here")
    with pytest.raises(BrokenSeal):
        Cipher(FIRST).open(box, "there")
    with pytest.raises(BrokenSeal):
        Cipher(SECOND).open(box, "here")


def test_only_equal_content_at_one_place_makes_equal_boxes() -> None:
    cipher = Cipher(FIRST)
    assert cipher.seal(b"x", "here") == cipher.seal(b"x", "here")
    others = [
        cipher.seal(b"y", "here"),
        cipher.seal(b"x", "there"),
        cipher.seal(b"ex", "her"),
        Cipher(SECOND).seal(b"x", "here"),
    ]
    nonces = {box[:12] for box in [cipher.seal(b"x", "here"), *others]}
    assert len(nonces) == 5


@pytest.mark.parametrize("secret", [b"", b"1" * 16, b"1" * 33])
def test_a_secret_of_another_length_is_no_key(secret: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(secret)


def test_the_latest_version_seals_and_each_opens_its_own() -> None:
    old, both = Keys("lead", {1: FIRST}), Keys("lead", {1: FIRST, 2: SECOND})
    before, after = old.seal(b"x", "here"), both.seal(b"x", "here")
    assert before != after
    assert [both.open(box, "here") for box in (before, after)] == [b"x", b"x"]
    with pytest.raises(BrokenSeal):
        old.open(after, "here")


def test_equal_values_make_equal_boxes_in_whatever_order_their_members_come() -> None:
    keys = Keys("lead", {1: FIRST})
    assert keys.seal_json({"a": 1, "é": "ñ"}, "here") == keys.seal_json({"é": "ñ", "a": 1}, "here")
    assert keys.open_json(keys.seal_json({"a": [1, None, "😀 \ud83d"]}, "here"), "here") == {
        "a": [1, None, "😀 \ud83d"]
    }
