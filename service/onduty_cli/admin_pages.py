"""Asks the admin pages of a server; it judges nothing."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class AdminUnreachableError(Exception):
    """The pages cannot be had. The message says why."""


@dataclass(frozen=True, slots=True)
class AdminPages:
    """The pages at an address: ``HOST:PORT``, which is plain HTTP, or one that begins with ``https://``.

    ``ca_file`` is whom to trust; None: the system's roots.
    """

    address: str
    timeout_seconds: float
    ca_file: Path | None = None

    def ready(self) -> tuple[bool, list[str]]:
        """Whether the server is ready, and what is wrong.

        Raises:
            AdminUnreachableError
        """
        status, text = self._page("/readyz?verbose")
        wrong = [line.removeprefix("[-] ") for line in text.splitlines() if line.startswith("[-] ")]
        return status == 200 and not wrong, wrong

    def gauges(self) -> Mapping[str, float]:
        """The metrics that have one value, without labels.

        Raises:
            AdminUnreachableError
        """
        return {sample.name: sample.value for sample in self.samples() if not sample.labels}

    def samples(self) -> list[Sample]:
        """Every sample of the metrics.

        Raises:
            AdminUnreachableError
        """
        families = text_string_to_metric_families(self.metrics())
        try:
            return [sample for family in families for sample in family.samples]
        except ValueError:
            raise AdminUnreachableError(f"{self.address} answers, but not as Onduty's admin pages do") from None

    def metrics(self) -> str:
        """The metrics as they are written.

        Raises:
            AdminUnreachableError
        """
        return self._page("/metrics")[1]

    def health(self) -> str:
        """Every check of readiness, a line each.

        Raises:
            AdminUnreachableError
        """
        return self._page("/readyz?verbose")[1]

    def info(self) -> Any:
        """What runs there.

        Raises:
            AdminUnreachableError
        """
        try:
            return json.loads(self._page("/info")[1])
        except ValueError:
            raise AdminUnreachableError(f"{self.address} answers, but not as Onduty's admin pages do") from None

    def _page(self, path: str) -> tuple[int, str]:
        url = self.address if "://" in self.address else f"http://{self.address}"
        context = ssl.create_default_context(cafile=self.ca_file) if url.startswith("https:") else None
        try:
            with urllib.request.urlopen(url + path, timeout=self.timeout_seconds, context=context) as answer:  # noqa: S310 - whoever calls says which.
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(errors="replace")
        except (OSError, ValueError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise AdminUnreachableError(f"{self.address} does not answer: {reason}") from error
