"""Errors a user meets: each names the key, what was found, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class NoetraError(Exception):
    """Base of every error that this package raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a configuration, profile or checkpoint.

    Attributes:
        key: path of the setting, e.g. ``joints[2].velocity_radps``.
        got: what was found, in words or as it was written.
        expected: what would be right.
        remedy: what the reader can do; empty where `expected` says it all.
    """

    key: str
    got: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        tail = f" -> {self.remedy}" if self.remedy else ""
        return f"{self.key}: got {self.got}, expected {self.expected}{tail}"


class ConfigError(NoetraError):
    """A set-up that cannot work; carries every fault at once.

    Args:
        source: file or subject that is wrong, e.g. ``config/robots/so101.yaml``.
        faults: all faults found, at least one.
    """

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        if not faults:
            raise ValueError("ConfigError needs at least one fault")
        self.source = source
        self.faults = tuple(faults)
        count = f"{len(self.faults)} fault" + ("s" if len(self.faults) > 1 else "")
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{source}: {count}\n{lines}")


def single_fault(source: str, key: str, got: object, expected: str, remedy: str = "") -> ConfigError:
    """A `ConfigError` with one fault."""
    return ConfigError(source, [Fault(key, str(got), expected, remedy)])
