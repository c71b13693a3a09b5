"""Makes the table of SDF 1.9 that generated worlds are checked against, from sdformat's own files.

The table that ships is of github.com/gazebosim/sdformat (Apache-2.0), branch sdf14, commit 8512585c6265, by
which Harmonic reads worlds; Ionic (sdf15) and Jetty (sdf16) know these elements, too:

    git clone --branch sdf14 https://github.com/gazebosim/sdformat
    python tools/sdf_elements.py sdformat/sdf/1.9 noetra_ros/sim/gazebo/elements.json
"""

import argparse
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = "root.sdf"


def read_table(folder: Path) -> dict[str, dict]:
    """Every definition that can be reached from the root, by file name without ending.

    An element's entry has its attributes under "@", "*" where it may hold anything, and its children by
    name: an entry, or the name of a definition.
    """
    table: dict[str, dict] = {}
    waiting = [ROOT]
    while waiting:
        path = folder / waiting.pop()
        if path.stem not in table and path.is_file():
            table[path.stem] = _entry(ElementTree.parse(path).getroot(), folder, waiting)
    return dict(sorted(table.items()))


def _entry(element: ElementTree.Element, folder: Path, waiting: list[str]) -> dict:
    entry: dict = {}
    attributes = sorted(child.get("name", "") for child in element.findall("attribute"))
    if attributes:
        entry["@"] = attributes
    for child in element:
        if child.tag == "element" and child.get("copy_data") == "true":
            entry["*"] = True
        elif child.tag == "element":
            entry[child.get("name", "")] = _entry(child, folder, waiting)
        elif child.tag == "include" and (folder / child.get("filename", "")).is_file():
            file = child.get("filename", "")
            name = ElementTree.parse(folder / file).getroot().get("name", "")
            entry[name] = Path(file).stem
            waiting.append(file)
    return entry


def main() -> None:
    """Reads the folder of sdformat and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, help="folder of sdformat's 1.9")
    parser.add_argument("target", type=Path, help="JSON file")
    args = parser.parse_args()
    lines = [f" {json.dumps(name)}: {json.dumps(entry)}" for name, entry in read_table(args.source).items()]
    args.target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
