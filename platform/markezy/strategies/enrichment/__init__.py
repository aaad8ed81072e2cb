"""Better words from a language model, for agencies that have one: optional, checked, and never in the way of a strategy."""
