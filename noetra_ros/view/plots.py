"""Plots of the last minute: speed let through, distance to people, latency."""

from __future__ import annotations

from typing import Any

from noetra_ros.evaluation.report.palette import AMBER, GREEN, GREY, MEASURED, PLANNED
from noetra_ros.view.heard import HISTORY_NS, Heard, History
from noetra_ros.view.wording import Words

HEIGHT_PX = 130
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
        colours = (MEASURED, PLANNED, GREY)
        self._scale = _plot(gui, label("scale_plot"), [("%", GREEN)], (0.0, 105.0))
        distances = [(label("distance"), MEASURED), (label("required"), AMBER)]
        self._distance = _plot(gui, label("distance_plot"), distances, None)
        series = [(label(name), colour) for name, colour in zip(LATENCIES, colours, strict=True)]
        self._latency = _plot(gui, label("latency_plot"), series, None)

    def update(self, heard: Heard, now_ns: int) -> None:
        """Draw the histories up to now; a plot without values is left out."""
        self._scale.data = heard.scales.arrays(now_ns, 1)
        for plot, history, series in (
            (self._distance, heard.distances, 2),
            (self._latency, heard.latencies, len(LATENCIES)),
        ):
            plot.visible = history.has_values
            if history.has_values:
                plot.data = history.arrays(now_ns, series)


def _plot(gui: Any, title: str, series: list[tuple[str, str]], y_range: tuple[float, float] | None) -> Any:
    empty = History().arrays(0, len(series))
    scales: dict[str, Any] = {"x": {"time": False, "range": (-HISTORY_NS * 1e-9, 0.0)}}
    if y_range is not None:
        scales["y"] = {"range": y_range}
    axis = {"stroke": INK, "grid": {"stroke": GRID, "width": 1}, "ticks": {"stroke": GRID, "width": 1}}
    return gui.add_uplot(
        empty,
        ({"label": "s"}, *({"label": name, "stroke": colour, "width": 2} for name, colour in series)),
        title=title, scales=scales, axes=({**axis, "size": 26}, {**axis, "size": 44}), height=HEIGHT_PX,
        legend={"show": len(series) > 1, "live": False}, padding=(4, 10, 0, 0),
    )  # fmt: skip
