"""Which variant of a flow a visitor gets: by a hash, so the same one always and everywhere, and nothing is kept about them."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One of the versions that are compared. Of all visitors, `weight` in the sum of the weights get it."""

    name: str
    weight: int
    flow_version_id: str


@dataclass(frozen=True)
class Experiment:
    """A running experiment."""

    id: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Assignment:
    """What a conversation was given."""

    experiment_id: str
    variant: Variant


def assign(experiment: Experiment, visitor: str) -> Assignment:
    """The visitor's variant. `visitor` is a UUID in canonical form.

    The SHA-256 of `<experiment id>:<visitor>`, read as one big-endian number, modulo the sum of the weights falls into one
    variant's share; the shares lie one after the other, by the variants' names. Another experiment shuffles anew.
    """
    digest = hashlib.sha256(f"{experiment.id}:{visitor}".encode()).digest()
    place = int.from_bytes(digest, "big") % sum(variant.weight for variant in experiment.variants)
    for variant in sorted(experiment.variants, key=lambda each: each.name):
        if place < variant.weight:
            return Assignment(experiment.id, variant)
        place -= variant.weight
    raise ValueError("an experiment has variants, and their weights are positive")
