"""Flows over HTTP: `/internal/flow-versions` for the action server, `/api/v1/flows` for staff."""

from sanic import Blueprint

from markezy.flows.routes import changing, exchanging, reading, simulating

blueprint = Blueprint.group(exchanging.blueprint, reading.blueprint, changing.blueprint, simulating.blueprint)
