"""The few shapes charts are drawn with; `lettering` writes their texts. Numbers are rounded, so that the same chart is the same text."""

from html import escape
from math import cos, pi, sin

from markezy.strategies.typefaces import Typeface


def picture(
    name: str, width: float, height: float, title: str, description: str, body: list[str], typeface: Typeface
) -> str:
    """A whole SVG. `name` makes the ids of its title and description unique in a page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}pt" height="{number(height)}pt" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'font-family="{typeface.family}"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{"".join(body)}</svg>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    """A filled rectangle."""
    corner = f' rx="{number(radius)}" ry="{number(radius)}"' if radius else ""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"{corner} fill="{fill}"/>'


def line(x: float, y: float, to_x: float, to_y: float, stroke: str, width: float = 0.5) -> str:
    """A straight line."""
    return (
        f'<line x1="{number(x)}" y1="{number(y)}" x2="{number(to_x)}" y2="{number(to_y)}" '
        f'stroke="{stroke}" stroke-width="{number(width)}"/>'
    )


def ring(x: float, y: float, outer: float, inner: float, start: float, end: float, fill: str) -> str:
    """A part of a ring; `start` and `end` are shares of the circle, clockwise from the top."""
    end = min(end, start + 0.9999)  # an arc that ends where it starts is none

    def at(radius: float, share: float) -> str:
        return " ".join(map(number, on_circle(x, y, radius, share)))

    large = int(end - start > 0.5)
    return (
        f'<path d="M {at(outer, start)} A {number(outer)} {number(outer)} 0 {large} 1 {at(outer, end)} '
        f'L {at(inner, end)} A {number(inner)} {number(inner)} 0 {large} 0 {at(inner, start)} Z" '
        f'fill="{fill}" stroke="#ffffff" stroke-width="1.4"/>'
    )


def on_circle(x: float, y: float, radius: float, share: float) -> tuple[float, float]:
    """The point of a circle at a share of its round, clockwise from the top."""
    return x + radius * sin(2 * pi * share), y - radius * cos(2 * pi * share)


def number(value: float) -> str:
    """At most two decimals, no needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
