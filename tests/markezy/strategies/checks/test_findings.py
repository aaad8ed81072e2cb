"""What a finding says to staff, to a log and to whoever keeps it."""

import re
from pathlib import Path

import pytest
import yaml
from markezy.strategies import checks
from markezy.strategies.checks.finding import SAFE_VALUES, WARNINGS, Finding, Severity, blocking, problem

from tests.markezy.strategies.checks.documents import clean

_FOLDER = Path(checks.__file__).parent
_USED = re.compile(r'problem\(\s*"(\w+)"')


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, dict[str, str]]]:
    return {file.stem: yaml.safe_load(file.read_text()) for file in (_FOLDER / "words").glob("*.yml")}


def test_every_problem_has_a_text_in_each_language(texts) -> None:
    used = {code for file in _FOLDER.rglob("*.py") for code in _USED.findall(file.read_text())}
    assert used
    for language in ("en", "fr", "es"):
        assert used - texts[language]["problems"].keys() == set()
        assert texts[language]["problems"].keys() == texts["en"]["problems"].keys()
        assert texts[language]["checks"].keys() == texts["en"]["checks"].keys()


def test_the_texts_name_the_same_values_in_each_language(texts) -> None:
    for code, text in texts["en"]["problems"].items():
        named = [set(re.findall(r"\{(\w+)\}", texts[language]["problems"][code])) for language in ("en", "fr", "es")]
        assert named[0] == named[1] == named[2], (code, text)


def test_a_finding_reads_in_the_staffs_language() -> None:
    finding = Finding("completeness", "risks", problem("missing_section", section="risks"))
    assert finding.text("fr-FR") == "La section « risks » manque."
    assert finding.subject("es") == "Integridad"
    assert finding.text("de") == "The section “risks” is missing."


def test_a_log_gets_nothing_of_the_lead() -> None:
    finding = Finding("personal_data", "content.intro", problem("other_email", data="jo@elsewhere.example"))
    assert finding.for_log() == {"check": "personal_data", "place": "content.intro", "code": "other_email"}
    assert not SAFE_VALUES & {"data", "amount", "words", "name", "label", "shown", "day", "word", "heading", "total"}


def test_a_finding_is_kept_and_read_again() -> None:
    finding = Finding("coherence", "budget.split", problem("wrong_share", channel="email", share="3 %"))
    assert Finding.from_json(finding.as_json()) == finding


def test_typography_keeps_nothing_from_the_lead() -> None:
    typography = Finding("leftovers", "risks.list", problem("double_space"))
    defect = Finding("leftovers", "risks.list", problem("placeholder", found="{{"))
    assert typography.severity is Severity.WARNING
    assert typography.problem.code in WARNINGS
    assert blocking([typography, defect]) == [defect]


def test_the_finished_page_shows_every_block_once() -> None:
    written = clean("en")
    ids = [block.id.replace(".", "-") for section in written.document.sections for block in section.blocks]
    html = "".join(f'<p id="b-{id_}">…</p>' for id_ in ids)
    assert written.defects(html) == ()
    (lost,) = written.defects(html.replace(f'<p id="b-{ids[2]}">…</p>', ""))
    assert (lost.place, lost.problem.code) == (written.document.sections[1].blocks[0].id, "not_shown_once")
    (active,) = written.defects(html + "<script>1</script>")
    assert active.problem.code == "active_markup"
