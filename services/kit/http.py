"""Asking another part, when the answer must be fresh: a service token, a timeout, plain JSON.

Call it before a transaction, never inside one. Better still, keep a projection and do not call.
"""

import threading
import time
from typing import Any

import httpx

from services.kit import context
from services.kit.problems import Unavailable
from services.kit.settings import kit_settings

_TIMEOUT = httpx.Timeout(10, connect=2)
_EARLY_SECONDS = 60


class ServiceClient:
    """Calls from one part to the others with the part's own token, renewed before it expires.

    Raises Unavailable when the other part does not answer, or answers with an error of its own.
    """

    def __init__(self, part: str, client_secret: str) -> None:
        self._credentials = (f"service-{part}", client_secret)
        self._http = httpx.Client(timeout=_TIMEOUT)
        self._token = ""
        self._good_until = 0.0
        self._lock = threading.Lock()

    def get(self, url: str, **params: Any) -> Any:
        """The JSON at `url`."""
        return self._call("GET", url, params=params)

    def post(self, url: str, body: Any) -> Any:
        """The JSON that answers `body`."""
        return self._call("POST", url, json=body)

    def _call(self, method: str, url: str, **given: Any) -> Any:
        try:
            headers = {"Authorization": f"Bearer {self._bearer()}"}
            if (request_id := context.request_id.get()) is not None:
                headers["X-Request-Id"] = request_id
            return self._http.request(method, url, headers=headers, **given).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"Another part does not answer just now ({type(error).__name__}).") from error

    def _bearer(self) -> str:
        with self._lock:
            if time.monotonic() >= self._good_until:
                asked = self._http.post(
                    f"{kit_settings().gateway_url}/oauth/token",
                    data={"grant_type": "client_credentials"},
                    auth=self._credentials,
                )
                if asked.status_code != 200:
                    raise Unavailable("The gateway gives no service token just now.")
                answer = asked.json()
                self._token = answer["access_token"]
                self._good_until = time.monotonic() + answer["expires_in"] - _EARLY_SECONDS
            return self._token
