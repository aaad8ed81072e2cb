"""The language of texts: Jinja2, cut down to what a text needs, so that it can neither leave its place nor keep a worker busy.

A text may hold `{{ … }}`, `{% set %}`, `{% if %}` and `{% for %}` (two deep at most), the filters and tests below, and calls of the
functions of context.py. There are no methods, no macros, no includes; joined texts have a largest length and figures a largest size, so
that nothing grows from step to step. What is left is counted: every turn of a loop and every character written takes from the document's
allowance (`Work`), so that the same text comes to the same end on a slow machine and on a fast one.

Everything is escaped but what the text itself writes; of HTML that is `<b>`, `<i>` and `<br>`. Only texts and whole numbers can be
shown: a missing answer, a truth value or an amount without its unit is an error, never a “None” on the page.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn, cast

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from markezy.strategies.layers.parts import LONGEST_TEXT

MOST_TURNS = 10_000
"""Turns of loops in one document; shipped ones take about a hundred."""
MOST_WRITTEN = 8_000
"""Characters one text may come to."""
MOST_IN_DOCUMENT = 400_000
_MOST_IN_LOOP = 200
_DEEPEST_LOOP = 2
_LARGEST_FACTOR = Decimal(10) ** 15

WORK = "_work"
"""The variable that holds the allowance; no text can name it."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Call, nodes.Keyword, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add,
    nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Concat, nodes.CondExpr, nodes.List, nodes.Tuple, nodes.Assign,
)  # fmt: skip
FILTERS = (
    "abs",
    "capitalize",
    "default",
    "first",
    "float",
    "int",
    "join",
    "last",
    "length",
    "lower",
    "max",
    "min",
    "round",
    "upper",
)
TESTS = ("defined", "none", "odd", "even", "in")
_TAG = re.compile(r"<(?:(/?)([bi])|br)>|<")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#\d{1,6});)")


