"""Trying a flow out over HTTP. Nothing is kept: the state travels to the caller and back."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, model_validator
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.flows import api
from markezy.flows.definition import ChannelName, parse_definition
from markezy.flows.engine import OutgoingMessage
from markezy.flows.rehearsal import Step, Unplayable, rehearse
from markezy.flows.routes.parameters import Body
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules

blueprint = Blueprint("flows_simulating")

_LARGEST_BODY = 256 * 1024
_LONGEST_TEXT = 4000
_MOST_MEMBERS = 50
_Said = Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT)]
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Value = Annotated[str, Field(max_length=1000)]


class SimulateBody(Body):
    """The first step has no `state` and says where the lead comes from: `locale`, `channel`, `utm`, `hidden`. Each later one has
    the `state` of the answer before, and either words, a button's payload or the name of a file to send."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | Literal["draft", "published"] = "draft"
    locale: Annotated[str, Field(min_length=2, max_length=10)] = "en"
    channel: ChannelName = ChannelName.WIDGET
    utm: dict[_Name, _Value] = Field(default_factory=dict, max_length=_MOST_MEMBERS)
    hidden: dict[_Name, _Value | int | float] = Field(default_factory=dict, max_length=_MOST_MEMBERS)
    state: dict[str, JsonValue] | None = None
    say: _Said | None = None
    payload: _Said | None = None
    file: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _is_one_step(self) -> "SimulateBody":
        given = sum(each is not None for each in (self.say, self.payload, self.file))
        if given != (self.state is not None):
            raise ValueError(
                'give neither "state" nor words to begin, else "state" and one of "say", "payload" and "file"'
            )
        return self


@blueprint.post("/api/v1/flows/<slug:str>/simulate")
@endpoint(staff("flows.read"), kind=rules.EXPENSIVE, audit=None)
def simulate(call: Call, slug: str) -> Reply:
    """What the assistant would answer: `messages`, the new `state` and the `events` it would write down."""
    if len(call.request.body) > _LARGEST_BODY:
        raise Invalid(f"A simulation may hold {_LARGEST_BODY} bytes at most; start a new one.")
    wanted = call.json(SimulateBody)
    definition = api.definition_of(call.connection, call.tenant_id, slug, wanted.version)
    step = Step(**{name: getattr(wanted, name) for name in type(wanted).model_fields if name != "version"})
    try:
        outcome = rehearse(parse_definition(dict(definition)), step, datetime.now(UTC).date())
    except Unplayable:
        findings = api.findings_of(definition)
        if not findings and wanted.state is None:
            raise
        raise Invalid(
            "The flow can't be played on from here: mend its findings, if any, and start again without a state.",
            findings=findings,
        ) from None
    return Reply(
        200,
        {
            "messages": [_message(message) for message in outcome.messages],
            "state": outcome.state.to_json(),
            "events": [{"name": event.name, "data": dict(event.data)} for event in outcome.events],
        },
    )


def _message(message: OutgoingMessage) -> dict[str, Any]:
    return {name: value for name, value in asdict(message).items() if value or name == "text"}
