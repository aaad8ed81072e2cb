"""Stock Rasa as its documentation sets a project up: DIET, RulePolicy, TED, SQLTrackerStore, a form with an action server."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from devstack.configuration import BOT_PYTHON, PLATFORM_PYTHON
from devstack.servers import LOOPBACK, free_port

HERE = Path(__file__).parent / "stock"
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def train(models: Path) -> Path:
    """Train once; the model is kept in `models` for the next run."""
    model = models / "stock.tar.gz"
    if not model.exists():
        command = [
            *(str(BOT_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"),
            *("--data", "nlu.yml", "rules.yml", "stories.yml", "--out", str(models), "--fixed-model-name", "stock"),
        ]
        subprocess.run(command, cwd=HERE, env=os.environ | _QUIET, check=True, stdout=subprocess.DEVNULL)
    return model


@contextmanager
def running(model: Path, owner_url: str, logs: Path) -> Iterator[str]:
    """Rasa and its action server with a database of their own on the same server; gives Rasa's URL."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench_stock WITH (FORCE)")
        connection.execute("CREATE DATABASE bench_stock")
    parts = urlsplit(owner_url)
    actions, port = free_port(), free_port()
    environment = os.environ | _QUIET | {
        "STOCK_DB_HOST": parts.hostname or "", "STOCK_DB_PORT": str(parts.port), "STOCK_DB_NAME": "bench_stock",
        "STOCK_DB_USER": parts.username or "", "STOCK_DB_PASSWORD": parts.password or "",
        "STOCK_ACTIONS_URL": f"http://{LOOPBACK}:{actions}/webhook",
    }  # fmt: skip
    commands = {
        "actions": [str(PLATFORM_PYTHON), "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)],
        "rasa": [
            *(str(BOT_PYTHON), "-m", "rasa", "run", "--interface", LOOPBACK, "--port", str(port)),
            *("--model", str(model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        ],
    }
    processes = []
    try:
        for name, command in commands.items():
            with (logs / f"stock-{name}.log").open("wb") as log:
                processes.append(subprocess.Popen(command, cwd=HERE, env=environment, stdout=log, stderr=log))
        _await(f"http://{LOOPBACK}:{actions}/health", processes)
        _await(f"http://{LOOPBACK}:{port}/", processes)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def _await(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            break
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.5)
    raise RuntimeError(f"stock Rasa did not start: no answer at {url}")
