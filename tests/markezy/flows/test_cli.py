"""`markezy flow …` as somebody at a shell meets it."""

import io
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from markezy import cli
from markezy.flows import api
from markezy.flows.definition import parse_definition
from markezy.flows.exchange.schema import schema_text
from markezy.flows.exchange.yaml_files import export_flow, import_flow
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings

from tests.markezy.flows.conftest import SEEDS, small_flow

Shell = Callable[..., tuple[int, str, str]]
SHOP = str(SEEDS / "ecommerce.yml")
EXPORTS = Path(__file__).parent / "exports"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs a command; gives exit code, output and complaints."""

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = cli.main(["flow", *arguments])
        written = capsys.readouterr()
        return status, written.out, written.err

    return run


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yml"
    path.write_text(export_flow(parse_definition(small_flow()), "Small", "small"))
    return path


@pytest.fixture
def stored(database: Database, tenant_id: UUID, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The slug of an agency the commands find in the database."""
    for name, value in {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "MARKEZY_RELAY_DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": "redis://127.0.0.1:1",
        "MARKEZY_SERVICE_SECRET": "s" * 32,
        "MARKEZY_STAFF_SECRET": "t" * 32,
        "MARKEZY_MASTER_KEY": settings.master_key.get_secret_value(),
    }.items():
        monkeypatch.setenv(name, value)
    return f"t-{tenant_id}"


def test_a_flow_in_order_is_checked_with_zero(shell: Shell) -> None:
    assert shell("check", SHOP) == (0, "0 error(s), 0 warning(s).\n", "")


def test_a_warning_is_told_with_its_line_and_answered_with_zero(shell: Shell, small_file: Path) -> None:
    small_file.write_text(
        small_file.read_text().replace("title: {en: Other,", "title: {en: Anything else that is new,")
    )
    status, out, _ = shell("check", str(small_file))
    line = next(place for place, each in enumerate(small_file.read_text().splitlines(), 1) if "value: other" in each)
    assert status == 0
    assert f"warning at line {line}, questions/goal/options/other: This title is cut off" in out


def test_an_error_is_told_with_its_line_and_mend(shell: Shell, small_file: Path) -> None:
    small_file.write_text(small_file.read_text().replace("score >= 10", "score >= 100"))
    status, out, _ = shell("check", str(small_file))
    assert status == 1
    line = next(place for place, each in enumerate(small_file.read_text().splitlines(), 1) if "score >= 100" in each)
    assert f"error at line {line}, questions/budget/next/0: " in out
    assert "remove the transition. [never_holds]" in out


def test_a_conversation_can_be_piped_in(shell: Shell, small_file: Path) -> None:
    status, out, _ = shell("play", str(small_file), "--locale", "fr", typed="1\n50\nMaya\n/confirm\nnever read\n")
    assert status == 0
    assert out.startswith("Hello (fr)\nGoal? (fr) (0/4)\n  1. Sales (fr)\n")
    assert out.endswith("> /confirm\nThanks Maya (fr) (3/3)\n[qualified: done, 0 points]\n")


@pytest.mark.parametrize(
    ("arguments", "end"),
    [
        (["--channel", "whatsapp"], "nothing"),
        (["--utm", "medium=mail", "--utm", "source=news"], "nothing"),
        (["--hidden", "plan=gold"], "nothing"),
        (["--hidden", "seats=12"], "nothing"),
        (["--hidden", "seats=7", "--hidden", "plan="], "done"),
    ],
)
def test_a_lead_from_anywhere_can_be_played(shell: Shell, tmp_path: Path, arguments: list[str], end: str) -> None:
    flow = {**small_flow(), "channels": ["widget", "whatsapp"], "hidden": ["plan", "seats"]}
    strange = "channel == 'whatsapp' || utm.source == 'news' || hidden.plan == 'gold' || hidden.seats > 10"
    flow["rules"] = [{"when": f"has(answers.name) && ({strange})", "to": "nothing"}]
    path = tmp_path / "flow.yml"
    path.write_text(export_flow(parse_definition(flow), "Small", "small"))
    status, out, err = shell("play", str(path), *arguments, typed="other\nno reason\nMaya\nyes\n")
    assert (status, err) == (0, "")
    assert f": {end}, " in out.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["--channel", "fax"], ["--utm", "source"], ["--hidden", "=gold"]])
