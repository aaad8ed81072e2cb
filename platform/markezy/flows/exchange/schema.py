"""The JSON Schema of a flow's file, for editors and for programs that write flows; published as docs/flow.schema.json."""

import json
from typing import Any

from markezy.flows.definition import FlowDefinition

_DESCRIPTIONS: dict[str, dict[str, str]] = {
    "FlowDefinition": {
        "locales": "The languages the flow speaks; the first serves leads whose language is none of them.",
        "channels": "Where the flow is offered: what doesn't fit one of these keeps it from being published.",
        "hidden": "The fields the page hands over unseen: `hidden.<name>` in conditions.",
        "greeting": "What is said before the first question, by language.",
        "start": "The id of the first question.",
        "questions": "The questions by id, in the order they are best read.",
        "computed": "Values worked out from the answers: `computed.<id>` in conditions, `{id}` in texts.",
        "scoring": "Points for leads; all rules that hold are added up.",
        "rules": "Rules that hold everywhere, tried in this order after every answer.",
        "ends": "The ways for the qualification to finish, by id.",
        "faqs": "Answers to leads' own questions, by id; `price`, `privacy` and `bot` answer those kinds.",
    },
    "Question": {
        "type": "How an answer is understood.",
        "text": "The question, by language. `{question_id}` and `{field}` show earlier answers and computed fields.",
        "help": "Why it is asked, by language: the answer to “why do you ask?”.",
        "label": "The question's short name, by language: on the recap, in the console, in the CRM.",
        "placeholder": "What stands in the empty field, by language.",
        "options": "The choices of a choice or multi_choice question.",
        "validation": "What an answer has to fulfil beyond its type.",
        "optional": "Whether the lead may skip it.",
        "when": "CEL: it is asked only if this holds, else passed over.",
        "keywords": "What leads call the subject, in any language: by these words an answer is found that shall change.",
        "entity": "Which part of a sentence answers a text question ahead of its turn.",
        "repair": "Said instead of the standard sentence when an answer can't be used, by language.",
        "role": "Which contact detail the answer is.",
        "purpose": "What a consent is for, `contact` by default: what is done for it is done only while the consent stands.",
        "next": "Where to go from here: the first transition whose condition holds; the last one has no condition.",
    },
    "Option": {
        "value": "What conditions and the CRM know the choice by.",
        "title": "What the lead sees, by language.",
        "synonyms": "Further words a lead may use, in any language.",
    },
    "Validation": {
        "min": "The least number, amount, step, number of choices or characters.",
        "max": "The most of the same; of a file its megabytes.",
        "pattern": "A regular expression the whole text has to match.",
        "integer": "Whole numbers only.",
        "currency": "ISO 4217; what amounts are in.",
        "country": "ISO 3166; for phone numbers written without their country code.",
        "future": "Not before today.",
        "media_types": "Which files may be sent, like application/pdf or image/*.",
    },
    "Transition": {
        "when": "CEL over answers, computed, hidden, utm, channel, locale and score; without it, all remaining cases.",
        "to": "The id of a question or an end.",
    },
    "ScoreRule": {"when": "CEL, without the score.", "points": "Added to the score of leads for whom it holds."},
    "ComputedField": {"value": "CEL, without the score; may use other fields."},
    "Rule": {
        "when": "CEL.",
        "to": "The id of an end: the lead goes there at once.",
        "call_person": "In place of `to`: the team is asked for somebody, once, and the questions go on afterwards.",
    },
    "End": {
        "outcome": "What the end means for the agency.",
        "message": "The last words, by language; answers are shown as in questions.",
        "recap": "Whether the lead confirms their answers first; by default before a qualified end.",
    },
    "Faq": {
        "keywords": "Words the lead's question is recognised by, in any language.",
        "answer": "The answer, by language.",
    },
}


def flow_schema() -> dict[str, Any]:
    """The schema as data, JSON Schema 2020-12."""
    schema = FlowDefinition.model_json_schema()
    parts = {"FlowDefinition": schema, **schema["$defs"]}
    for part, descriptions in _DESCRIPTIONS.items():
        for key, description in descriptions.items():
            parts[part]["properties"][key]["description"] = description
    named = {
        "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "What staff call the flow."},
        "slug": {
            "type": "string",
            "pattern": "^[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?$",
            "description": "The flow's name in addresses.",
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A Markezy flow",
        "properties": {**named, **schema["properties"]},
    }


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(flow_schema(), indent=2, ensure_ascii=False) + "\n"
