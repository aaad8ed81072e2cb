"""How versions of templates do."""

from dataclasses import asdict
from typing import Any

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel import cursors
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies.routes.parameters import before_of, id_of, limit_of, narrowed
from markezy.strategies.versions import repository
from markezy.strategies.versions.performance import Performance, performance_of, side_by_side
from markezy.strategies.versions.wording import statement

blueprint = Blueprint("strategies_performance")


@blueprint.get("/api/v1/templates/performance")
@endpoint(staff("templates.read"), audit=None)
def performance(call: Call) -> Reply:
    """What became of the strategies of each version, the newest first; `layer`, `sector` and `part` narrow, `limit` and `cursor` page.

    With `versions=<id>,<id>` two versions of one part side by side: by outcome the difference of their rates, and whether the data
    suffice to tell it from chance, in words of `locale`.
    """
    wanted = call.query.get("versions")
    if wanted is not None:
        return _side_by_side(call, wanted)
    limit = limit_of(call)
    found = repository.list_versions(call.connection, call.tenant_id, narrowed(call), before_of(call), limit + 1)
    page = found[:limit]
    next_cursor = cursors.encode(str(page[-1].id)) if len(found) > limit else None
    figures = performance_of(call.connection, call.tenant_id, page) if page else []
    return Reply(200, {"items": [_shown(one) for one in figures], "next_cursor": next_cursor})


def _side_by_side(call: Call, wanted: str) -> Reply:
    ids = wanted.split(",")
    if len(ids) != 2:
        raise Invalid('"versions" are the ids of two versions, with a comma between them.')
    first, second = (id_of(each, "versions") for each in ids)
    compared = side_by_side(call.connection, call.tenant_id, first, second)
    locale = call.query.get("locale", "en")
    return Reply(
        200,
        {
            "versions": [_shown(compared.first), _shown(compared.second)],
            "in_experiment": compared.in_experiment,
            "comparisons": {
                outcome: {**asdict(found), "text": statement(compared, outcome, locale)}
                for outcome, found in compared.comparisons.items()
            },
        },
    )


def _shown(one: Performance) -> dict[str, Any]:
    return {
        **vars(one),
        "version": vars(one.version),
        "revenue": {currency: str(amount) for currency, amount in one.revenue.items()},
        "rates": {name: asdict(rate) for name, rate in one.rates.items()},
    }
