"""One description of everything that can be asked here, at `/api/openapi.json`."""

from gateway.openapi.endpoints import router

__all__ = ["router"]
