"""Flows as files: YAML of our own, its JSON Schema, and what other tools export."""
