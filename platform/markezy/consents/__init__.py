"""Consent: which texts leads were asked with, what they answered, and what may be done therefore."""
