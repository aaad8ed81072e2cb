"""The lead pipeline: what a conversation has told so far, kept as a read model of the event log."""
