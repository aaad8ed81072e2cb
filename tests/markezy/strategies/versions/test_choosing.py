"""Who gets which version of an experiment."""

from datetime import UTC, datetime
from math import sqrt
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st
from markezy.strategies.versions.choosing import choose
from markezy.strategies.versions.model import Release, Share

NAMESPACE = UUID(int=7)
WEIGHTS = st.lists(st.integers(1, 1000), min_size=1, max_size=5)
IDS = st.uuids()


def release(weights: list[int], id_: UUID = NAMESPACE, restores: UUID | None = None) -> Release:
    shares = tuple(Share(UUID(int=number), weight) for number, weight in enumerate(weights, start=1))
    return Release(
        id_, "agency", "", "en", 1, "experiment", shares, restores, False, "staff:x", "", datetime(2026, 1, 1, tzinfo=UTC)
    )  # fmt: skip


@given(WEIGHTS, IDS, IDS)
def test_a_lead_always_gets_the_same_version(weights: list[int], id_: UUID, lead: UUID) -> None:
    assert choose(release(weights, id_), lead) == choose(release(weights, id_), lead)
    assert choose(release(weights, UUID(int=1), restores=id_), lead) == choose(release(weights, id_), lead)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=4), IDS)
def test_versions_get_their_share_of_the_leads(weights: list[int], id_: UUID) -> None:
    leads = 2000
    given_out = [choose(release(weights, id_), uuid5(NAMESPACE, str(number))) for number in range(leads)]
    for share in release(weights).shares:
        expected = share.weight / sum(weights)
        # Six standard deviations: fails by chance once in 500 million.
        room = 6 * sqrt(leads * expected * (1 - expected))
        assert abs(given_out.count(share) - leads * expected) <= room


def test_another_release_shuffles_anew() -> None:
    leads = [uuid5(NAMESPACE, str(number)) for number in range(200)]
    one, two = release([1, 1], UUID(int=1)), release([1, 1], UUID(int=2))
    moved = sum(choose(one, lead) != choose(two, lead) for lead in leads)
    assert 50 < moved < 150


def test_without_a_lead_it_is_the_largest_share_and_of_nothing_nothing() -> None:
    assert choose(release([1, 3, 2]), None) == Share(UUID(int=2), 3)
    assert choose(release([]), UUID(int=1)) is None
