"""Webhooks going out, as Standard Webhooks 1.0.0 says: signed, retried, replayed, never to private places.

- `posting/` how any signed post leaves this house: signature, guard, waits; messages use it too
- `subscriptions/` the systems that are told of events, and what became of each delivery

Receivers know a delivery by its `webhook-id`, which is the same at every try: they take it once.
"""
