"""The platform: everything of Markezy that does not run inside Rasa."""
