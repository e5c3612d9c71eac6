"""Whose request this is: people and their sessions, systems, and the tokens that speak for both."""
