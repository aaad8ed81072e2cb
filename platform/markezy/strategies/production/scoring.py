"""What a lead's score is made of, read from the flow they went through."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.flows import api as flows
from markezy.kernel.errors import NotFound
from markezy.leads import api as leads


def reasons_of(
    connection: Connection, tenant_id: UUID, lead: leads.QualifiedLead, locale: str
) -> tuple[flows.ScoreReason, ...]:
    """The reasons, which add up to the score; labels in `locale`, else in the flow's first language. None without flow or conversation.

    What no answer explains, as a rule that looks at where the lead came from, is one more reason that names no question.
    """
    try:
        version = flows.get_version(connection, tenant_id, lead.flow_version_id)
        came = leads.arrival(connection, tenant_id, lead.conversation_id)
    except NotFound:
        return ()
    answers = {answer.question: answer.value for answer in lead.answers}
    found = flows.score_reasons(
        version, answers, language=locale, locale=came.locale, channel=came.channel, utm=came.utm, hidden=came.hidden
    )
    asked = tuple(one for one in found if one.questions)
    elsewhere = lead.score - sum(one.points for one in asked)
    return (*asked, flows.ScoreReason((), (), elsewhere)) if elsewhere else asked
