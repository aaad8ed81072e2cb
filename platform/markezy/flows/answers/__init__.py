"""Reading a lead's words as an answer: one reader per question type, no I/O."""

from markezy.flows.answers.reading import read_answer
from markezy.flows.answers.result import Accepted, Given, Heard, Rejected

__all__ = ["Accepted", "Given", "Heard", "Rejected", "read_answer"]
