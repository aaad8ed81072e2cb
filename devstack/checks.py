"""`make test`, `make lint`, `make bench` and `make attack`: labelled steps; all run, and one that fails fails the whole."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from devstack import chromium, setup
from devstack.configuration import BOT_PYTHON, PLATFORM_PYTHON, ROOT

_MOST_TEST_PROCESSES = 4
_LONG = "MARKEZY_ATTACK_LONG"
"""Set: the attacks that vary at random try more (tests/attack/conftest.py)."""
_PYTHON_3_12 = ("platform/markezy", "actions", "devstack", "envelope", "fairuse", "transport")


@dataclass(frozen=True)
class Step:
    """One command; it is skipped while none of the paths it is about exist."""

    title: str
    command: list[str]
    about: list[Path]
    folder: Path = ROOT


def lint_steps() -> list[Step]:
    """Formatting, lint rules, types, boundaries."""
    tools = PLATFORM_PYTHON.parent
    typed = _existing(_PYTHON_3_12)
    return [
        Step("ruff format", [str(tools / "ruff"), "format", "--check", "."], [ROOT]),
        Step("ruff check", [str(tools / "ruff"), "check", "."], [ROOT]),
        Step("mypy --strict", [str(tools / "mypy"), *map(str, typed)], typed),
        Step("import boundaries", [str(tools / "lint-imports")], _existing([".importlinter"])),
    ]


def test_steps() -> list[Step]:
    """All tests, by interpreter."""
    processes = str(min(_MOST_TEST_PROCESSES, os.cpu_count() or 1))
    platform = _existing(
        f"tests/{part}"
        for part in ("markezy", "actions", "devstack", "architecture", "envelope", "fairuse", "transport")
    )
    bot = _existing(f"tests/{part}" for part in ("bot", "channels", "envelope"))
    journeys = _existing(["tests/journeys", "tests/widget", "tests/chaos"])
    stories = ROOT / "tests" / "stories" / "run.py"
    widget = ROOT / "channels" / "widget" / "web"
    return [
        Step("platform, actions, devstack (3.12)", _pytest(PLATFORM_PYTHON, platform, "-n", processes), platform),
        Step("bot and channels (3.10)", _pytest(BOT_PYTHON, bot), bot),
        Step("rasa data validate, rasa test", [str(BOT_PYTHON), "-W", "ignore", str(stories)], _existing([stories])),
        Step("the widget's own tests", ["npm", "test", "--if-present"], _existing([widget / "package.json"]), widget),
        Step("journeys through the whole of Markezy", _pytest(PLATFORM_PYTHON, journeys), journeys),
        *attack_steps(),
    ]


def attack_steps() -> list[Step]:
    """What an attacker would try. One process, because the table of attempts at its end is of one."""
    attack = _existing(["tests/attack"])
    return [Step("attacks", _pytest(PLATFORM_PYTHON, attack), attack)]


def bench_steps() -> list[Step]:
    """The comparisons in `bench/`."""
    entry = ROOT / "bench" / "__main__.py"
    return [Step("comparisons", [str(PLATFORM_PYTHON), "-m", "bench"], _existing([entry]))]


def run(steps: Iterable[Step]) -> int:
    """Run the steps and print a closing summary; 1 when one failed."""
    results = []
    for step in steps:
        if not step.about:
            continue
        print(f"\n━━━ {step.title} ━━━", flush=True)
        started = time.monotonic()
        code = subprocess.run(
            step.command, cwd=step.folder, env=_environment(), stdin=subprocess.DEVNULL, check=False
        ).returncode
        results.append((step.title, code, time.monotonic() - started))
    print("\n━━━ summary ━━━")
    for title, code, seconds in results:
        print(f"{'passed' if code == 0 else f'FAILED ({code})':12} {seconds:5.0f} s  {title}")
    return 0 if all(code == 0 for _, code, _ in results) else 1


def _pytest(python: Path, paths: Iterable[Path], *options: str) -> list[str]:
    return [str(python), "-m", "pytest", "--import-mode=importlib", "-q", *options, *map(str, paths)]


def _existing(paths: Iterable[str | Path]) -> list[Path]:
    return [ROOT / path for path in paths if (ROOT / path).exists()]


def _environment() -> dict[str, str]:
    browser = chromium.find()
    return os.environ | setup.node_path() | ({"MARKEZY_CHROMIUM": browser} if browser else {})


def main() -> int:
    """The command line: `test`, `lint`, `bench` or `attack`."""
    match sys.argv[1:]:
        case ["lint"]:
            return run(lint_steps())
        case ["bench"]:
            return run(bench_steps())
        case ["test"]:
            return _beside_services("test-here")
        case ["attack"]:
            return _beside_services("attack-here")
        case ["test-here"]:
            return run(test_steps())
        case ["attack-here"]:
            os.environ[_LONG] = "1"
            return run(attack_steps())
        case _:
            print("usage: python -m devstack.checks test|lint|bench|attack", file=sys.stderr)
            return 2


def _beside_services(what: str) -> int:
    """Run this module again as `what`, with a PostgreSQL and a Redis for the tests."""
    again = [sys.executable, "-m", __spec__.name, what]
    return subprocess.run([str(PLATFORM_PYTHON), "-m", "devstack.services", "--", *again], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
