"""A lead's first words: the greeting comes first, and then what they said, as far as it says something."""

from markezy.flows.definition import WITH_OPTIONS
from markezy.flows.engine import Event, Flow, Outcome

FEWEST_WORDS = 4
"""A greeting shorter than this says nothing else."""


def greeted(flow: Flow, begun: Outcome, heard: Outcome) -> Outcome:
    """The conversation's beginning, followed by what the first words led to; without it when they were taken for an answer
    that can't be one.

    Nobody had asked yet: words that answer nothing are no mistake of the lead's. And only a question with options knows its
    answer by its own words; any other might take for one whatever stands there.
    """
    if any(_is_mistaken(flow, begun.state.pending, event) for event in heard.events):
        return begun
    # What was heard ends with what comes next, so the first question isn't asked before it.
    return Outcome((*begun.events, *heard.events), (*begun.messages[:-1], *heard.messages), heard.state)


def _is_mistaken(flow: Flow, asked: str | None, event: Event) -> bool:
    if event.name == "answer_recorded" and event.data["question"] == asked:
        question = flow.definition.questions[event.data["question"]]
        return question.type not in WITH_OPTIONS or event.data["value"] is None
    return event.name == "answer_rejected"
