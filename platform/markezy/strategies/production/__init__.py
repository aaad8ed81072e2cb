"""A strategy's way from a qualified lead to documents that may leave the house: write, improve, check, render, or set aside for staff."""
