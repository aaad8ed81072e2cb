"""A person takes over: leads who ask for somebody, staff who answer them, and what the team hears of it."""
