"""Everything a developer's machine needs to run Markezy; nothing here runs in production."""
