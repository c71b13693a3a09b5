"""The seconds around a bad thing: what was asked for, what reached the controller, what the robot did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.report.inline_svg import INK, as_inline_svg, style
from noetra_ros.evaluation.report.joint_plots import draw_bounds, thin
from noetra_ros.evaluation.report.palette import MEASURED, REFUSED
from noetra_ros.evaluation.report.timeline import Mark, ModeSpan, shade_modes
from noetra_ros.evaluation.trace import PhysicsTrace


@dataclass(frozen=True)
class SentCommands:
    """Commands that came in on the gate's input; bad ones included.

    Attributes:
        time_s: (n,) s, simulated time.
        values: (n, d) unit of the channel; NaN and anything else that was sent.
    """

    time_s: FloatArray = field(default_factory=lambda: np.zeros(0))
    values: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))


def fault_svg(
    trace: PhysicsTrace,
    limits: AxisLimits,
    sent: SentCommands,
    spans: Sequence[ModeSpan],
    mark: Mark,
    name: str,
    before_s: float = 1.0,
    after_s: float = 2.0,
) -> str:
    """Position and speed of the axis that moved most, as inline SVG.

    Args:
        trace: physics of the episode.
        limits: of the robot.
        sent: what came in on the gate's input.
        spans: modes of the supervisor.
        mark: the instant of the bad thing.
        name: unique on the page.
        before_s: s shown before it.
        after_s: s shown after it.
    """
    window = (mark.time_s - before_s, mark.time_s + after_s)
    axis = busiest_axis(trace, window)
    own = limits.select(trace.names)
    has_position = bool(np.isfinite(trace.positions[:, axis]).any())
    unit = own.position_unit[axis]
    with style():
        figure = Figure(figsize=(10.0, 3.6), layout="constrained")
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(1.6, 1.0))
        main = trace.positions if has_position else trace.velocities
        _draw_commands(top, sent, own, axis, window)
        top.plot(*thin(trace.time_s, trace.targets[:, axis], 4000), color=INK, lw=1.1, ls=(0, (4, 2)))
        top.plot(*thin(trace.time_s, main[:, axis], 4000), color=MEASURED, linewidth=1.4)
        bottom.plot(*thin(trace.time_s, trace.velocities[:, axis], 4000), color=MEASURED, linewidth=1.2)
        low, high = (own.lower, own.upper) if has_position else (-own.velocity, own.velocity)
        draw_bounds(top, float(low[axis]), float(high[axis]))
        draw_bounds(bottom, -float(own.velocity[axis]), float(own.velocity[axis]))
        for axes in (top, bottom):
            shade_modes(axes, spans, alpha=0.15)
            axes.axvline(mark.time_s, color=INK, linewidth=1.0)
            axes.set_xlim(*window)
        top.annotate(
            mark.words, (mark.time_s, 1.0), xycoords=("data", "axes fraction"), xytext=(4, 3),
            textcoords="offset points", fontsize=9,
        )  # fmt: skip
        top.set_title(trace.names[axis].replace("_", " "), loc="left")
        top.set_ylabel(unit if has_position else f"{unit}/s")
        bottom.set(ylabel=f"{unit}/s", xlabel="simulated time (s)")
        return as_inline_svg(figure, name)


def busiest_axis(trace: PhysicsTrace, window: tuple[float, float]) -> int:
    """The axis that travelled farthest within a time window."""
    inside = (trace.time_s >= window[0]) & (trace.time_s <= window[1])
    if not inside.any():
        return 0
    return int(np.argmax(np.abs(trace.velocities[inside]).sum(axis=0)))


def _draw_commands(
    axes: Axes, sent: SentCommands, own: AxisLimits, axis: int, window: tuple[float, float]
) -> None:
    """Commands as dots; those that no plot can hold as crosses at its edge."""
    if not sent.time_s.size:
        return
    inside = (sent.time_s >= window[0]) & (sent.time_s <= window[1])
    time_s, values = sent.time_s[inside], sent.values[inside, axis]
    low, high = float(own.lower[axis]), float(own.upper[axis])
    if not np.isfinite(high):
        low, high = -float(own.velocity[axis]), float(own.velocity[axis])
    is_bad = ~((values >= low) & (values <= high))
    edge = np.where(np.isnan(values) | (values > high), high, low)
    axes.plot(time_s[~is_bad], values[~is_bad], ".", color=INK, markersize=1.5, alpha=0.6)
    axes.plot(time_s[is_bad], edge[is_bad], "x", color=REFUSED, markersize=4, clip_on=False)
