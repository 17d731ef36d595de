"""The European Central Bank's file of euro reference rates, over the network."""

from __future__ import annotations

ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
MOST_BYTES = 8_000_000
TIMEOUT_S = 20


class RatesNotFetched(Exception):
    """The file did not come; the message says why."""


def fetch_rates(address: str = ADDRESS) -> bytes:
    """The zip file of all reference rates since 1999. Raises RatesNotFetched."""
    import httpx

    try:
        with (
            httpx.Client(timeout=TIMEOUT_S, follow_redirects=True) as web,
            web.stream("GET", address) as answer,
        ):
            answer.raise_for_status()
            found = bytearray()
            for part in answer.iter_bytes():
                found += part
                if len(found) > MOST_BYTES:
                    raise RatesNotFetched("The answer is larger than eight megabytes.")
            return bytes(found)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RatesNotFetched(f"{type(error).__name__}: {error}"[:200]) from error
