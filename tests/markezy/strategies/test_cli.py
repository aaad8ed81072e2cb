"""`strategy …` from a shell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from markezy.cli import main
from markezy.strategies.layers import golden, shipped
from markezy.strategies.layers.schema import schema_text

from tests.markezy.strategies.layers.test_golden import FILE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped base in English, and a sector of the test's own."""
    for name in ("plan", "en"):
        text = shipped.shipped_text("base", "", name)
        assert text
        _write(tmp_path / "base" / f"{name}.yml", text)
    for language in ("fr", "es"):
        _write(tmp_path / "base" / f"{language}.yml", (tmp_path / "base" / "en.yml").read_text())
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    for cached in (shipped.sectors, shipped.shipped_text, golden.golden_file):
        cached.cache_clear()
    yield tmp_path
    for cached in (shipped.sectors, shipped.shipped_text, golden.golden_file):
        cached.cache_clear()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _sector(folder: Path, words: str) -> None:
    for part, text in (("plan", "running_tilt: 1.5"), ("en", words), ("fr", words), ("es", words)):
        _write(folder / "sectors" / "bakery" / f"{part}.yml", text)
    _write(folder / "golden" / "bakery.yml", yaml.safe_dump(FILE, sort_keys=False))


def test_sound_layers_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _sector(folder, "title: Bread for {{ called }}")
    assert main(["strategy", "check"]) == 0
    assert capsys.readouterr().out == "0 error(s), 0 warning(s).\n"


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("title: 'Bread {{ called'", "sectors/bakery/en.yml:1, title: This can't be read"),
        ("title: '{{ nothing }}'", "sectors/bakery/en.yml:1, title: There is no nothing here"),
        ("titel: x", "sectors/bakery/en.yml:1, titel: There is no such key"),
        (
            "sections: {risks: {blocks: {list: {after: more}, more: {text: x, after: list}}}}",
            "sections/risks/blocks/list/after: It stands after itself, by way of others",
        ),
        ("steps: {measuring: null}", "steps/measuring: The plan has it, but it has no words"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str], words: str, finding: str
) -> None:
    _sector(folder, words)
    assert main(["strategy", "check", "bakery"]) == 1
    assert finding in capsys.readouterr().out


def test_what_nobody_asks_is_worth_a_look(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _sector(folder, "title: \"Bread{% if chose('goal', 'none') or said('oven') %}!{% endif %}\"")
    assert main(["strategy", "check", "bakery"]) == 0
    out = capsys.readouterr().out
    assert "goal has no option none" in out
    assert "Nobody asks oven" in out


def test_a_golden_leads_strategy_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _sector(folder, "title: Bread for {{ called }}")
    assert main(["strategy", "write", "bakery", "en", "small"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Bread for your business\n")
    assert "Of the €1,600 a month" in out
    assert main(["strategy", "write", "bakery", "en", "small", "--briefing"]) == 0
    assert "62 points" in capsys.readouterr().out


@pytest.mark.parametrize("asked", [("bakery", "en", "huge"), ("nowhere", "en", "small")])
def test_a_lead_that_is_not_there_is_said_to_be(
    folder: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    _sector(folder, "title: x")
    assert main(["strategy", "write", *asked]) == 2
    assert "There is no" in capsys.readouterr().err


def test_the_schemas_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strategy", "schema", "words"]) == 0
    assert capsys.readouterr().out == schema_text("words")
