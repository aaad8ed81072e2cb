"""Accounts over HTTP: `auth/*`, one's own account, the team, API keys, and the keys that verify access tokens."""

from sanic import Blueprint

from markezy.accounts.routes import api_keys, login, own_account, signing, team

blueprint = Blueprint.group(
    login.blueprint, own_account.blueprint, team.blueprint, api_keys.blueprint, signing.blueprint
)
