"""Each check in plain words: why it stops the robot and what to do, as people are told it."""

from __future__ import annotations

from noetra_ros.core.config import read_yaml
from noetra_ros.core.markdown import code, plain, table
from noetra_ros.core.resources import config_file


def stop_table() -> str:
    """The English words of config/languages, in Markdown."""
    checks = read_yaml(config_file("languages", "en"))["checks"]
    rows = [(code(name), plain(said["why"]), plain(said["do"])) for name, said in checks.items()]
    return table(["check", "why", "do"], rows)