def test_a_lead_from_nowhere_is_refused(shell: Shell, small_file: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        shell("play", str(small_file), *arguments)
    assert left.value.code == 2


def test_while_a_person_is_awaited_the_assistant_is_silent(shell: Shell, small_file: Path) -> None:
    _, out, _ = shell("play", str(small_file), typed="/person\nhello\n/go-on\n")
    assert "> hello\n(The assistant is silent" in out
    assert out.rstrip().endswith("2. Other")


def test_ways_are_listed_with_totals(shell: Shell, small_file: Path) -> None:
    status, out, _ = shell("paths", str(small_file))
    assert (status, out.splitlines()[-1]) == (0, "4 way(s) in all.")


def test_a_flow_with_errors_is_not_played(shell: Shell, small_file: Path) -> None:
    small_file.write_text(small_file.read_text().replace("start: goal", "start: gaol"))
    for command in ("play", "paths"):
        status, out, err = shell(command, str(small_file))
        assert (status, out) == (2, "")
        assert "There is no question 'gaol' to start with." in err


def test_a_difference_is_told_and_answered_with_one(shell: Shell, small_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yml"
    other.write_text(small_file.read_text().replace("points: 10", "points: 20"))
    assert shell("diff", str(small_file), str(small_file)) == (0, "", "")
    status, out, _ = shell("diff", str(small_file), str(other))
    assert (status, out.count("\n")) == (1, 1)
    assert out.startswith("Points: ")


def test_the_schema_is_written(shell: Shell) -> None:
    assert shell("schema") == (0, schema_text(), "")


def test_a_bot_becomes_a_file_and_what_is_missing_is_complained_about(shell: Shell) -> None:
    status, out, err = shell("import-typebot", str(EXPORTS / "lead_form.json"), "--locale", "en")
    assert status == 1
    assert import_flow(out).name == "Lead form"
    assert all(line.startswith("Not carried over: ") for line in err.splitlines())


@pytest.mark.parametrize(
    ("content", "complaint"), [(None, "There is no file"), (b"\xff\xfe", "no text in UTF-8"), (b"a: [", "line 1")]
)
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    shell: Shell, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "flow.yml"
    if content is not None:
        path.write_bytes(content)
    for arguments in (["check", str(path)], ["play", str(path)], ["diff", str(path), SHOP]):
        status, out, err = shell(*arguments)
        assert (status, out) == (2, "")
        assert complaint in err


def test_an_unknown_command_is_answered_with_two(shell: Shell) -> None:
    with pytest.raises(SystemExit) as left:
        shell("fly")
    assert left.value.code == 2


def test_a_file_becomes_a_draft_and_comes_back(
    shell: Shell, stored: str, database: Database, tenant_id: UUID, small_file: Path
) -> None:
    status, out, err = shell("import", "--tenant", stored, str(small_file))
    assert (status, err) == (0, "")
    assert out.startswith("The draft of small is saved (revision ")
    with database.transaction(tenant_id) as connection:
        draft = api.get_draft(connection, tenant_id, "small")
    assert draft.name == "Small"
    status, out, _ = shell("export", "--tenant", stored, "small")
    assert status == 0
    assert import_flow(out).definition == parse_definition(small_flow())
    assert out == small_file.read_text()
    again = shell("import", "--tenant", stored, str(small_file), "--slug", "small")
    assert again[0] == 0
    assert shell("paths", "--tenant", stored, "small")[1].endswith("4 way(s) in all.\n")


def test_an_unknown_agency_or_flow_is_said(shell: Shell, stored: str) -> None:
    assert shell("export", "--tenant", "nobody", "small") == (2, "", "There is no agency 'nobody'.\n")
    assert shell("export", "--tenant", stored, "nothing")[::2] == (2, "There is no such flow.\n")
