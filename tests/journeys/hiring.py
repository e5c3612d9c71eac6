"""Whoever works at the mutual of the journeys, and the systems that call it, added at the host's console.

    python -m tests.journeys.hiring HOME

A process of its own, as the console is: what it learns of its surroundings stays out of the tests'. It
writes one JSON object: people by their place, systems by their name, and a token that has expired.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deploy import console, installation
from deploy.demo.people import STAFF, Login
from deploy.home import Home
from gateway.identity.keys import ring
from services.kit import tokens

SYSTEMS = {
    "agency": ("state_agency", "TSS"),
    "other agency": ("state_agency", "IDOPPRIL"),
    "till": ("cashier", None),
    "till 2": ("cashier", None),
    "robot": ("administrator", None),
}
"""Role, and whose system it is."""


def hire(url: str) -> dict[str, Any]:
    """Add everybody to the gateway's database at `url`; their credentials."""
    logins = {}
    for place, (name, role) in STAFF.items():
        added = console.add_staff(
            url, f"{place}@mutual.example", name, roles=[role], roots=None, language="es"
        )
        logins[place] = asdict(Login(added.email, added.password, added.totp_uri))
    systems = {}
    for name, (role, agency) in SYSTEMS.items():
        client = console.add_client(url, name, role, agency)
        systems[name] = {"id": str(client.client_id), "secret": client.client_secret}
    return {"logins": logins, "systems": systems, "expired_token": expired_token(systems["robot"]["id"])}


def expired_token(subject: str) -> str:
    """A token that was ours in every respect, until a minute ago."""
    key = ring.signing_key()
    now = int(time.time())
    claims = {"sub": subject, "kind": "client", "scope": "members:read", "iat": now - 660, "exp": now - 60}
    return tokens.sign(claims, kid=key.kid, private_pem=key.private_pem)


if __name__ == "__main__":
    with installation.surroundings_of("gateway", Home(Path(sys.argv[1]))):
        json.dump(hire(os.environ["AMPARO_GATEWAY_DATABASE_URL"]), sys.stdout)
