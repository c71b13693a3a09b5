"""What a relay does to the messages of an input while a failure lasts: one file for each failure type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from noetra_ros.core.registry import Registry


@dataclass(frozen=True)
class FailureSettings:
    """What a failure is made with.

    Attributes:
        freshness_s: age at which the input counts as old; gaps and delays are multiples of it.
        variant: which of several ways, where there are several; any number.
    """

    freshness_s: float
    variant: int = 0


class Injection(Protocol):
    """A failure that has begun."""

    def take(self, message: Any, now_s: float) -> list[Any]:
        """What is passed on when a message comes in.

        Args:
            message: as it came; may be changed.
            now_s: monotonic clock.
        """
        ...


INJECTIONS: Registry[Callable[[FailureSettings], Injection]] = Registry(
    "failure type", "noetra_ros.cli.fault_campaign.injections"
)
