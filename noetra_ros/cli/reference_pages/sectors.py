"""Reference of the sectors that ship: every value that each of them sets, with its reason."""

from __future__ import annotations

import json
from typing import Any

from noetra_ros.core.markdown import code, plain, table
from noetra_ros.core.resources import config_names
from noetra_ros.ros.sectors import load_sector

NODES = ("supervisor", "streamer", "perception", "policy", "blackbox")


def sector_list() -> str:
    """One line for each sector, in Markdown."""
    rows = [(code(name), plain(load_sector(name).description)) for name in config_names("sectors")]
    return table(["sector", "the place"], rows)


def sector_pages() -> str:
    """A section for each sector, in Markdown."""
    return "\n\n".join(_section(name) for name in config_names("sectors"))


def _section(name: str) -> str:
    sector = load_sector(name)
    rows = [
        (code(f"{node}.{key}"), code(_words(said["value"])), plain(said["why"]))
        for node in NODES
        for key, said in getattr(sector, node).items()
    ]
    about = plain(sector.description[:1].upper() + sector.description[1:]) + "."
    return "\n\n".join([f"## {name}", about, table(["setting", "value", "why"], rows)])


def _words(value: Any) -> str:
    """A value as YAML has it, words without quotes."""
    if isinstance(value, list):
        return f"[{', '.join(_words(each) for each in value)}]"
    return value if isinstance(value, str) else json.dumps(value)
