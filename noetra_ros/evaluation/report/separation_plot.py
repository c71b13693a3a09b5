"""Distance to a person over time: true, as perception saw it, as it had to be; and the speed scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.report.inline_svg import INK, as_inline_svg, style
from noetra_ros.evaluation.report.joint_plots import thin
from noetra_ros.evaluation.report.palette import AMBER, GREEN, MEASURED
from noetra_ros.evaluation.report.timeline import ModeSpan, shade_modes


def _nothing() -> FloatArray:
    return np.zeros(0)


@dataclass(frozen=True)
class SeparationSamples:
    """What the supervisor reported of the nearest person.

    Attributes:
        time_s: (n,) s, simulated time.
        measured_m: (n,) measured distance; NaN where nobody was seen.
        required_m: (n,) protective separation distance; NaN where nobody was seen.
        scale: (n,) speed scale in force, 0..1.
    """

    time_s: FloatArray = field(default_factory=_nothing)
    measured_m: FloatArray = field(default_factory=_nothing)
    required_m: FloatArray = field(default_factory=_nothing)
    scale: FloatArray = field(default_factory=_nothing)


def separation_svg(
    samples: SeparationSamples,
    true_time_s: FloatArray,
    true_m: FloatArray,
    spans: Sequence[ModeSpan],
    window: tuple[float, float],
    name: str,
) -> str:
    """Distances above, speed scale below, modes behind, as inline SVG.

    Args:
        samples: what the supervisor reported.
        true_time_s: (k,) s, simulated time.
        true_m: (k,) distance by the physics; infinite while nobody is there.
        spans: modes of the supervisor.
        window: first and last instant shown, s.
        name: unique on the page.
    """
    with style():
        figure = Figure(figsize=(10.0, 4.0), layout="constrained")
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2.0, 1.0))
        _draw_distances(top, samples, true_time_s, true_m)
        bottom.step(samples.time_s, samples.scale, where="post", color=GREEN, linewidth=1.4)
        bottom.set(ylabel="speed scale", xlabel="simulated time (s)", ylim=(-0.05, 1.05))
        for axes in (top, bottom):
            shade_modes(axes, spans, alpha=0.15)
            axes.set_xlim(*window)
        return as_inline_svg(figure, name)


def _draw_distances(
    axes: Axes, samples: SeparationSamples, true_time_s: FloatArray, true_m: FloatArray
) -> None:
    known = np.where(np.isfinite(true_m), true_m, np.nan)
    axes.plot(*thin(true_time_s, known, 4000), color=INK, lw=1.1, ls=(0, (4, 2)), label="by the physics")
    axes.plot(samples.time_s, samples.measured_m, color=MEASURED, linewidth=1.4, label="by perception")
    axes.plot(samples.time_s, samples.required_m, color=AMBER, linewidth=1.4, label="required")
    axes.set_ylabel("robot to person (m)")
    axes.set_ylim(bottom=0.0)
    axes.legend(loc="upper right", fontsize=8, ncols=3)
