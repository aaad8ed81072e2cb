"""The form's validation as Rasa's documentation shows it: one `FormValidationAction` on an action server."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict


class ValidateLeadForm(FormValidationAction):
    def name(self) -> str:
        return "validate_lead_form"

    def validate_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        if "@" in str(value):
            return {"email": value}
        dispatcher.utter_message(text="That does not look like an e-mail address.")
        return {"email": None}

    def validate_budget(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        if any(letter.isdigit() for letter in str(value)):
            return {"budget": value}
        dispatcher.utter_message(text="Please give a number.")
        return {"budget": None}
