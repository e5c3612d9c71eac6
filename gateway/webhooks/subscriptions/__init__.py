"""Systems that asked to be told of events, and what became of each delivery.

Only events without a person in them are offered, so one administrator may add an endpoint. What an
agency is told is only its own.
"""
