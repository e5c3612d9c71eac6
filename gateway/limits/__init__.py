"""How much one asker may take in a time."""
