"""What latency costs: task time, idle frames, reaction and success over the injected latency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from noetra_ros.evaluation.report.palette import AMBER, GREEN, GREY, MEASURED, PURPLE, RED

PANELS = (
    ("time_s_mean", 1.0, "task time (s), mean"),
    ("success_rate", 100.0, "success (%)"),
    ("idle_share", 100.0, "idle frames (%)"),
    ("reaction_mean_s", 1.0, "reaction to an event (s), mean"),
)
COLOURS = (MEASURED, GREEN, PURPLE, RED, AMBER, GREY)


def write_timing_plot(conditions: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Draw one line for each way of execution.

    Args:
        conditions: summaries (see `timing_result.summary`).
        path: PNG file.
    """
    names = list(dict.fromkeys(str(row["condition"]) for row in conditions))
    figure = Figure(figsize=(11.0, 6.4), layout="constrained", dpi=120)
    for axes, (key, factor, title) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
        for name, colour in zip(names, COLOURS * 3, strict=False):
            rows = sorted((r for r in conditions if r["condition"] == name), key=lambda r: r["latency_s"])
            _draw(axes, rows, key, factor, name, colour)
        axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
        axes.set_ylim(bottom=0.0)
        axes.grid(visible=True, alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in figure.axes[2:]:
        axes.set_xlabel("injected latency (ms)")
    figure.legend(
        *figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    return path


def _draw(
    axes: Axes, rows: Sequence[Mapping[str, Any]], key: str, factor: float, name: str, colour: str
) -> None:
    latencies_ms = [1e3 * row["latency_s"] for row in rows]
    line = "--" if name.startswith("synchronous") else "-"
    axes.plot(latencies_ms, [factor * row[key] for row in rows], line, marker="o", color=colour, label=name)
    if key == "success_rate":
        low, high = ([100.0 * row[edge] for row in rows] for edge in ("wilson_low", "wilson_high"))
        axes.fill_between(latencies_ms, low, high, color=colour, alpha=0.08, linewidth=0.0)
