"""Bringing a lead back to an unfinished conversation: links they ask for, and one reminder."""
