"""`strategy gallery`: golden leads' documents as leads would get them, by several processes."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from markezy.cli import main
from markezy.strategies.gallery import exhibit
from markezy.strategies.layers.layer import LayerName
from markezy.strategies.model import Agency
from markezy.strategies.versions.model import Format, Version
from markezy.strategies.versions.shipped import product_stack
from pypdf import PdfReader

NOW = datetime(2026, 1, 7, tzinfo=UTC)


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


def test_the_gallery_is_set_in_the_typeface_asked_for(tmp_path: Path) -> None:
    asked = ["--sector", "health", "--locale", "fr", "--size", "small", "--workers", "1", "--font", "lato"]
    assert main(["strategy", "gallery", *asked, "--out", str(tmp_path)]) == 0
    fonts = PdfReader(tmp_path / "health-fr-small.pdf").pages[2]["/Resources"]["/Font"]
    assert {font.get_object()["/BaseFont"].partition("+")[2].partition("-")[0] for font in fonts.values()} == {"Lato"}


def test_what_a_check_finds_fails_the_exhibit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = product_stack("restaurant", "en")
    hurried = Version(
        UUID(int=1), Format.LAYER, LayerName.AGENCY, "", "en", 1, "", "", NOW, source="subtitle: A plan of TODO days"
    )
    monkeypatch.setattr(exhibit, "product_stack", lambda _sector, _locale: sound.with_version(hurried))
    shown = exhibit.show(exhibit.Exhibit("restaurant", "en", "small"), Agency.of("Brightlane", {}), tmp_path)
    assert shown.failed
    assert shown.findings[0].startswith("error: ")
    assert "TODO" in shown.findings[0]


@pytest.mark.parametrize("asked", [["--sector", "nowhere"], ["--size", "huge"], ["--workers", "0"]])
def test_a_gallery_of_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    assert main(["strategy", "gallery", "--out", str(tmp_path / "gallery"), *asked]) == 2
    assert "There is no such" in capsys.readouterr().err
