"""The admin in a real browser, on a running system that starts and ends with this folder."""
