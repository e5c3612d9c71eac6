"""How messages leave: claimed with a lease, posted signed to the SMS gateway, settled by its answer.

Each carries its id as the key, so that a gateway that honours keys takes it once however often it is
posted. To one that does not, a lost answer makes the message `unknown`: a receipt may settle it, or a
clerk, but it is never posted again by itself.
"""
