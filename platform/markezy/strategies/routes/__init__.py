"""Strategies over HTTP: what was written and what became of it, and what strategies are written from."""

from sanic import Blueprint

from markezy.strategies.routes import (
    brand,
    documents,
    leaving,
    mail,
    outcomes,
    performance,
    production,
    releases,
    strategies,
    templates,
)

blueprint = Blueprint.group(
    strategies.blueprint,
    brand.blueprint,
    production.blueprint,
    documents.blueprint,
    leaving.blueprint,
    mail.blueprint,
    outcomes.blueprint,
    templates.blueprint,
    releases.blueprint,
    performance.blueprint,
)
