"""Qualification flows: what a lead is asked, in which order, and what follows from the answers."""
