"""The language of texts: Jinja2, cut down to what a text needs, so that it can neither leave its place nor keep a worker busy.

A text may hold `{{ … }}`, `{% set %}`, `{% if %}` and `{% for %}` (two deep at most), the filters and tests of environment.py, and
calls of the functions of context.py; grammar.py sees to it. There are no methods, no macros, no includes; joined texts have a largest
length and figures a largest size, so that nothing grows from step to step. What is left is counted: every turn of a loop and every
character written takes from the document's allowance (`Work`), so that the same text comes to the same end on a slow machine and on a
fast one.

Everything is escaped but what the text itself writes; of HTML that is `<b>`, `<i>` and `<br>`. Only texts and whole numbers can be
shown: a missing answer, a truth value or an amount without its unit is an error, never a “None” on the page.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateError, nodes
from jinja2.exceptions import SecurityError

from markezy.strategies.writing.environment import MOST_WRITTEN, Work
from markezy.strategies.writing.grammar import NoText, bound, calls, compiled, entities, parsed

_BREAKING = (TemplateError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


class BrokenTemplate(Exception):
    """A text can't be written. The message names kind and place of the problem and holds nothing of the lead."""


class Text:
    """A text, ready to be written many times. NoText when the source is not of this language.

    `names` are the variables it uses, `calls` the functions with the texts they are called with: `("chose", ("goal", "margin"))`.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: frozenset[str] = frozenset()
        self.calls: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
        self._template: Template | None = None
        tree = parsed(source)
        if any(not isinstance(each, nodes.TemplateData) for output in tree.body for each in output.iter_child_nodes()):
            self.names = frozenset(name.name for name in tree.find_all(nodes.Name) if name.ctx == "load") - bound(tree)
            self.calls = frozenset(calls(tree))
            self._template = compiled(tree)
        self._plain = (
            "" if self._template else entities("".join(data.data for data in tree.find_all(nodes.TemplateData)))
        )

    def write(self, variables: Mapping[str, Any], work: Work) -> str:
        """The text as inline HTML. BrokenTemplate without a place: the caller knows it."""
        try:
            written = "".join(self._pieces(variables)) if self._template else self._plain
            work.write(len(written))
        except _BREAKING as error:
            raise BrokenTemplate(type(error).__name__) from error
        return written

    def _pieces(self, variables: Mapping[str, Any]) -> Iterator[str]:
        assert self._template is not None  # noqa: S101 - write() has looked
        # `shared` keeps Jinja from copying the variables: reading one of them is what records the answers it holds.
        context = self._template.new_context(variables, shared=True)  # type: ignore[arg-type]
        length = 0
        for piece in self._template.root_render_func(context):
            length += len(piece)
            if length > MOST_WRITTEN:
                raise SecurityError("the text grows too long")
            yield piece


class Condition:
    """A `when`: an expression that holds or does not. NoText when it is none."""

    def __init__(self, source: str) -> None:
        self.source = source
        if "%}" in source:
            raise NoText("A condition is one expression.")
        self._text = Text("{% if " + source + " %}1{% endif %}")
        self.names = self._text.names
        self.calls = self._text.calls

    def holds(self, variables: Mapping[str, Any], work: Work) -> bool:
        return bool(self._text.write(variables, work))


@lru_cache(maxsize=20_000)
def text_of(source: str) -> Text:
    """The text of a source; compiled once, whichever layers and versions hold it."""
    return Text(source)


@lru_cache(maxsize=5_000)
def condition_of(source: str) -> Condition:
    return Condition(source)
