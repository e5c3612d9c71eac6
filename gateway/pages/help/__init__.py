"""Help in the reader's words, and the menu as a page for small screens."""
