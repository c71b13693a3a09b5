"""Prove on a robot that an emergency stop reaches its controller, and write a signed record of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from noetra_ros import __version__
from noetra_ros.core.errors import single_fault
from noetra_ros.core.resources import config_file
from noetra_ros.evaluation.estop_motion import motion_of
from noetra_ros.evaluation.estop_trial import EstopLimits, EstopRound, default_limits, judge_press
from noetra_ros.evaluation.limits import limits_of_channel
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.node_parameters import parameter_file
from noetra_ros.safety.audit.keys import PublicKey, SigningKey, default_key_path
from noetra_ros.safety.audit.signed_record import signature_fault, signed

if TYPE_CHECKING:
    from noetra_ros.cli.estop_rig import EstopRig

TOPIC, SERVICE = "topic estop", "service safety/estop"
WATCH_S = 0.5  # after the source has ended, too, the robot stays where it is
STEP_S = 0.4
STANDBY_TIMEOUT_S = 60.0


def command(
    robot: Annotated[str, typer.Option(help="Robot profile: a name in config/robots, or a YAML file.")] = "",
    sim: Annotated[str, typer.Option(help="mujoco, or none: the real robot, whose driver runs.")] = "mujoco",
    channel: Annotated[str, typer.Option(help="Command channel; empty = the profile's default.")] = "",
    joint: Annotated[str, typer.Option(help="Joint that is moved; empty = the first of the channel.")] = "",
    rounds: Annotated[int, typer.Option(min=1, max=100, help="Presses; topic and service in turns.")] = 4,
    rest_limit_s: Annotated[
        float, typer.Option(min=0.0, help="Longest time to standstill, s; 0 = follows from the profile.")
    ] = 0.0,
    operator: Annotated[str, typer.Option(help="Who stands beside the robot, for the record.")] = "",
    out: Annotated[Path, typer.Option(help="Folder of the records.")] = Path("out/estop"),
    key: Annotated[Path | None, typer.Option(help="Signing key; without it this user's own.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a real robot moves.")] = False,
    check: Annotated[Path | None, typer.Option(help="Only read this record and check its signature.")] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="--check: public key; without it the one beside the record.")
    ] = None,
) -> None:
    """Moves the robot a little, presses the emergency stop, and measures what command and robot do.

    Starts the supervisor (and the simulation); nothing else may send commands. Each press: told in time, at
    rest in time, no reset while it is pressed, latched when let go, standby and no motion after the reset.
    Ends with code 1 where one of these failed.
    """
    console = Console(highlight=False)
    if check is not None:
        _show_checked(console, check, public_key)
        return
    if not robot:
        raise single_fault("noetra estop-test", "--robot", "nothing", "a robot profile, e.g. so101")
    signer = SigningKey.load_or_make(key or default_key_path())
    if sim == "none" and not yes:
        typer.confirm(
            f"{robot} will move. Is everybody away from it, and the real e-stop in reach?", abort=True
        )
    found, limits = _run(console, robot, channel, sim, joint, rounds, rest_limit_s)
    record = signed(_record(robot, channel, sim, operator, found, limits), signer)
    path = _write(record, out, signer.public)
    console.print(_table(record))
    for number, one in enumerate(found, start=1):
        for fault in one.faults:
            console.print(f"FAILED  press {number}, {one.source}: {fault}", style="red", soft_wrap=True)
    console.print(f"signed record: {path}", soft_wrap=True)
    if not record["is_passed"]:
        raise typer.Exit(1)


def _run(
    console: Console, robot: str, channel: str, sim: str, joint: str, rounds: int, rest_limit_s: float
) -> tuple[list[EstopRound], EstopLimits]:
    from noetra_ros.cli.estop_rig import EstopRig  # ROS loads after the options were found right

    profile = load_robot(robot)
    chosen = profile.channel(channel)
    # A wrong joint is said before anything starts.
    motion_of(profile, chosen, joint, np.zeros(len(chosen.joints)), 1)
    limits = default_limits(limits_of_channel(profile, channel), 1.0 / chosen.rate_hz)
    if rest_limit_s:
        limits = EstopLimits(limits.told_s, rest_limit_s)
    found = []
    with console.status("starting the supervisor") as status, EstopRig(robot, channel, sim) as rig:
        rig.wait_for(lambda: rig.mode == "standby", STANDBY_TIMEOUT_S, "standby")
        rig.wait_for(lambda: len(rig.measured.time_s) > 0, 10.0, "measured positions")
        rig.refuse_other_sources()
        for number in range(rounds):
            source = (TOPIC, SERVICE)[number % 2]
            status.update(f"press {number + 1} of {rounds}: {source}")
            found.append(_press(rig, source, joint, -1 if number % 4 >= 2 else 1, limits))
            if rig.mode != "standby":
                break  # it is latched for a reason that the last press has on record
    return found, limits


def _press(rig: EstopRig, source: str, joint: str, sign: int, limits: EstopLimits) -> EstopRound:
    """Arm, move, press in the middle of the motion, watch, let go, reset."""
    from noetra_ros.ros import interfaces

    rig.arm()
    rig.forget()
    here = rig.measured.values[-1][: len(rig.channel.joints)]
    motion = motion_of(rig.profile, rig.channel, joint, here, sign)

    def press() -> None:
        if source == TOPIC:
            rig.press(True)
        else:
            rig.call_unanswered(interfaces.ESTOP_CALL)

    # The source goes on sending after the press: it is the supervisor that has to stop the robot.
    pressed_s = rig.play(motion, press, limits.watched_s)
    rig.watch(WATCH_S)
    measured, commands, told_s = rig.measured, rig.commands, rig.told_s
    seen = _latch_faults(rig, source)
    return judge_press(source, tuple(rig.axes), pressed_s, told_s, measured, commands, limits, seen)


def _latch_faults(rig: EstopRig, source: str) -> tuple[str, ...]:
    """What is wrong with latch and reset; ends in standby, unless the reset is refused."""
    from noetra_ros.ros import interfaces

    faults = []
    if rig.mode != "emergency_stop":
        words = f"pressing it did not lead to an emergency stop: {rig.mode}"
        rig.press(False)
        rig.call(interfaces.DISARM)
        rig.watch(WATCH_S)
        return (words,)
    if source == TOPIC:
        is_reset, _ = rig.call(interfaces.RESET)
        if is_reset:
            faults.append("a reset was accepted while the button was pressed")
        rig.press(False)
        rig.watch(STEP_S)
    if rig.mode != "emergency_stop":
        faults.append(f"not latched: {rig.mode} after the button was let go")
    is_reset, words = rig.call(interfaces.RESET)
    if not is_reset:
        return (*faults, f"the reset was refused: {words}")
    here = rig.measured.values[-1]
    rig.watch(STEP_S)
    if rig.mode != "standby":
        faults.append(f"{rig.mode} after the reset, expected standby")
    if (moved := float(abs(rig.measured.values[-1] - here).max())) > 0.004:
        faults.append(f"the reset moved the robot by {moved:.4f}")
    return tuple(faults)


def _record(
    robot: str, channel: str, sim: str, operator: str, found: list[EstopRound], limits: EstopLimits
) -> dict[str, Any]:
    profile = load_robot(robot)
    files = {"profile": config_file("robots", robot), "supervisor_parameters": parameter_file("supervisor")}
    if profile.urdf_path is not None:
        files["urdf"] = profile.urdf_path
    return {
        "kind": "estop_test",
        "robot": profile.name,
        "channel": channel or profile.default_channel,
        "on": "the real robot" if sim == "none" else f"simulation ({sim})",
        "operator": operator,
        "utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": f"noetra_ros {__version__}",
        "machine": describe_machine(),
        "sha256": {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()},
        "limits": asdict(limits),
        "presses": [_finite(asdict(one)) for one in found],
        "is_passed": not any(one.faults for one in found),
    }


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no infinity: what never came is null."""
    return {name: None if value == np.inf else value for name, value in values.items()}


