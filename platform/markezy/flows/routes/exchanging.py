"""Flows as files and in comparison: export, import, what changed."""

from dataclasses import asdict

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.flows import api
from markezy.flows.definition import FlowDefinition, parse_definition
from markezy.flows.diff import diff
from markezy.flows.exchange.flow_file import FlowFile, UnreadableFlow
from markezy.flows.exchange.typebot import LeftOut, import_typebot
from markezy.flows.exchange.yaml_files import export_flow, import_flow
from markezy.flows.routes.parameters import staff_id, version_named
from markezy.kernel import audit
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules

blueprint = Blueprint("flows_exchanging")

_YAML = "text/yaml; charset=utf-8"
_OWN, _TYPEBOT = "yaml", "typebot"


@blueprint.get("/api/v1/flows/<slug:str>/diff")
@endpoint(staff("flows.read"), audit=None)
def compare(call: Call, slug: str) -> Reply:
    """What changed `from` one version `to` another: numbers, `published` (the default of `from`) or `draft` (of `to`)."""
    before = _definition(call, slug, version_named(call, "from", api.PUBLISHED))
    after = _definition(call, slug, version_named(call, "to", api.DRAFT))
    changes = diff(before, after, call.query.get("locale", after.locales[0]))
    return Reply(200, {"items": [{**asdict(change), "text": str(change)} for change in changes]})


@blueprint.get("/api/v1/flows/<slug:str>/export")
@endpoint(staff("flows.read"), audit=None)
def export(call: Call, slug: str) -> Reply:
    """The flow as one YAML file: a `version` by its number, `published` (the default) or the `draft`."""
    definition = _definition(call, slug, version_named(call, "version", api.PUBLISHED))
    name = api.get_flow(call.connection, call.tenant_id, slug).name
    return Reply.file(export_flow(definition, name, slug).encode(), _YAML, f"{slug}.yml", inline=False)


@blueprint.post("/api/v1/flows/import")
@endpoint(staff("flows.write"), kind=rules.EXPENSIVE, audit="flow.imported")
def take(call: Call) -> Reply:
    """Keep a file as the draft of the flow it names, in place of the draft there is. `slug` goes before the file's.

    `from` says what file it is: `yaml` (the default), or `typebot` for a bot exported from there, whose language `locale`
    names; `not_carried_over` lists what of the bot is not in the flow or needs a decision.
    """
    flow, left_out = _read(call)
    slug = call.query.get("slug") or flow.slug
    if not slug:
        raise Invalid('The file has no "slug": add one, or name the flow by the query parameter "slug".')
    name, revision = flow.name or slug, None
    try:
        current = api.get_draft(call.connection, call.tenant_id, slug)
        name, revision = flow.name or current.name, current.revision
    except NotFound:
        pass
    definition = flow.definition.model_dump(mode="json", exclude_defaults=True)
    draft = api.save_draft(call.connection, call.tenant_id, slug, name, definition, revision, staff_id(call))
    audit.subject_is(call.connection, "flow", slug)
    return Reply(
        200,
        {
            **vars(draft),
            "slug": slug,
            "findings": api.findings_of(draft.definition),
            "not_carried_over": [asdict(each) for each in left_out],
        },
    )


def _read(call: Call) -> tuple[FlowFile, tuple[LeftOut, ...]]:
    kind = call.query.get("from", _OWN)
    text = _text(call.request.body)
    try:
        if kind == _OWN:
            return import_flow(text), ()
        if kind == _TYPEBOT:
            bot = import_typebot(text, call.query.get("locale", ""))
            return FlowFile(bot.definition, bot.name, bot.slug), bot.not_carried_over
    except UnreadableFlow as error:
        problems = [asdict(problem) for problem in error.problems]
        raise Invalid("This file is no flow; `problems` says where and why.", problems=problems) from None
    raise Invalid(f'"from" is "{_OWN}" or "{_TYPEBOT}".')


def _definition(call: Call, slug: str, which: int | str) -> FlowDefinition:
    return parse_definition(dict(api.definition_of(call.connection, call.tenant_id, slug, which)))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("The file is not valid UTF-8.") from None
