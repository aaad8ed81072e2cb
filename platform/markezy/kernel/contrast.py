"""Which ink reads on an agency's colour (WCAG 2 contrast)."""

READABLE = 4.5
"""What WCAG 2 AA asks of text; black or white has it on every colour."""


def ink_on(color: str) -> str:
    """Black or white, whichever reads better on a background."""
    if contrast(color, "#ffffff") >= contrast(color, "#000000"):
        return "#ffffff"
    return "#111111" if contrast(color, "#111111") >= READABLE else "#000000"


def contrast(first: str, second: str) -> float:
    """From 1, the same brightness, to 21, black and white."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
