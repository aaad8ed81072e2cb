"""Every kind of defect is found where it was made, and a document without one has no finding."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.every import MUTATORS
from tests.markezy.strategies.checks.mutators.making import Draw
from tests.markezy.strategies.checks.sources import SOURCES


@pytest.fixture(params=SOURCES, ids=lambda source: source.name)
def written(request: pytest.FixtureRequest) -> Written:
    return request.param.load()


def test_a_clean_document_has_no_findings(written: Written) -> None:
    assert [finding.text("en") for finding in written.defects()] == []


@pytest.mark.parametrize("kind", MUTATORS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_defect_is_found_where_it_is(written: Written, kind: str, data: st.DataObject) -> None:
    defect = MUTATORS[kind](written, Draw(data))
    if defect is None:
        return
    found = written.with_document(defect.document).defects()
    assert any(
        (finding.check, finding.place) == (defect.check, defect.place) and finding.problem.code in defect.codes
        for finding in found
    ), [finding.as_json() for finding in found]


def test_no_kind_of_defect_is_left_out_by_every_document() -> None:
    """A mutator that finds no place anywhere would show nothing."""

    class First:
        def of(self, choices):
            return next(iter(choices))

    written = [source.load() for source in SOURCES]
    idle = [kind for kind, mutate in MUTATORS.items() if all(mutate(each, First()) is None for each in written)]
    assert (idle, len(MUTATORS) >= 25) == ([], True)
