"""Reference of what is found by its folder: a name that a setting may give, and the file's own first line."""

from __future__ import annotations

import ast
import pkgutil
import re
from pathlib import Path

from noetra_ros.core.markdown import code, plain, table
from noetra_ros.core.resources import PACKAGE_FOLDER

# Title, folder of the package, where a name is given, e.g. in which setting.
FOLDERS = (
    ("Policy backends", "policy/backends", "`--policy`, parameter `policy`"),
    ("Splices", "streaming/splices", "parameter `splice` of the streamer"),
    ("Detectors", "perception/detectors", "parameter `detector` of perception"),
    ("Findings about sensors", "perception/health", "parameter `findings` of perception"),
    ("E-stop sources", "ros/estop_sources", "parameter `estop_sources` of the supervisor, KIND:ADDRESS"),
    ("Signals that a policy reads", "robots/signals", "`kind` of a stream in the robot profile"),
    ("Checks of the preflight", "policy/preflight_checks", "all of them, before every activation"),
    ("Engines of `noetra serve`", "policy/serving/engines", "`--engine`"),
    ("Simulated worlds", "sim/worlds", "`sim: {world: ...}` of the robot profile"),
    ("Simulated tasks", "sim/tasks", "`noetra eval --task`"),
)


def part_pages() -> str:
    """A section for each folder, in Markdown."""
    sections = []
    for title, folder, place in FOLDERS:
        path = PACKAGE_FOLDER / folder
        names = sorted(m.name for m in pkgutil.iter_modules([str(path)]) if not m.name.startswith("_"))
        rows = [(code(name), plain(first_sentence(path, name))) for name in names]
        about = f"Folder `noetra_ros/{folder}`. Named in: {place}."
        sections.append("\n\n".join([f"## {title}", about, table(["name", "what it is"], rows)]))
    return "\n\n".join(sections)


def first_sentence(folder: Path, name: str) -> str:
    """First sentence of a module's docstring, read without importing it."""
    path = folder / f"{name}.py"
    if not path.is_file():
        path = folder / name / "__init__.py"
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    text = " ".join(docstring.partition("\n\n")[0].split())
    sentence = re.match(r".*?\.(?= |$)", text)
    return (sentence[0] if sentence else text).replace("``", "`").removeprefix("Finding: ")
