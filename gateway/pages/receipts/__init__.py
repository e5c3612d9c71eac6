"""The public page at which anyone with a receipt sees whether it is genuine."""