def _write(record: dict[str, Any], folder: Path, public: PublicKey) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = record["utc"].replace(":", "").replace("+0000", "Z")
    path = folder / f"{record['robot']}-{stamp}.json"
    path.write_text(json.dumps(record, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    _key_beside(path, public.fingerprint).write_bytes(public.pem)
    return path


def _key_beside(record: Path, fingerprint: str) -> Path:
    """One file for each key: a new key must not make older records unreadable."""
    return record.parent / f"public_key_{fingerprint}.pem"


def _show_checked(console: Console, path: Path, public_key: Path | None) -> None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise single_fault("noetra estop-test", "--check", str(error), "a record of estop-test") from None
    key = public_key or _key_beside(path, str(record.get("key")))
    fault = signature_fault(record, PublicKey.read(key))
    if fault:
        console.print(f"NOT GENUINE  {fault}", style="red", soft_wrap=True)
        raise typer.Exit(1)
    console.print(_table(record))
    whose = "" if public_key else ", as the key beside it says; --public-key: one that you keep elsewhere"
    console.print(
        f"{'passed' if record['is_passed'] else 'NOT PASSED'}; genuine, signed by {record['key']}{whose}"
    )


def _table(record: dict[str, Any]) -> Table:
    limits = record["limits"]
    title = f"{record['robot']}, channel {record['channel']}, {record['on']}: emergency stop in motion"
    told, rest = round(1e3 * limits["told_s"]), round(1e3 * limits["rest_s"])
    caption = f"ms after the press; limits: told {told}, at rest {rest}"
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for heading in ("pressed by", "told", "last command", "at rest", "went on", "result"):
        table.add_column(heading, no_wrap=True)
    for press in record["presses"]:
        axis, travel = max(press["travel"].items(), key=lambda item: item[1] or 0.0)
        unit = "m" if axis in ("x", "y") else "rad"
        table.add_row(
            press["source"].partition(" ")[0],
            "never" if press["told_s"] is None else f"{1e3 * press['told_s']:.0f}",
            f"{1e3 * press['commands_s']:.0f}",
            f"{1e3 * press['rest_s']:.0f}",
            f"{travel:.3f} {unit}",
            "failed" if press["faults"] else "ok",
            style="red" if press["faults"] else "",
        )
    return table
