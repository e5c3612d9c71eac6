"""Completions: the moment when a disbursement is whole, and its items are matched."""
