"""The keys that sign access tokens: made here, published, rotated, forgotten."""
