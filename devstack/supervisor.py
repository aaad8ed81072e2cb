"""Start programs, keep them running, stop them: nothing here knows Markezy.

Why not an existing supervisor: docs/decisions/0003-own-supervisor.md.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devstack import files
from devstack.sweeper import Sweeper

_PROBE_SECONDS = 0.3
_TAIL_LINES = 15


@dataclass(frozen=True)
class Program:
    """One long-running child process."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    ready: Callable[[], bool] | str
    """A probe that may block (it runs in a thread), or the text by which its log says that it is ready."""
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    stops_last: bool = False
    """Others depend on it while they stop: the databases."""


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, and how often it tries."""

    quick_crash_seconds: float = 30
    """A program that was never ready, or for a shorter time than this, has crashed quickly."""
    quick_crashes: int = 5
    """After so many quick crashes in a row the program is given up."""
    first_delay: float = 0.5
    longest_delay: float = 10
    slow_start_seconds: float = 60
    """When a program that is not ready is mentioned, and every so often after that."""
    stop_seconds: float = 6
    stop_last_seconds: float = 3


class GaveUp(Exception):
    """A program crashed too often in a row."""


@dataclass
class _Child:
    program: Program
    first_ready: asyncio.Future[None]
    state: str = "starting"
    restarts: int = 0
    ready_since: float | None = None
    process: asyncio.subprocess.Process | None = None
    keeper: asyncio.Task[None] | None = None
    log_start: int = 0
    """Where the output of this run begins in the log."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no process runs."""

    def __post_init__(self) -> None:
        self.ended.set()


class Supervisor:
    """Runs programs with logs in `home/logs` and their state in `home/processes.json`."""

    def __init__(
        self, home: Path, sweeper: Sweeper, report: Callable[[str], None], patience: Patience | None = None
    ) -> None:
        self._home = home
        self._sweeper = sweeper
        self._report = report
        self._patience = patience or Patience()
        self._children: dict[str, _Child] = {}
        self._stopping = False
        (home / "logs").mkdir(parents=True, exist_ok=True)

    def log(self, name: str) -> Path:
        """Where the output of program `name` goes."""
        return self._home / "logs" / f"{name}.log"

    async def start(self, program: Program) -> None:
        """Start `program` and return when it is ready; it is kept running until `stop`. Raises GaveUp."""
        if self._stopping:
            return
        self._put_old_log_aside(program.name)
        child = _Child(program, asyncio.get_running_loop().create_future())
        self._children[program.name] = child
        child.keeper = asyncio.create_task(self._keep(child))
        await child.first_ready

    async def stop(self) -> None:
        """End every process this supervisor started, gently, then hard; nothing else."""
        self._stopping = True
        children = list(self._children.values())
        await self._end([child for child in children if not child.program.stops_last], self._patience.stop_seconds)
        await self._end([child for child in children if child.program.stops_last], self._patience.stop_last_seconds)
        with contextlib.suppress(FileNotFoundError):
            self._state_file.unlink()

    async def _keep(self, child: _Child) -> None:
        patience = self._patience
        quick_crashes = 0
        while not self._stopping:
            child.ready_since = None
            code = await self._run_once(child)
            if self._stopping:
                return
            if child.ready_since is None or time.monotonic() - child.ready_since < patience.quick_crash_seconds:
                quick_crashes += 1
            else:
                quick_crashes = 1
            self._report_crash(child, code)
            if quick_crashes >= patience.quick_crashes:
                self._give_up(child, quick_crashes)
                return
            child.restarts += 1
            self._set_state(child, "crashed")
            await asyncio.sleep(min(patience.first_delay * 2 ** (quick_crashes - 1), patience.longest_delay))

    async def _run_once(self, child: _Child) -> int:
        """Run the program until it ends and return its exit code."""
        program = child.program
        with self.log(program.name).open("ab") as log:
            child.log_start = log.tell()
            try:
                process = await asyncio.create_subprocess_exec(
                    *program.command,
                    env=dict(program.environment),
                    cwd=program.folder,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as error:
                log.write(f"cannot run {program.command[0]}: {error.strerror}\n".encode())
                return 127
        child.process = process
        child.ended.clear()
        self._sweeper.watch(process.pid, program.stop_signal)
        self._set_state(child, "starting")
        probing = asyncio.create_task(self._await_ready(child))
        try:
            return await process.wait()
        finally:
            probing.cancel()
            # What a dead leader leaves behind would keep its port.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            child.ended.set()

    async def _await_ready(self, child: _Child) -> None:
        started = mentioned = time.monotonic()
        while not await asyncio.to_thread(self._is_ready, child):
            await asyncio.sleep(_PROBE_SECONDS)
            if time.monotonic() - mentioned > self._patience.slow_start_seconds:
                mentioned = time.monotonic()
                self._report(
                    f"{child.program.name} is not ready after {mentioned - started:.0f} s; "
                    f"its log is {self.log(child.program.name)}"
                )
        child.ready_since = time.monotonic()
        self._set_state(child, "ready")
        if not child.first_ready.done():
            child.first_ready.set_result(None)
        elif child.restarts:
            self._report(f"{child.program.name} is back")

    def _is_ready(self, child: _Child) -> bool:
        ready = child.program.ready
        if callable(ready):
            return ready()
        with self.log(child.program.name).open("rb") as log:
            log.seek(child.log_start)
            return ready.encode() in log.read()

    def _report_crash(self, child: _Child, code: int) -> None:
        ending = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        self._report(f"{child.program.name} {ending}. The last lines of its log:\n{self.tail(child.program.name)}")

    def _give_up(self, child: _Child, crashes: int) -> None:
        message = (
            f"{child.program.name} crashed {crashes} times in a row and is not started again. "
            f"Its log is {self.log(child.program.name)}"
        )
        self._set_state(child, "given up")
        self._report(message)
        if not child.first_ready.done():
            child.first_ready.set_exception(GaveUp(message))

    def tail(self, name: str) -> str:
        """The last lines of a program's log, indented."""
        text = self.log(name).read_text(errors="replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-_TAIL_LINES:])

    async def _end(self, children: list[_Child], seconds: float) -> None:
        for child in children:
            if child.ended.is_set() and child.keeper:
                child.keeper.cancel()  # it sleeps before a restart, or has given up
            elif child.process:
                with contextlib.suppress(ProcessLookupError):
                    child.process.send_signal(child.program.stop_signal)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(child.ended.wait() for child in children))
        except TimeoutError:
            for child in children:
                if child.process and not child.ended.is_set():
                    self._report(f"{child.program.name} did not stop in {seconds:.0f} s and was killed")
                    os.killpg(child.process.pid, signal.SIGKILL)
            await asyncio.gather(*(child.ended.wait() for child in children))
        for child in children:
            child.first_ready.cancel()

    def _set_state(self, child: _Child, state: str) -> None:
        child.state = state
        files.write_json(
            self._state_file,
            {
                name: {
                    "state": each.state,
                    "pid": each.process.pid if each.process else None,
                    "restarts": each.restarts,
                }
                for name, each in self._children.items()
            },
        )

    @property
    def _state_file(self) -> Path:
        return self._home / "processes.json"

    def _put_old_log_aside(self, name: str) -> None:
        log = self.log(name)
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
