"""Which version of an experiment a lead gets: by a hash, so always the same one, and nothing is kept about it. Pure."""

import hashlib
from uuid import UUID

from markezy.strategies.versions.model import Release, Share


def choose(release: Release, lead_id: UUID | None) -> Share | None:
    """The lead's share of the release; None when it releases nothing.

    The SHA-256 of `<release id>:<lead id>`, read as one big-endian number, modulo the sum of the weights falls into one version's
    share; the shares lie one after the other, as the release names them. The next release shuffles anew, a rollback deals as the
    release that it restores did. Without a lead it is the version with the largest share.
    """
    if not release.shares:
        return None
    if lead_id is None:
        return max(release.shares, key=lambda share: share.weight)
    digest = hashlib.sha256(f"{release.origin}:{lead_id}".encode()).digest()
    place = int.from_bytes(digest, "big") % sum(share.weight for share in release.shares)
    for share in release.shares:
        if place < share.weight:
            return share
        place -= share.weight
    raise ValueError("weights are positive")
