"""Texts in request bodies, as pydantic checks them."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text can't contain the NUL character")
    return text


Storable = AfterValidator(_storable)
"""Refuses what PostgreSQL can't keep."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable]
"""What people call something."""
