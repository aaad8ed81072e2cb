"""From a case and the layers of a template to a strategy as a structured document."""
