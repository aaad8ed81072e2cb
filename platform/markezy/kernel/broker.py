"""Celery's way to Redis."""

import ssl
from urllib.parse import parse_qs, urlsplit

from celery import Celery

from markezy.kernel.settings import Settings


def connect(app: Celery, settings: Settings) -> Celery:
    """Point `app` at the broker: over TLS, with the certificate checked, when the address is `rediss://`.

    Kombu goes by the options in the address alone: a bare `rediss://` would be plain.
    """
    url = settings.redis_url.get_secret_value()
    app.conf.update(broker_url=url)
    parts = urlsplit(url)
    if parts.scheme == "rediss":
        options: dict[str, object] = {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
        authority = parse_qs(parts.query).get("ssl_ca_certs")
        app.conf.update(broker_use_ssl=options | ({"ssl_ca_certs": authority[0]} if authority else {}))
    return app
