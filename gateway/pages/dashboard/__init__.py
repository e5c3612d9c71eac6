"""The first page: where the month stands, and what waits for the reader."""
