"""Finds what SDF 1.9 does not know in a world: older sdformat tools let unknown elements pass."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from noetra_ros.core.errors import Fault

TABLE = Path(__file__).with_name("elements.json")  # made by tools/sdf_elements.py, which names the source
ANYTHING, ATTRIBUTES = "*", "@"
# Elements that programs read although SDF does not list them, by the element that holds them.
# gz_frame_id: gazebosim/gz-sensors c8159af0a0e5 (gz-sensors8), src/Sensor.cc.
READ_BESIDES = {"sensor": ("gz_frame_id",)}


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def unknown_in(root: Element) -> list[Fault]:
    """Elements and attributes of a file, from its `sdf` on, that SDF 1.9 does not know."""
    if root.tag != "sdf" or root.get("version") != "1.9":
        return [Fault(root.tag, repr(root.get("version")), "sdf, version 1.9")]
    return _faults(root, _table()["root"], "sdf")


def _faults(element: Element, entry: dict[str, Any] | str, path: str) -> list[Fault]:
    known: dict[str, Any] = _table()[entry] if isinstance(entry, str) else entry
    attributes = known.get(ATTRIBUTES, [])
    faults = [
        Fault(f"{path}/@{name}", "an unknown attribute", f"one of {', '.join(attributes) or 'none'}")
        for name in element.attrib
        if name not in attributes
    ]
    if known.get(ANYTHING):
        return faults
    for child in element:
        below = f"{path}/{child.tag}"
        if child.tag in READ_BESIDES.get(element.tag, ()):
            continue
        if child.tag == element.tag == "model":
            faults += _faults(child, "model", below)
        elif child.tag in (ANYTHING, ATTRIBUTES) or child.tag not in known:
            names = ", ".join(sorted(name for name in known if name not in (ANYTHING, ATTRIBUTES)))
            faults.append(Fault(below, "an unknown element", f"one of {names or 'none'}"))
        else:
            faults += _faults(child, known[child.tag], below)
    return faults
