"""`./markezy …`: Markezy's commands, told where the demo of this checkout has its database and keys."""

import os
import sys

from devstack.configuration import PLATFORM_PYTHON, configure


def main() -> None:
    """Become `markezy.cli` with the same arguments."""
    python = str(PLATFORM_PYTHON)
    os.execve(python, [python, "-m", "markezy.cli", *sys.argv[1:]], configure(os.environ).environment("cli"))  # noqa: S606 - our own program, no shell


if __name__ == "__main__":
    main()
