"""The demo's very processes, for tests: started in a home of their own, crashed and restarted on demand."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from devstack.configuration import configure
from devstack.ports import choose_free

_ROOT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 900
_STOP_SECONDS = 20
_NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "MARKEZY_HOME", "MARKEZY_ACTIONS_PORT")
"""A test run's own services: the stack brings its own."""


class StackError(Exception):
    """The stack did not do what was asked; the message holds the end of its output."""


class Stack:
    """`with Stack(home, port, bot_port) as stack:` runs the whole of Markezy; `stack.demo` is its demo.json."""

    def __init__(
        self,
        home: Path,
        port: int | None = None,
        bot_port: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Ports that are not given are chosen among the free ones; `environment` is added to the demo's."""
        self.home = home
        free = choose_free()
        self._output = home / "demo.log"
        outer = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        chosen = {"MARKEZY_HOME": str(home), "MARKEZY_PORT": str(port or free.platform)}
        chosen["MARKEZY_BOT_PORT"] = str(bot_port or free.bot)
        # All visitors of a test come from one address.
        chosen["MARKEZY_LIMITS_SCALE"] = "100"
        self._environment = outer | chosen | dict(environment or {})
        self._root = _ROOT
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def demo(self) -> dict[str, Any]:
        """The content of demo.json."""
        content: dict[str, Any] = json.loads((self.home / "demo.json").read_text())
        return content

    @property
    def owner_url(self) -> str:
        """The database as its owner sees it."""
        return configure(self._environment).owner_url

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        self.home.mkdir(parents=True, exist_ok=True)
        # A demo that was killed leaves its demo.json behind, until the next one clears it away.
        left_behind = self._written()
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "devstack.demo"],
                env=self._environment | self._sources(),
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            self._await(lambda: self._written() not in (None, left_behind), "the demo to be ready", _READY_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its sweeper ends the rest
            self._process.wait()
            raise StackError(f"the demo did not stop in {_STOP_SECONDS} s:\n{self._tail()}") from None
        finally:
            self._process = None

    def restart_all(self, root: Path | None = None) -> None:
        """Stop everything and start it again in the same home; from the checkout in `root` from now on, when one is given."""
        self.stop()
        self._root = root or self._root
        self.start()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of Markezy's commands (`./markezy …`) beside everything else."""
        return subprocess.run(
            [sys.executable, "-m", "devstack.shell", *arguments],
            env=self._environment | self._sources(), cwd=self._root, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def kill(self, program: str) -> None:
        """Send SIGKILL to a program and its children, as a crash would, and return when it is seen as gone."""
        before = self._state(program)
        leader = psutil.Process(before["pid"])
        for process in (leader, *leader.children(recursive=True)):
            process.send_signal(signal.SIGKILL)
        self._await(lambda: self._state(program) != before, f"{program}'s end to be noticed", 10)

    @contextmanager
    def frozen(self, program: str) -> Iterator[None]:
        """Have a program and its children stand still meanwhile: who asks it something waits for the answer."""
        leader = psutil.Process(self._state(program)["pid"])
        processes = (leader, *leader.children(recursive=True))
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def wait_ready(self, program: str, seconds: float = 120) -> None:
        """Return when a program is ready, for instance after `kill`."""
        self._await(lambda: self._state(program)["state"] == "ready", f"{program} to be ready", seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _sources(self) -> dict[str, str]:
        return {"PYTHONPATH": os.pathsep.join((str(self._root), str(self._root / "platform")))}

    def _state(self, program: str) -> dict[str, Any]:
        programs: dict[str, dict[str, Any]] = self._programs()
        if program not in programs:
            raise StackError(f"there is no program {program!r} among {', '.join(sorted(programs))}")
        return programs[program]

    def _written(self) -> tuple[int, int] | None:
        """Which writing of demo.json is there."""
        try:
            found = (self.home / "demo.json").stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _programs(self) -> dict[str, dict[str, Any]]:
        try:
            content: dict[str, dict[str, Any]] = json.loads((self.home / "processes.json").read_text())
        except FileNotFoundError:
            return {}
        return content

    def _await(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if self._process is None or self._process.poll() is not None:
                raise StackError(f"the demo ended while waiting for {what}:\n{self._tail()}")
            given_up = [name for name, each in self._programs().items() if each["state"] == "given up"]
            if given_up:
                raise StackError(f"{', '.join(given_up)} crashed too often:\n{self._tail()}")
            if time.monotonic() > deadline:
                raise StackError(f"waited {seconds:.0f} s for {what}:\n{self._tail()}")
            time.sleep(0.2)

    def _tail(self) -> str:
        return "\n".join(self._output.read_text(errors="replace").splitlines()[-40:])
