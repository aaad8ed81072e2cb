"""What a text may be made of: its source read, checked, and compiled with what keeps it in its place."""

import re
from collections.abc import Iterator
from typing import cast

from jinja2 import Template, TemplateSyntaxError, nodes

from markezy.strategies.layers.parts import LONGEST_TEXT
from markezy.strategies.writing.environment import FILTERS, TESTS, environment

_DEEPEST_LOOP = 2
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Call, nodes.Keyword, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add,
    nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Concat, nodes.CondExpr, nodes.List, nodes.Tuple, nodes.Assign,
)  # fmt: skip
_TAG = re.compile(r"<(?:(/?)([bi])|br)>|<")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#\d{1,6});)")


class NoText(ValueError):
    """The source is no text of this language; the message is a sentence for its author."""


def parsed(source: str) -> nodes.Template:
    """The source as a tree that has been checked. NoText."""
    if len(source) > LONGEST_TEXT:
        raise NoText(f"A text has at most {LONGEST_TEXT} characters.")
    try:
        tree = environment().parse(source)
        _check(tree, loops=0)
        _check_markup(tree)
        return tree
    except TemplateSyntaxError as error:
        raise NoText(f"This can't be read: {error.message}.") from None
    except RecursionError:
        raise NoText("This is nested too deeply.") from None


def compiled(tree: nodes.Template) -> Template:
    """The tree, guarded, ready to be written. NoText."""
    made = environment()
    try:
        return Template.from_code(made, made.compile(_guarded(tree), filename="<text>"), {})
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


def bound(tree: nodes.Template) -> set[str]:
    """The names a text gives itself."""
    targets = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    return {*targets, "loop"} if tree.find(nodes.For) else targets


def calls(tree: nodes.Template) -> Iterator[tuple[str, tuple[str, ...]]]:
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
        data.data = entities(data.data)
    tree.set_environment(environment())
    return tree


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(cast(nodes.Expr, node), name, [], [], None, None)


def entities(markup: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", markup)
