"""The website widget: its HTTP protocol (routes), its live events (Server-Sent Events) and its script."""
