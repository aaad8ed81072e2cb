"""Personal data: who may open it, where it may be looked up, how it is forgotten (docs/record.md).

The door for the domains. All functions work inside the caller's transaction, which knows the process's key ring
(`markezy.kernel.db.Database`).
"""

from markezy.kernel.personal.blind import blind, forget_words, index_words, leads_with, replace_words, words_of
from markezy.kernel.personal.keys import (
    context,
    destroy,
    for_writing,
    keys_of,
    keys_of_conversation,
    keys_of_one,
    seal,
    tenant_keys,
    unseal,
)

__all__ = [
    "blind",
    "context",
    "destroy",
    "for_writing",
    "forget_words",
    "index_words",
    "keys_of",
    "keys_of_conversation",
    "keys_of_one",
    "leads_with",
    "replace_words",
    "seal",
    "tenant_keys",
    "unseal",
    "words_of",
]
