"""The action server: runs the flow engine for Rasa and tells the platform about qualified leads."""
