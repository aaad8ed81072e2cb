"""What an import could not carry over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """Something of the bot that is not in the flow, or not as it was. `group` and `block` are as Typebot shows them."""

    group: str
    block: str
    why: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.group and f"group “{self.group}”", self.block) if part)
        return f"{place}: {self.why}" if place else self.why
