"""The arguments of our launch files, said once: name, default, description, choices."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from launch.actions import DeclareLaunchArgument

from noetra_ros.core.phases import PHASES
from noetra_ros.core.resources import config_names
from noetra_ros.core.wording import LANGUAGES
from noetra_ros.policy.backend import BACKENDS

NONE = "none"
# What every launch file of ours takes, and what those with a policy take beside it.
EVERYWHERE = (
    "robot",
    "sector",
    "namespace",
    "use_sim_time",
    "lock_step",
    "autostart",
    "use_respawn",
    "params_file",
    "log_level",
)
FOR_POLICY = ("policy", "checkpoint", "instruction")
FOR_VIEW = ("host", "port", "language")
TRUTH = ("true", "false", "True", "False")


@dataclass(frozen=True)
class Argument:
    """One launch argument."""

    default: Any
    description: str
    choices: tuple[str, ...] = ()

    def declared(self, name: str) -> DeclareLaunchArgument:
        """The action that declares it."""
        return DeclareLaunchArgument(
            name,
            default_value=self.default,
            description=self.description,
            choices=list(self.choices) or None,
        )


def arguments() -> dict[str, Argument]:
    """Every argument that a launch file of ours may take."""
    robots, sectors = ", ".join(config_names("robots")), ", ".join(config_names("sectors"))
    return {
        "robot": Argument("so101", f"Robot profile: {robots}, or the path of a YAML file."),
        "sector": Argument("", f"Sectors, by comma: {sectors}, or YAML files; empty = none."),
        "sim": Argument("mujoco", "Simulator; none = a real robot.", ("mujoco", NONE)),
        "policy": Argument(
            "noetra_nano", "Policy backend; none = no policy node.", (*BACKENDS.names(), NONE)
        ),
        "perception": Argument(
            "false", "Watch what is around the robot; the supervisor keeps it away from people.", TRUTH
        ),
        "share_process": Argument(
            "false", "Perception and policy in one process: each picture is received once for both.", TRUTH
        ),
        "checkpoint": Argument("", "Folder of a model; empty = the one that ships."),
        "instruction": Argument("", "First sentence to follow; empty = wait for one."),
        "blackbox": Argument("", "Folder of the black box, a file for each stop; empty = none."),
        "namespace": Argument("", "Namespace of all nodes."),
        "use_sim_time": Argument("false", "Take the time of the topic /clock.", TRUTH),
        "lock_step": Argument("false", "Simulated time waits for the graph; simulation only.", TRUTH),
        "autostart": Argument("true", "Nodes configure and activate themselves.", TRUTH),
        "use_respawn": Argument(
            "false",
            "Start a node that has died again; the supervisor, which is never, stops the robot meanwhile.",
            TRUTH,
        ),
        "params_file": Argument("", "Parameters that override the shipped ones; empty = none."),
        "log_level": Argument("info", "Log level of our nodes.", ("debug", "info", "warn", "error", "fatal")),
        "phase": Argument(
            "", f"Phase of the bring-up, one of {', '.join(PHASES)}; empty = as the files say."
        ),
        "arm": Argument("false", "Arm as soon as all is ready; simulation only.", TRUTH),
        "heartbeats": Argument("", "Nodes that the supervisor has to hear of, by comma; empty = none."),
        **_screen_arguments(),
    }


def _screen_arguments() -> dict[str, Argument]:
    """Those of the live page and of Gazebo."""
    return {
        "view": Argument("false", "The live page in the browser; see view.launch.py.", TRUTH),
        "host": Argument(
            "127.0.0.1", "Address of the live page; another than loopback asks every browser for a token."
        ),
        "port": Argument("8080", "Port of the live page; the next free one where it is taken, 0 = any."),
        "language": Argument("en", "Language of the live page; can be changed there.", LANGUAGES),
        "seed": Argument("0", "Where things lie in Gazebo: as in MuJoCo with this seed."),
        "headless": Argument("false", "Gazebo without its window; cameras go on.", TRUTH),
    }


def declare(names: Sequence[str], defaults: Mapping[str, Any] | None = None) -> list[DeclareLaunchArgument]:
    """Declarations of arguments.

    Args:
        names: which of `arguments()`.
        defaults: other defaults than the usual ones, by name.
    """
    changed = {
        name: dataclasses.replace(argument, default=(defaults or {}).get(name, argument.default))
        for name, argument in arguments().items()
    }
    return [changed[name].declared(name) for name in names]
