"""Readers see the newest shape of an event, whatever version it was written in."""

import pytest

from envelope.upcasting import current_version, upcast

STEPS = {
    "lead.scored": (
        lambda data: {**data, "points": data["score"]},
        lambda data: {"points": data["points"], "scale": 100},
    )
}


@pytest.mark.parametrize(
    ("version", "data"), [(1, {"score": 7}), (2, {"score": 7, "points": 7}), (3, {"points": 7, "scale": 100})]
)
def test_every_older_version_takes_the_steps_it_lacks(version: int, data: dict[str, int]) -> None:
    assert upcast("lead.scored", version, data, STEPS) == {"points": 7, "scale": 100}


def test_a_type_without_steps_is_read_as_it_was_written() -> None:
    assert upcast("message.sent", 1, {"text": "x"}, STEPS) == {"text": "x"}
    assert (current_version("message.sent", STEPS), current_version("lead.scored", STEPS)) == (1, 3)


def test_a_version_from_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="newer Markezy"):
        upcast("message.sent", 2, {"text": "x"}, STEPS)
