"""The processes of a running Markezy and how each shows that it is ready."""

import hashlib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from devstack.configuration import BOT_PYTHON, PLATFORM_PYTHON, ROOT, Configuration
from devstack.servers import LOOPBACK
from devstack.supervisor import Program


def servers(configuration: Configuration) -> dict[str, Program]:
    """The embedded databases; those that the user brings are not among them."""
    embedded = {"postgres": configuration.postgres, "redis": configuration.redis}
    return {
        name: Program(
            name=name,
            command=server.command(),
            environment={"PATH": configuration.outer.get("PATH", "")},
            ready=server.ready,
            stop_signal=server.stop_signal,
            stops_last=True,
        )
        for name, server in embedded.items()
        if server
    }


def rasa(configuration: Configuration, model: Path) -> Program:
    """Rasa with the channels, serving `model`."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    return Program(
        name="rasa",
        command=[
            *(str(BOT_PYTHON), "-m", "rasa", "run"),
            *("--interface", configuration.outer.get("MARKEZY_HOST") or LOOPBACK),
            *("--port", str(configuration.ports.bot), "--model", str(model)),
            *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
            *_certificate(configuration),
        ],
        environment=configuration.environment("rasa") | quiet,
        ready=_answers(configuration.ports.bot, "/readyz", configuration.scheme),
        folder=ROOT,
    )


def platform(configuration: Configuration) -> list[Program]:
    """Everything of ours on Python 3.12 that needs a migrated database."""
    # Unique per home: a shared Redis may carry the worker of another checkout.
    worker = f"worker-{hashlib.sha256(str(configuration.home).encode()).hexdigest()[:8]}@markezy"
    celery = ("celery", "--app", "markezy.worker")
    return [
        _python(
            configuration,
            "web",
            "markezy.web",
            ready=_answers(configuration.ports.platform, "/readyz", configuration.scheme),
        ),
        _python(configuration, "relay", "markezy.relay", ready="relay.started"),
        _python(
            configuration,
            "worker",
            *celery,
            *("worker", "--hostname", worker, "--concurrency", "2", "--loglevel", "INFO", "--without-gossip"),
            ready=f"{worker} ready.",
        ),
        _python(
            configuration,
            "beat",
            *celery,
            *("beat", "--schedule", str(configuration.home / "beat-schedule"), "--pidfile=", "--loglevel", "INFO"),
            ready="beat: Starting",
        ),
    ]


def independent(configuration: Configuration) -> list[Program]:
    """Everything that needs no database."""
    return [
        _python(
            configuration,
            "actions",
            "actions",
            ready=_answers(configuration.ports.actions, "/health", configuration.scheme),
        ),
        _python(configuration, "sandbox", "devstack.sandbox", ready=_answers(configuration.ports.sandbox, "/readyz")),
    ]


def _python(
    configuration: Configuration, name: str, module: str, *arguments: str, ready: Callable[[], bool] | str
) -> Program:
    return Program(
        name=name,
        command=[str(PLATFORM_PYTHON), "-m", module, *arguments],
        environment=configuration.environment(name),
        ready=ready,
        folder=ROOT,
    )


def _certificate(configuration: Configuration) -> tuple[str, ...]:
    """Rasa's own options for HTTPS."""
    certificate = configuration.outer.get("MARKEZY_TLS_CERT")
    if not certificate:
        return ()
    return ("--ssl-certificate", certificate, "--ssl-keyfile", configuration.outer.get("MARKEZY_TLS_KEY", ""))


def _answers(port: int, path: str, scheme: str = "http") -> Callable[[], bool]:
    # Whether our own process on this machine is up, whatever name its certificate is for.
    address = f"{scheme}://{LOOPBACK}:{port}{path}"
    unverified = ssl._create_unverified_context()  # noqa: S323

    def probe() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=5, context=unverified) as response:  # noqa: S310 - ours
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError, ValueError):
            return False

    return probe
