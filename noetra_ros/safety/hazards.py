"""Which hazard is answered by which check, and shown by which test: `config/hazards.yaml`, typed."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.resources import share_folder


@dataclass(frozen=True)
class Hazard:
    """One thing that can go wrong."""

    hazard: str = setting(description="what happens, and whom it would hurt")
    checks: tuple[str, ...] = setting(description="checks that answer it; empty = none of them does")
    answer: str = setting(description="what the supervisor does")
    tests: tuple[str, ...] = setting(description="file::test, or a file, from the root of the repository")
    barriers: tuple[str, ...] = setting(description="barriers that answer it", default=())


@dataclass(frozen=True)
class Hazards:
    """All of them, by name."""

    hazards: dict[str, Hazard] = setting(description="by name")


def load_hazards() -> dict[str, Hazard]:
    """The hazards by name.

    Raises:
        ConfigError: every fault of the file.
    """
    path = share_folder() / "config" / "hazards.yaml"
    return load(Hazards, read_yaml(path), str(path)).hazards


def hazard_table() -> str:
    """The table of docs/safety.md, in Markdown."""
    rows = ["| hazard | answered by | what happens then | shown by |", "| --- | --- | --- | --- |"]
    for key, item in load_hazards().items():
        named = [f"`{check}`" for check in item.checks] + [
            f"barrier `{barrier}`" for barrier in item.barriers
        ]
        checks = ", ".join(named) or "its construction"
        tests = "<br>".join(f"`{test}`" for test in item.tests)
        rows.append(f"| **{key.replace('_', ' ')}**: {item.hazard} | {checks} | {item.answer} | {tests} |")
    return "\n".join(rows)
