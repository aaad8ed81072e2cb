"""`python -m bench [name …]`: the comparisons with these names, or every one there is."""

import sys
from collections.abc import Callable, Sequence

from bench.message_path.__main__ import main as message_path
from bench.noisy_neighbour.__main__ import main as noisy_neighbour

COMPARISONS: dict[str, Callable[[], None]] = {"message_path": message_path, "noisy_neighbour": noisy_neighbour}


def run(names: Sequence[str]) -> int:
    """Run the comparisons, each to its end; 1 when one of them missed its target."""
    unknown = sorted(set(names) - set(COMPARISONS))
    if unknown:
        print(f"There is no comparison {', '.join(unknown)}. There are: {', '.join(COMPARISONS)}.", file=sys.stderr)
        return 2
    missed = 0
    for name in names or COMPARISONS:
        try:
            COMPARISONS[name]()
        except SystemExit as ended:
            missed = missed or (1 if ended.code else 0)
    return missed


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
