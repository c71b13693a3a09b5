"""Plots of the last minute: speed let through, distance to people, latency."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from noetra_ros.evaluation.report.palette import AMBER, GREEN, GREY, MEASURED, PLANNED
from noetra_ros.view.heard import HISTORY_NS, Heard, History
from noetra_ros.view.wording import Words

HEIGHT_PX, LEGEND_PX = 130, 26
LATENCIES = ("whole", "inference", "gate")  # series of `Heard.latencies`, by their labels
INK, GRID = "#5b6472", "#e8eaee"


class Plots:
    """Three small plots.

    Args:
        gui: of viser; the plots go where it adds now.
        words: language.
    """

    def __init__(self, gui: Any, words: Words) -> None:
        label = words.label
        distances = [(label("distance"), MEASURED), (label("required"), AMBER)]
        colours = (MEASURED, PLANNED, GREY)
        stages = [(label(name), colour) for name, colour in zip(LATENCIES, colours, strict=True)]
        self._scale = Plot(gui, label("scale_plot"), [("%", GREEN)], 105.0)
        self._distance = Plot(gui, label("distance_plot"), distances)
        self._latency = Plot(gui, label("latency_plot"), stages)

    def update(self, heard: Heard, now_ns: int) -> None:
        """Draw the histories up to now; a plot without values is left out."""
        self._scale.update(heard.scales, now_ns)
        self._distance.update(heard.distances, now_ns)
        self._latency.update(heard.latencies, now_ns)


class Plot:
    """One of them.

    Args:
        gui: of viser.
        title: above it.
        series: name and colour of each line.
        top: of its scale; None = as the values ask for.
    """

    def __init__(self, gui: Any, title: str, series: list[tuple[str, str]], top: float | None = None) -> None:
        self._series, self._fixed_top, self._top = len(series), top, top or 1.0
        axis = {"stroke": INK, "grid": {"stroke": GRID, "width": 1}, "ticks": {"stroke": GRID, "width": 1}}
        self._plot = gui.add_uplot(
            History().arrays(0, self._series),
            ({"label": "s"}, *({"label": name, "stroke": colour, "width": 2} for name, colour in series)),
            title=title, scales=_scales(self._top), axes=({**axis, "size": 26}, {**axis, "size": 44}),
            height=HEIGHT_PX + (LEGEND_PX if len(series) > 1 else 0), padding=(4, 10, 0, 0), visible=False,
            legend={"show": len(series) > 1, "live": False},
        )  # fmt: skip

    def update(self, history: History, now_ns: int) -> None:
        """Draw a history up to now."""
        if self._plot.visible is not history.has_values:
            self._plot.visible = history.has_values
        if not history.has_values:
            return
        data = history.arrays(now_ns, self._series)
        top = self._fixed_top or round_up(float(np.nanmax(data[1:])))
        if top != self._top:
            self._top, self._plot.scales = top, _scales(top)
        self._plot.data = data


def round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, ... times a power of ten; 1 for nothing and less."""
    if not value > 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power * (1.0 + 1e-9))


def _scales(top: float) -> dict[str, Any]:
    """uPlot would find no range where a value is missing: it gets both."""
    return {"x": {"time": False, "range": (-HISTORY_NS * 1e-9, 0.0)}, "y": {"range": (0.0, top)}}
