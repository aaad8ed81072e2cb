import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devstack.supervisor import Patience, Program, Supervisor
from devstack.sweeper import Sweeper

HASTY = Patience(first_delay=0.05, longest_delay=0.1, quick_crashes=3, stop_seconds=1, stop_last_seconds=1)


@pytest.fixture
def sweeper() -> Iterator[Sweeper]:
    with Sweeper() as sweeper:
        yield sweeper


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, sweeper: Sweeper, reports: list[str]) -> Supervisor:
    return Supervisor(tmp_path, sweeper, reports.append, HASTY)


@pytest.fixture
def python_program(tmp_path: Path) -> Callable[[str, str], Program]:
    """A program made of a few lines of Python; it is ready when it has created the file `<name>.ready`."""

    def make(name: str, source: str) -> Program:
        flag = tmp_path / f"{name}.ready"
        prelude = f"import os, pathlib, signal, sys, time\nready = pathlib.Path({str(flag)!r}).touch\n"
        return Program(name, [sys.executable, "-c", prelude + source], {}, ready=flag.exists, folder=tmp_path)

    return make
