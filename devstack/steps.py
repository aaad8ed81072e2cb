"""Labelled commands, one after the other or beside each other; all run, and one that fails fails the whole."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock

from devstack.configuration import ROOT


@dataclass(frozen=True)
class Step:
    """One command; it is skipped while none of the paths it is about exist."""

    title: str
    command: list[str]
    about: list[Path]
    folder: Path = ROOT


@dataclass(frozen=True)
class Beside:
    """Lanes that run at the same time; the steps of one lane run one after the other."""

    lanes: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True)
class _Result:
    title: str
    code: int
    seconds: float

    def __str__(self) -> str:
        return f"{'passed' if self.code == 0 else f'FAILED ({self.code})':12} {self.seconds:5.0f} s  {self.title}"


def run(steps: Iterable[Step | Beside], environment: Mapping[str, str]) -> int:
    """Run the steps and print a closing summary; 1 when one failed.

    What a step prints is shown as it comes. Of steps beside each other it is shown as a whole, when the step is done.
    """
    results: list[_Result] = []
    for step in steps:
        if isinstance(step, Beside):
            results += _Lanes(environment).run(step)
        elif step.about:
            _head(step)
            started = time.monotonic()
            code = subprocess.run(
                step.command, cwd=step.folder, env=environment, stdin=subprocess.DEVNULL, check=False
            ).returncode
            results.append(_Result(step.title, code, time.monotonic() - started))
    print("\n━━━ summary ━━━")
    for result in results:
        print(result)
    return 0 if all(result.code == 0 for result in results) else 1


class _Lanes:
    """The steps that run beside each other."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._printing = Lock()
        self._starting = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._given_up = False

    def run(self, beside: Beside) -> list[_Result]:
        """All results, lane by lane. Whoever interrupts this ends all of them."""
        lanes = [[step for step in lane if step.about] for lane in beside.lanes]
        with ThreadPoolExecutor(len(lanes)) as pool:
            waiting = [pool.submit(self._lane, lane) for lane in lanes]
            try:
                return [result for one in waiting for result in one.result()]
            except BaseException:
                self._give_up()
                raise

    def _lane(self, steps: Iterable[Step]) -> list[_Result]:
        return [result for step in steps if (result := self._step(step))]

    def _step(self, step: Step) -> _Result | None:
        started = time.monotonic()
        with TemporaryFile() as output:
            with self._starting:
                if self._given_up:
                    return None
                process = subprocess.Popen(
                    step.command, cwd=step.folder, env=self._environment,
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                )  # fmt: skip
                self._running.add(process)
            with self._printing:
                print(f"\n… {step.title}: its output follows when it is done", flush=True)
            code = process.wait()
            self._running.discard(process)
            output.seek(0)
            with self._printing:
                _head(step)
                shutil.copyfileobj(output, sys.stdout.buffer)
                sys.stdout.buffer.flush()
        return _Result(step.title, code, time.monotonic() - started)

    def _give_up(self) -> None:
        with self._starting:
            self._given_up = True
            for process in self._running:
                process.terminate()


def _head(step: Step) -> None:
    print(f"\n━━━ {step.title} ━━━", flush=True)
