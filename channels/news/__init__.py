"""What the platform tells a lead outside of any question, and the driving again of messages that got stuck."""
