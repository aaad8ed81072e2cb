"""The door to leads' rights: erasures and their certificates.

Functions take a connection whose transaction is scoped to the tenant and never commit.
"""

from markezy.privacy.model import Erasure, Reason, certificate
from markezy.privacy.projector import project
from markezy.privacy.service import erasure_of, request_erasure

PROJECTION_NAME = "privacy"

__all__ = ["PROJECTION_NAME", "Erasure", "Reason", "certificate", "erasure_of", "project", "request_erasure"]
