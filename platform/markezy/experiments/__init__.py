"""Experiments: a flow's versions beside each other, each for its share of the visitors."""
