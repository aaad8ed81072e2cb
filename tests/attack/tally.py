"""How often each kind of attack was tried, and what leaked."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of one kind of attack."""

    attempts: int = 0
    leaks: list[str] = field(default_factory=list)


class Attacks:
    """All kinds, in the order in which they were first tried."""

    def __init__(self) -> None:
        self.kinds: dict[str, Tally] = defaultdict(Tally)

    def held(self, kind: str, what: str, held: bool) -> None:
        """One attempt; unless the wall held, `what` is a leak."""
        tally = self.kinds[kind]
        tally.attempts += 1
        if not held:
            tally.leaks.append(what)

    def check(self, kind: str) -> None:
        """Fail with the leaks of this kind. It must have been tried at all."""
        tally = self.kinds[kind]
        assert tally.attempts, f"nothing was tried of {kind}"
        assert tally.leaks == [], f"{len(tally.leaks)} leaks of {tally.attempts} attempts:\n" + "\n".join(
            tally.leaks[:20]
        )

    def table(self) -> str:
        """For the end of a run."""
        width = max((len(kind) for kind in self.kinds), default=0)
        lines = [f"{kind:<{width}}  {one.attempts:>9,}  {len(one.leaks):>5}" for kind, one in self.kinds.items()]
        attempts = sum(one.attempts for one in self.kinds.values())
        leaks = sum(len(one.leaks) for one in self.kinds.values())
        head = f"{'class of attack':<{width}}  {'attempts':>9}  {'leaks':>5}"
        rule = "-" * len(head)
        return "\n".join([head, rule, *lines, rule, f"{'all':<{width}}  {attempts:>9,}  {leaks:>5}"])
