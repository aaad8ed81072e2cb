"""Layers: what strategies are composed of. The product's own, an agency's changes to them, and the rule by which they are merged."""
