"""Finding a member, and the page that tells a member's whole story."""
