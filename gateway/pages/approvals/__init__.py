"""What waits for a second person: to approve or to refuse, with a fresh code."""