_BREAKING = (TemplateError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


class BrokenTemplate(Exception):
    """A text can't be written. The message names kind and place of the problem and holds nothing of the lead."""


class NoText(ValueError):
    """The source is no text of this language; the message is a sentence for its author."""


@dataclass
class Work:
    """What is left of a document's allowance."""

    turns: int = MOST_TURNS
    characters: int = MOST_IN_DOCUMENT

    def turn(self) -> None:
        self.turns -= 1
        if self.turns < 0:
            raise SecurityError("the loops of the document take too many turns")

    def write(self, characters: int) -> None:
        self.characters -= characters
        if self.characters < 0:
            raise SecurityError("the document grows too long")


class Text:
    """A text, ready to be written many times. NoText when the source is not of this language.

    `names` are the variables it uses, `calls` the functions with the texts they are called with: `("chose", ("goal", "margin"))`.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: frozenset[str] = frozenset()
        self.calls: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
        self._template: Template | None = None
        tree = _parsed(source)
        if any(not isinstance(each, nodes.TemplateData) for output in tree.body for each in output.iter_child_nodes()):
            self.names = frozenset(name.name for name in tree.find_all(nodes.Name) if name.ctx == "load") - _bound(tree)
            self.calls = frozenset(_calls(tree))
            self._template = _compiled(tree)
        self._plain = (
            "" if self._template else _entities("".join(data.data for data in tree.find_all(nodes.TemplateData)))
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


def _parsed(source: str) -> nodes.Template:
    if len(source) > LONGEST_TEXT:
        raise NoText(f"A text has at most {LONGEST_TEXT} characters.")
    try:
        tree = _environment().parse(source)
        _check(tree, loops=0)
        _check_markup(tree)
        return tree
    except TemplateSyntaxError as error:
        raise NoText(f"This can't be read: {error.message}.") from None
    except RecursionError:
        raise NoText("This is nested too deeply.") from None


def _compiled(tree: nodes.Template) -> Template:
    environment = _environment()
    try:
        return Template.from_code(environment, environment.compile(_guarded(tree), filename="<text>"), {})
    except (TemplateSyntaxError, SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise NoText(f"This can't be read: {type(error).__name__}.") from None


def _check(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise NoText(f"`{type(node).__name__.lower()}` is nothing a text can do.")
    if isinstance(node, nodes.For):
        loops += 1
        if loops > _DEEPEST_LOOP or node.recursive:
            raise NoText(f"Loops are at most {_DEEPEST_LOOP} deep.")
    if isinstance(node, nodes.Assign) and not _is_simple(node):
        raise NoText("Only a text or a figure can be given a name with `set`.")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise NoText(f"There is no filter {node.name}; there are {', '.join(FILTERS)}.")
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise NoText(f"There is no test {node.name}; there are {', '.join(TESTS)}.")
    if isinstance(node, nodes.Call) and not isinstance(node.node, nodes.Name):
        raise NoText("Only the functions of the context can be called.")
    if isinstance(node, nodes.Call) and (node.dyn_args is not None or node.dyn_kwargs is not None):
        raise NoText("Arguments are written out, without asterisks.")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise NoText("Names do not begin with an underscore.")
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        raise NoText("Names do not begin with an underscore.")
    for child in node.iter_child_nodes():
        _check(child, loops)


def _is_simple(node: nodes.Assign) -> bool:
    holds_lists = (
        isinstance(node.node, (nodes.List, nodes.Tuple)) or node.node.find(nodes.List) or node.node.find(nodes.Tuple)
    )
    return isinstance(node.target, nodes.Name) and not holds_lists


def _check_markup(tree: nodes.Template) -> None:
    for holder in (tree, *tree.find_all((nodes.If, nodes.For))):
        for body in (getattr(holder, part, None) for part in ("body", "else_")):
            if body:
                _check_balance(body)


def _check_balance(body: list[nodes.Node]) -> None:
    """Each branch of a text closes what it opens, so that the whole does whichever way it goes."""
    opened: list[str] = []
    for output in body:
        for data in output.iter_child_nodes() if isinstance(output, nodes.Output) else ():
            if not isinstance(data, nodes.TemplateData):
                continue
            for tag in _TAG.finditer(data.data):
                if tag[0] == "<":
                    raise NoText("Of HTML a text may hold <b>, <i> and <br>; write &lt; for the sign itself.")
                if tag[2] and not tag[1]:
                    opened.append(tag[2])
                elif tag[2] and (not opened or opened.pop() != tag[2]):
                    raise NoText(f"</{tag[2]}> closes nothing.")
    if opened:
        raise NoText(f"<{opened[-1]}> is not closed.")


def _bound(tree: nodes.Template) -> set[str]:
    """The names a text gives itself."""
    targets = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    return {*targets, "loop"} if tree.find(nodes.For) else targets


def _calls(tree: nodes.Template) -> Iterator[tuple[str, tuple[str, ...]]]:
    for call in tree.find_all(nodes.Call):
        written = [each.value for each in call.args if isinstance(each, nodes.Const) and isinstance(each.value, str)]
        if isinstance(call.node, nodes.Name) and len(written) == len(call.args):
            yield call.node.name, tuple(written)


def _guarded(tree: nodes.Template) -> nodes.Template:
    """The same text with its loops counted, and what is shown or joined looked at before."""
    for loop in tree.find_all(nodes.For):
        loop.iter = _filtered(loop.iter, "_turns")
    for joined in list(tree.find_all(nodes.Concat)):
        joined.nodes = [_filtered(each, "_shown") for each in joined.nodes]
    for output in tree.find_all(nodes.Output):
        output.nodes = [
            each if isinstance(each, nodes.TemplateData) else _filtered(each, "_shown") for each in output.nodes
        ]
    for choice in tree.find_all(nodes.CondExpr):
        choice.expr2 = choice.expr2 or nodes.Const("")
    for data in tree.find_all(nodes.TemplateData):
        data.data = _entities(data.data)
    tree.set_environment(_environment())
    return tree


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(cast(nodes.Expr, node), name, [], [], None, None)


def _entities(markup: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", markup)


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "-", "*", "/"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic is for figures: a text times a number would be a way to write a gigabyte."""
        return self.binop_table[operator](_figure(left), _figure(right))


def _figure(value: Any) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise SecurityError("only figures can be counted with; texts are joined by ~")
    exact: Decimal | int = Decimal(str(value)) if isinstance(value, float) else value
    if not -_LARGEST_FACTOR < exact < _LARGEST_FACTOR:
        raise SecurityError("the figure is too large")
    return exact


def _shown(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)  # says which name is missing
    if isinstance(value, str) and len(value) > MOST_WRITTEN:
        raise SecurityError("the text grows too long")
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return _not_shown(value)


def _not_shown(value: Any) -> NoReturn:
    raise TypeError(
        "there is nothing to show; ask with `if` first"
        if value is None
        else f"a {type(value).__name__} can't be shown; use money, number, percent, between, day or short_day"
    )


@pass_context
def _turns(context: Context, values: Any) -> Iterator[Any]:
    if isinstance(values, Undefined):
        str(values)
    if not isinstance(values, (list, tuple)) or len(values) > _MOST_IN_LOOP:
        raise SecurityError("loops go through short lists")
    work = cast(Work, context.resolve(WORK))
    for value in values:
        work.turn()
        yield value


def _join(values: Any, separator: str = "") -> str:
    if not isinstance(values, (list, tuple)) or len(values) > _MOST_IN_LOOP:
        raise SecurityError("only short lists can be joined")
    return escape(separator).join(_shown(value) for value in values)


def markup(text: str) -> Markup:
    """Inline HTML in which everything that comes from elsewhere has been escaped already."""
    return Markup(text)  # noqa: S704 - see above


def _capitalize(text: Any) -> str:
    """The text with a large first letter; other than Jinja's own it leaves the others as they are."""
    shown = _shown(text)
    if isinstance(shown, Markup):
        return shown[:1].upper() + shown[1:]
    return str(shown)[:1].upper() + str(shown)[1:]


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    environment = _Environment(autoescape=True, undefined=StrictUndefined)
    filters: dict[str, Callable[..., Any]] = {
        name: environment.filters[name] for name in FILTERS if name != "capitalize"
    }
    environment.filters = {**filters, "capitalize": _capitalize, "join": _join, "_turns": _turns, "_shown": _shown}
    environment.tests = {name: environment.tests[name] for name in (*TESTS, "undefined", "sameas")}
    environment.globals = {}
    return environment
