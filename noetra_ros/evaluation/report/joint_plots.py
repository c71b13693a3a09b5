"""Every axis over time with its limits drawn: position, velocity and acceleration side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.oracle import windowed_acceleration
from noetra_ros.evaluation.report.inline_svg import INK, as_inline_svg, style
from noetra_ros.evaluation.report.palette import MEASURED
from noetra_ros.evaluation.report.timeline import ModeSpan, shade_modes
from noetra_ros.evaluation.trace import PhysicsTrace

POINTS_SHOWN = 500  # a line; extremes are kept, see thin()
COLUMNS = ("position", "velocity", "acceleration (20 ms)")


def thin(time_s: FloatArray, values: FloatArray, points: int = POINTS_SHOWN) -> tuple[FloatArray, FloatArray]:
    """Fewer points of a line, smallest and largest of each bucket kept, so that no peak is lost.

    Args:
        time_s: (n,) s.
        values: (n,) any unit.
        points: at most about this many are kept.
    """
    if len(time_s) <= points:
        return time_s, values
    keep: list[int] = []
    for bucket in np.array_split(np.arange(len(time_s)), points // 2):
        part = np.nan_to_num(values[bucket], nan=0.0)
        keep += sorted({int(bucket[np.argmin(part)]), int(bucket[np.argmax(part)])})
    return time_s[keep], values[keep]


def joint_svg(
    traces: Sequence[PhysicsTrace], limits: AxisLimits, spans: Sequence[ModeSpan], name: str
) -> str:
    """Small multiples, a row for each axis, as inline SVG.

    Args:
        traces: one or more episodes, in order of time, with the same axes.
        limits: of the robot.
        spans: modes of the supervisor, shown as background.
        name: unique on the page.
    """
    own = limits.select(traces[0].names)
    rows = len(own.names)
    with style():
        figure = Figure(figsize=(10.0, 1.15 * rows + 0.5), layout="constrained")
        grid = figure.subplots(rows, 3, sharex=True, squeeze=False)
        for trace in traces:
            _draw_trace(grid, trace)
        for row, label in enumerate(own.names):
            _draw_limits(grid[row], own, row, label)
        for axes in grid.flat:
            shade_modes(axes, spans, alpha=0.13)
            axes.margins(x=0)
        for column, title in enumerate(COLUMNS):
            grid[0, column].set_title(title)
            grid[-1, column].set_xlabel("simulated time (s)")
        return as_inline_svg(figure, name)


def _draw_trace(grid: np.ndarray, trace: PhysicsTrace) -> None:  # type: ignore[type-arg]
    window_s, acceleration = windowed_acceleration(trace)
    for row in range(len(trace.names)):
        target = trace.targets[:, row]
        column = 0 if np.isfinite(trace.positions[:, row]).any() else 1
        grid[row, column].plot(*thin(trace.time_s, target), color=INK, linewidth=0.7, linestyle=(0, (3, 2)))
        for axes, time_s, values in (
            (grid[row, 0], trace.time_s, trace.positions[:, row]),
            (grid[row, 1], trace.time_s, trace.velocities[:, row]),
            (grid[row, 2], window_s, acceleration[:, row]),
        ):
            axes.plot(*thin(time_s, values), color=MEASURED, linewidth=0.9)


def _draw_limits(row_axes: Sequence[Axes], own: AxisLimits, row: int, label: str) -> None:
    unit = own.position_unit[row]
    bounds = (
        (own.lower[row], own.upper[row], unit),
        (-own.velocity[row], own.velocity[row], f"{unit}/s"),
        (-own.acceleration[row], own.acceleration[row], f"{unit}/s²"),
    )
    for axes, (low, high, unit_of_axes) in zip(row_axes, bounds, strict=True):
        draw_bounds(axes, float(low), float(high))
        axes.set_ylabel(unit_of_axes, fontsize=8)
    row_axes[0].set_ylabel(f"{label.replace('_', ' ')}\n{unit}", fontsize=8)


def draw_bounds(axes: Axes, low: float, high: float) -> None:
    """Both limits as lines, the forbidden outside hatched."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return
    pad = 0.18 * (high - low) if high > low else 0.1
    for bound, outside in ((low, low - pad), (high, high + pad)):
        axes.axhline(bound, color=INK, linewidth=0.9)
        axes.axhspan(
            min(bound, outside),
            max(bound, outside),
            facecolor="none",
            edgecolor=INK,
            alpha=0.25,
            hatch="////",
            linewidth=0,
        )
    seen = axes.dataLim.intervaly if axes.has_data() else np.array([low, high])
    axes.set_ylim(min(low - pad, seen[0]), max(high + pad, seen[1]))  # what passed a limit stays in sight
