"""The gateway's own audit, to read: who let whom in. Each service keeps and shows its own."""
