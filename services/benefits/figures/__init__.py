"""Figures: what came from the State, and where it is."""
