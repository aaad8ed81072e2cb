"""The public keys by which anybody can verify staff access tokens."""

from sanic import Blueprint

from markezy.kernel.http import Call, Reply, anyone, endpoint

blueprint = Blueprint("signing")


@blueprint.get("/.well-known/jwks.json")
@endpoint(anyone, audit=None)
def key_set(call: Call) -> Reply:
    """The JSON Web Key Set. Whoever meets a `kid` that is not in it asks again."""
    return Reply(200, call.services.signing.public(), {"Cache-Control": "public, max-age=300"})
