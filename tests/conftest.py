"""What the tests of both interpreters share: where the real services are."""

import base64
import os
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("markezy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("markezy")

os.environ.setdefault("MARKEZY_MASTER_KEY", base64.b64encode(b"k" * 32).decode())


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The cluster's superuser URL; it holds the migrated database `markezy_template`."""
    return _needed("MARKEZY_TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis database of this test process's own, so that counters of parallel tests don't add up."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return urlsplit(_needed("REDIS_URL"))._replace(path=f"/{worker}").geturl()


def _needed(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        pytest.fail(
            f"{variable} is not set: run the tests with `make test` or `python -m devstack.services -- pytest …`"
        )
    return value
