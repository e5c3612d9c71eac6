"""Members' phones: the texts that the sandbox's SMS gateway was given for them."""

import re
from dataclasses import dataclass

import httpx

from tests.deploy.ends import wait_until


@dataclass(frozen=True)
class Phones:
    """All phones, behind one SMS gateway."""

    url: str

    def are_on(self) -> bool:
        try:
            return httpx.get(f"{self.url}/figures", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def texts(self, phone: str) -> list[str]:
        """What came to one phone, in order."""
        sent = httpx.get(f"{self.url}/messages", params={"to": phone}, timeout=10).json()
        return [message["text"] for message in sent]

    def text(self, phone: str, *words: str, seconds: float = 30) -> str:
        """The one text on this phone with all these words in it; waits for it."""
        found: list[str] = []

        def came() -> bool:
            found[:] = [text for text in self.texts(phone) if all(word in text for word in words)]
            return bool(found)

        wait_until(came, f"an SMS with {' and '.join(words)}", seconds=seconds)
        assert len(found) == 1, found
        return found[0]

    def code(self, phone: str) -> str:
        """The one-time code that came to this phone."""
        [code] = re.findall(r"\b\d{8}\b", self.text(phone, "este codigo"))
        return str(code)
