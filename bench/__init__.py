"""Comparisons that anyone can run: ratios measured side by side in one run."""
