"""The four parts and what each one runs: an HTTP face and a worker."""

from importlib import import_module
from typing import Any

PARTS = {
    "registry": "services.registry",
    "contributions": "services.contributions",
    "benefits": "services.benefits",
    "gateway": "gateway",
}
KINDS = ("api", "worker")


def load(part: str, kind: str) -> Any:
    """A part's `create_app` (api) or `main` (worker); importing it starts nothing."""
    module, name = {"api": ("app", "create_app"), "worker": ("worker", "main")}[kind]
    return getattr(import_module(f"{PARTS[part]}.{module}"), name)
