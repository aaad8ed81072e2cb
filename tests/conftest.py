"""What the tests of both interpreters share: where the real services are."""

import os

import pytest


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The cluster's superuser URL; it holds the migrated database `markezy_template`."""
    return _needed("MARKEZY_TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def redis_url() -> str:
    return _needed("REDIS_URL")


def _needed(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        pytest.fail(
            f"{variable} is not set: run the tests with `make test` or `python -m devstack.services -- pytest …`"
        )
    return value
