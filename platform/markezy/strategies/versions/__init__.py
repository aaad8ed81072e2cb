"""Which texts and figures a strategy is composed of: layers in versions that never change, and releases that say which count."""
