"""A robot of your own: a first profile from its URDF, and what is wrong with a robot on the live graph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.resources import user_folder
from noetra_ros.robots.controllers import controllers_yaml
from noetra_ros.robots.draft import draft_profile
from noetra_ros.robots.draft_text import profile_text
from noetra_ros.robots.live_check import State, examine
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.robots.ros2_control_urdf import mock_urdf

ACTS = (
    "new: write a first profile; check: look at the live robot; controllers: write parameters of "
    "ros2_control's controllers, and a URDF with mock hardware."
)


class Act(StrEnum):
    """What to do."""

    new = "new"
    check = "check"
    controllers = "controllers"


def command(
    act: Annotated[Act, typer.Argument(help=ACTS)],
    robot: Annotated[str, typer.Argument(help="check, controllers: profile, a name or a YAML file.")] = "",
    urdf: Annotated[Path | None, typer.Option(help="new: URDF of the robot (xacro worked out).")] = None,
    name: Annotated[str, typer.Option(help="new: name of the robot; empty = the URDF's.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            help="new: file or folder of the profile; empty = ~/.config/noetra/robots. controllers: folder."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="new: write over a file that is there.")] = False,
    channel: Annotated[str, typer.Option(help="check: command channel; empty = the default one.")] = "",
    seconds: Annotated[float, typer.Option(min=1.0, help="check: how long to listen.")] = 5.0,
    sim_time: Annotated[
        bool, typer.Option("--sim-time", help="check: the robot is simulated, stamps are those of /clock.")
    ] = False,
    namespace: Annotated[str, typer.Option(help="check: of the robot's topics; empty = none.")] = "",
) -> None:
    """`new` ends with what a person must still fill in; until then the profile runs in simulation only.

    `check` listens, moves nothing, and ends with code 1 where something is wrong: topics that are missing or
    silent, types, joint names, rates, stamps, quality of service, who is at the controller's topic.
    """
    if act is Act.check:
        if not robot:
            raise single_fault("noetra robot check", "robot", "nothing", "a profile: a name or a YAML file")
        raise typer.Exit(check_robot(robot, channel, seconds, sim_time, namespace))
    if act is Act.controllers:
        write_controllers(robot, out or Path())
        return
    if urdf is None:
        raise single_fault("noetra robot new", "--urdf", "nothing", "the URDF of the robot")
    new_profile(urdf, name, out, force)


def check_robot(robot: str, channel: str, seconds: float, sim_time: bool, namespace: str) -> int:
    """Listen, tell, and give the exit code.

    Raises:
        ConfigError: an unknown robot or channel.
    """
    profile = load_robot(robot)
    chosen = profile.channel(channel)
    from noetra_ros.ros.live_robot import listen  # rclpy: not for `new`

    console = Console(highlight=False)
    if console.is_terminal:
        console.print(f"listening for {seconds:g} s ...", style="dim")
    found = examine(profile, chosen, listen(profile, chosen, seconds, sim_time, namespace))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("what", "state", "found", "what to do"):
        table.add_column(title, overflow="fold")
    for finding in found:
        colour = "green" if finding.state is State.WELL else "red"
        state = f"[{colour}]{finding.state.value}[/]"
        table.add_row(escape(finding.subject), state, escape(finding.found), escape(finding.todo))
    console.print(table)
    wrong = sum(finding.state is State.WRONG for finding in found)
    if wrong:
        console.print(f"{profile.name}: {wrong} finding{'s' if wrong > 1 else ''}", style="red")
        return 1
    console.print(f"{profile.name}: all well on the live graph; nothing was moved", style="green")
    return 0


def write_controllers(robot: str, folder: Path) -> None:
    """Write `<robot>_controllers.yaml` and `<robot>_mock.urdf`.

    Raises:
        ConfigError: an unknown robot, or one without channels of ros2_control.
    """
    profile = load_robot(robot)
    texts = {"_controllers.yaml": controllers_yaml(profile), "_mock.urdf": mock_urdf(profile)}
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in texts.items():
        path = folder / f"{profile.name}{ending}"
        path.write_text(text, encoding="utf-8")
        print(path)


def new_profile(urdf: Path, name: str, out: Path | None, force: bool) -> None:
    """Write the profile, hold it against the loader, say what is open.

    Raises:
        ConfigError: not the URDF of an arm, or a file that is there already.
    """
    draft = draft_profile(urdf, name)
    path = _target(draft.profile.name, out)
    if path.exists() and not force:
        raise single_fault("noetra robot new", "--out", f"{path}, which is there", "a new file", "or --force")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(profile_text(draft), encoding="utf-8")
    _tell(Console(highlight=False), load_robot(str(path)), path)


def _target(name: str, out: Path | None) -> Path:
    folder = user_folder("robots") if out is None else out
    if folder.suffix not in (".yaml", ".yml"):
        return folder / f"{name}.yaml"
    if folder.stem != name:
        fault = Fault(
            "--out", folder.name, f"{name}.yaml", f"robot and file are named alike; or --name {folder.stem}"
        )
        raise ConfigError("noetra robot new", [fault])
    return folder


def _tell(console: Console, profile: RobotProfile, path: Path) -> None:
    arm = profile.channel().joints
    console.print(f"{path}: {profile.description}; joints {', '.join(arm)}", soft_wrap=True, markup=False)
    table = Table(
        box=None, pad_edge=False, header_style="bold", title="still to be filled in", title_justify="left"
    )
    for title in ("key", "what a person has to do"):
        table.add_column(title, overflow="fold")
    for key, todo in profile.open_points.items():
        table.add_row(key, todo)
    console.print(table)
    own = path.parent == user_folder("robots")
    asked = profile.name if own else str(path)
    console.print("in simulation, now:", style="bold")
    for words in (
        f"noetra eval --robot {asked} --policy scripted --task reach --episodes 3",
        f"noetra up --robot {asked} --policy scripted --arm",
    ):
        console.print(f"  {words}", soft_wrap=True, markup=False)
