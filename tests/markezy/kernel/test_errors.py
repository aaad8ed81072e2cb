"""Errors travel between Celery's processes: one that can't be pickled arrives as another, without its text."""

import pickle

import pytest
from markezy.crm.model import CrmError, CrmRefused
from markezy.kernel.errors import Conflict, Invalid, NotFound, Problem, TooManyRequests
from markezy.kernel.mail import NotSent
from markezy.kernel.news import NotTold
from markezy.kernel.strict_yaml import UnreadableYaml
from markezy.kernel.task import PermanentFailure
from markezy.strategies.enrichment.client import ModelFailed
from markezy.strategies.layers.findings import Finding, NotALayer
from markezy.strategies.production.drafting import NotWritable
from markezy.strategies.rendering.pdf import NotRenderable
from markezy.strategies.writing.grammar import NoText
from markezy.strategies.writing.sandbox import BrokenTemplate

RAISED = [
    NotTold("the bot answered 400", final=True),
    NotSent("the mail server answered 550", final=True),
    PermanentFailure("there is no such strategy"),
    NotWritable("nothing fits"),
    NotRenderable("too large"),
    NotALayer(Finding("base", "title", "There is no text here.", "Write one.")),
    UnreadableYaml(3, "title", "This can't be read."),
    BrokenTemplate("TypeError in sections/summary"),
    NoText("Loops are at most 2 deep."),
    ModelFailed("timeout"),
    CrmError("busy"),
    CrmRefused("no"),
    Problem("It broke."),
    NotFound("There is no such thing."),
    Invalid("It makes no sense.", field="goal"),
    Conflict("It changed."),
    TooManyRequests("Wait.", retry_after=3),
]


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_an_error_of_a_task_arrives_as_it_was(error: Exception) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))
