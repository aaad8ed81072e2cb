"""End a parent's children when the parent is gone, however it went.

A parent that gets SIGKILL cannot clean up. It therefore starts one sweeper, in a session of its own, and keeps the
write end of the sweeper's standard input. Each started child is announced there. When the pipe closes, the parent is
gone: the sweeper ends what is left, first gently, then hard. A child is known by its pid and its start time, so a pid
that the system handed to somebody else is left alone.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_GENTLE_SECONDS = 5


class Sweeper:
    """The parent's side: announce children, and files that mean "running"."""

    def __init__(self) -> None:
        # stderr is not inherited: whoever reads the parent's output must see its end when the parent ends.
        reader, writer = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "devstack.sweeper"],
            stdin=reader,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(__file__).resolve().parent.parent,
        )
        os.close(reader)
        self._announcements = os.fdopen(writer, "w")

    def watch(self, pid: int, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        """Have child `pid` (and the process group it leads, if any) ended with this process."""
        with suppress(psutil.NoSuchProcess):  # it has ended already
            self._tell({"watch": pid, "signal": int(stop_signal), "started": psutil.Process(pid).create_time()})

    def remove(self, path: Path) -> None:
        """Have `path` deleted: a file before the children end, a directory after."""
        self._tell({"remove": str(path.resolve())})

    def close(self) -> None:
        """End what is left of the children, delete the announced paths and wait for both."""
        self._announcements.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _tell(self, message: dict[str, str | int | float]) -> None:
        self._announcements.write(json.dumps(message) + "\n")
        self._announcements.flush()


def _sweep(children: list[tuple[psutil.Process, signal.Signals]]) -> None:
    # Read the groups before any leader ends: without its leader a group can no longer be found by pid.
    families = [(leader, stop_signal, _family(leader)) for leader, stop_signal in children]
    for leader, stop_signal, _ in families:
        _send(leader, stop_signal)
    _wait_until_ended([leader for leader, _, _ in families])
    everybody = [member for _, _, family in families for member in family]
    for process in everybody:
        _send(process, signal.SIGKILL)
    _wait_until_ended(everybody)


def _wait_until_ended(processes: list[psutil.Process]) -> None:
    deadline = time.monotonic() + _GENTLE_SECONDS
    while any(map(_runs, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _family(leader: psutil.Process) -> list[psutil.Process]:
    """The child, its descendants, and orphans that stayed in its process group."""
    members = set()
    with suppress(psutil.NoSuchProcess):
        members = {leader, *leader.children(recursive=True)}
    if not members and psutil.pid_exists(leader.pid):
        return []  # the pid is a stranger's by now
    for process in psutil.process_iter():
        with suppress(ProcessLookupError):
            if os.getpgid(process.pid) == leader.pid:
                members.add(process)
    return list(members)


def _send(process: psutil.Process, signal_: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal_)


def main() -> None:
    """Collect announcements until the parent is gone, then sweep."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    children: list[tuple[psutil.Process, signal.Signals]] = []
    paths: list[Path] = []
    for line in sys.stdin:
        message = json.loads(line)
        if "remove" in message:
            paths.append(Path(message["remove"]))
            continue
        try:
            process = psutil.Process(message["watch"])
            same = process.create_time() == message["started"]
        except psutil.NoSuchProcess:
            continue
        if same:
            children.append((process, signal.Signals(message["signal"])))
    for path in paths:
        if not path.is_dir():
            path.unlink(missing_ok=True)
    _sweep(children)
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
