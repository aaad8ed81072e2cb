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
    create_app(settings).run(
        host=settings.host, port=settings.port, single_process=True, access_log=False, motd=False, debug=False
    )


if __name__ == "__main__":
    main()
