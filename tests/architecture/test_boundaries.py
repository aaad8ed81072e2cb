"""The house's walls that no linter checks."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(pattern: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.split()


def test_platform_is_no_package() -> None:
    """With an `__init__.py`, `platform/` would shadow the standard library's module of that name."""
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_there_are_no_drawers() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [name for name in tracked("*.py") + tracked("*.ts") if Path(name).stem in drawers] == []


def test_nothing_built_or_secret_is_tracked() -> None:
    forbidden = ("dist/", "node_modules/", ".markezy/", ".venv", "static/vendor/", ".env")
    assert [name for name in tracked("*") if any(part in name for part in forbidden) and name != "defaults.env"] == []


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [ROOT / ".venv-platform/bin/lint-imports", "--config", ".importlinter"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout[-3000:]
