"""Which master keys this installation has, by its settings."""

from collections.abc import Mapping
from pathlib import Path

from envelope.master import MasterKeys
from envelope.transit import VaultTransit
from envelope.wrapping import BadMasterKey, Succession, Wrapping


def wrapping_of(environment: Mapping[str, str]) -> Wrapping:
    """The KMS of `MARKEZY_KMS_URL` if there is one, else the keys of `MARKEZY_MASTER_KEY_FILE` and `MARKEZY_MASTER_KEY`.

    With both, the KMS wraps and the keys still open what they wrapped. BadMasterKey says which variable is wrong.
    """
    url = environment.get("MARKEZY_KMS_URL", "")
    if not url:
        return MasterKeys.from_environment(environment)
    token_file, authority = environment.get("MARKEZY_KMS_TOKEN_FILE", ""), environment.get("MARKEZY_TLS_CA", "")
    if not token_file:
        raise BadMasterKey("MARKEZY_KMS_TOKEN_FILE is not set: it names the file that holds the KMS's token")
    kms = VaultTransit(url, Path(token_file), Path(authority) if authority else None)
    if environment.get("MARKEZY_MASTER_KEY") or environment.get("MARKEZY_MASTER_KEY_FILE"):
        return Succession(kms, MasterKeys.from_environment(environment))
    return kms
