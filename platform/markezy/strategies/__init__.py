"""Strategies for qualified leads: written from the sector's template, rendered as PDF, announced in the chat and sent by e-mail."""
