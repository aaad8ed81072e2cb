"""`python -m actions`: serve until SIGTERM or SIGINT."""

from datetime import date

from markezy.flows.answers.warm_up import warm_up

from actions.logging import configure_logging
from actions.server import create_app
from actions.settings import load_settings


def main() -> None:
    configure_logging()
    settings = load_settings()
    warm_up(date.today())
    transport = settings.transport()
    transport.require_https()
    create_app(settings).run(
        host=settings.host, port=settings.port, ssl=transport.server_context(), single_process=True, access_log=False,
        motd=False, debug=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
