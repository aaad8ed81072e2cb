"""Bots exported from Typebot (JSON of version 3 to 6) as flows. What can't be carried over is listed, never dropped."""

from markezy.flows.exchange.typebot.convert import Imported, import_typebot
from markezy.flows.exchange.typebot.left_out import LeftOut

__all__ = ["Imported", "LeftOut", "import_typebot"]
