"""The front door: who may come in, and where each request goes.

Owns staff, roles, API clients, keys and tokens, rate limits, webhooks, messages and the admin's
pages; in a database of its own. It knows no rule of the trade: members are the registry's, money
is the services'. It asks the services only what anybody with the right token could ask.

- `identity/` people, sessions, clients, keys, tokens: whose request this is
- `admission.py` and `limits/` what every request passes through first
- `forwarding/` the way to the services; `openapi/` one description of them all
- `messages/` what members are told and answer; `webhooks/` what leaves this house, `hooks/` what comes in
- `pages/` the admin
- `roles.py` every role and every right, in one place
"""
