"""`strategy gallery`: golden leads' documents as leads would get them, by several processes."""

from pathlib import Path

import pytest
from markezy.cli import main
from markezy.strategies.gallery.exhibit import Exhibit, show
from markezy.strategies.model import Agency


def test_the_gallery_of_a_sector_is_made_and_passes_all_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "gallery"
    asked = ["--sector", "restaurant", "--size", "medium", "--workers", "2", "--out", str(out)]
    assert main(["strategy", "gallery", *asked]) == 0
    said = capsys.readouterr().out
    index = (out / "index.html").read_text()
    for locale in ("en", "fr", "es"):
        name = f"restaurant-{locale}-medium"
        assert f" {name}: " in said
        assert (out / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        assert (out / f"{name}-briefing.pdf").read_bytes().startswith(b"%PDF")
        assert f'href="{name}.pdf"' in (out / f"{name}.html").read_text()
        assert all(f'href="{name}{ending}"' in index for ending in (".pdf", ".html", "-briefing.pdf"))
    assert "3 strategies, 0 may not go to a lead" in said
    assert "strategies a minute" in said
    assert "Peak memory" in said


def test_what_a_check_finds_fails_the_gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = Agency.of("Bright TODO Lane", {})
    shown = show(Exhibit("restaurant", "en", "medium"), unknown, tmp_path)
    assert shown.failed
    assert any("error: " in finding for finding in shown.findings)


@pytest.mark.parametrize("asked", [["--sector", "nowhere"], ["--size", "huge"], ["--workers", "0"]])
def test_a_gallery_of_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    assert main(["strategy", "gallery", "--out", str(tmp_path / "gallery"), *asked]) == 2
    assert "There is no such" in capsys.readouterr().err
