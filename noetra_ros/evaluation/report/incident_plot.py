"""An incident as one picture: modes, speed scale, distance to people, every axis, thumbnails."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
import PIL.Image
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch

from noetra_ros.evaluation.incident_facts import IncidentFacts, PictureAt
from noetra_ros.evaluation.incident_story import stop_sentence
from noetra_ros.evaluation.incident_timeline import spans_of
from noetra_ros.evaluation.report.inline_svg import INK, STYLE, as_inline_svg, style
from noetra_ros.evaluation.report.joint_plots import thin
from noetra_ros.evaluation.report.palette import AMBER, GREEN, GREY, MEASURED, MODE_STYLES, RED
from noetra_ros.evaluation.report.timeline import shade_modes

WIDTH_IN = 11.0
COLUMNS = 2
PICTURES_IN_ROW = 7
POINTS = 1500
LINE = "#c9ced8"
# The page's ink follows its theme; a PNG is for white paper.
ON_PAPER = {
    **STYLE,
    "axes.edgecolor": LINE,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


def incident_svg(facts: IncidentFacts, name: str) -> str:
    """Everything but the pictures, as inline SVG."""
    with style():
        figure = Figure(figsize=(WIDTH_IN, _graphs_in(facts)), layout="constrained")
        _draw_graphs(figure, facts)
        return as_inline_svg(figure, name)


def save_incident_png(facts: IncidentFacts, path: Path) -> None:
    """Everything as one PNG, the reason above it."""
    shown = pictures_shown(facts)
    pictures_in = 1.35 * len(shown)
    with matplotlib.rc_context(ON_PAPER):  # type: ignore[arg-type]
        figure = Figure(figsize=(WIDTH_IN, _graphs_in(facts) + pictures_in + 0.5), layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(_wrapped(stop_sentence(facts)), fontsize=10, x=0.01, ha="left", fontweight="bold")
        if not shown:
            _draw_graphs(figure, facts)
        else:
            top, bottom = figure.subfigures(2, 1, height_ratios=(_graphs_in(facts), pictures_in))
            _draw_graphs(top, facts)
            _draw_pictures(bottom, shown)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=110, format="png")


def pictures_shown(facts: IncidentFacts) -> dict[str, list[PictureAt]]:
    """By camera: at most `PICTURES_IN_ROW`, spread over the file, the one nearest to the stop among them."""
    shown: dict[str, list[PictureAt]] = {}
    for camera in dict.fromkeys(picture.camera for picture in facts.pictures):
        row = sorted((p for p in facts.pictures if p.camera == camera), key=lambda p: p.time_s)
        nearest = int(np.argmin([abs(p.time_s) for p in row]))
        spread = np.linspace(0, len(row) - 1, min(PICTURES_IN_ROW, len(row))).round().astype(int)
        spread[int(np.argmin(np.abs(spread - nearest)))] = nearest
        shown[camera] = [row[index] for index in dict.fromkeys(spread.tolist())]
    return shown


def _graphs_in(facts: IncidentFacts) -> float:
    """Height of the graphs, inches."""
    return 1.9 + (1.1 if _has_people(facts) else 0.0) + 1.25 * _joint_rows(facts)


def _joint_rows(facts: IncidentFacts) -> int:
    return -(-len(facts.axes) // COLUMNS)


def _has_people(facts: IncidentFacts) -> bool:
    return any(np.isfinite(person.distance_m) for person in facts.people)


def _draw_graphs(figure: Figure | SubFigure, facts: IncidentFacts) -> None:
    rows = [0.28, 0.9, *([1.1] if _has_people(facts) else []), *([1.25] * _joint_rows(facts))]
    grid = figure.add_gridspec(len(rows), COLUMNS, height_ratios=rows)
    spans = spans_of(facts)
    bar = figure.add_subplot(grid[0, :])
    _draw_bar(bar, facts)
    wide = [figure.add_subplot(grid[1, :], sharex=bar)]
    _draw_scale(wide[0], facts)
    if _has_people(facts):
        wide.append(figure.add_subplot(grid[2, :], sharex=bar))
        _draw_people(wide[1], facts)
    first = len(rows) - _joint_rows(facts)
    small = [
        figure.add_subplot(grid[first + index // COLUMNS, index % COLUMNS], sharex=bar)
        for index in range(len(facts.axes))
    ]
    for index, axes in enumerate(small):
        _draw_axis(axes, facts, index)
        is_last = index + COLUMNS >= len(facts.axes)
        axes.tick_params(labelbottom=is_last)
        axes.set_xlabel("seconds since the stop" if is_last else "")
    for axes in (*wide, *small):
        shade_modes(axes, spans, alpha=0.13)
        axes.axvline(0.0, color=RED, linewidth=1.0)
    bar.set_xlim(facts.start_s, facts.end_s)
    _legends(figure, small, facts)


def _draw_bar(axes: Axes, facts: IncidentFacts) -> None:
    shade_modes(axes, spans_of(facts), alpha=0.9)
    axes.axvline(0.0, color=INK, linewidth=1.4)
    words = f"stop: {facts.check}"
    axes.annotate(
        words, (0.0, 1.05), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=8
    )
    axes.set(yticks=[], ylim=(0, 1))
    axes.tick_params(labelbottom=False)
    axes.spines[["left"]].set_visible(False)


def _draw_scale(axes: Axes, facts: IncidentFacts) -> None:
    time_s = [state.time_s for state in facts.states]
    axes.step(time_s, [state.scale for state in facts.states], where="post", color=GREEN, linewidth=1.4)
    axes.set(ylim=(-0.05, 1.08), yticks=[0.0, 0.5, 1.0], ylabel="speed scale")


def _draw_people(axes: Axes, facts: IncidentFacts) -> None:
    time_s = [person.time_s for person in facts.people]
    axes.plot(time_s, [p.distance_m for p in facts.people], color=MEASURED, lw=1.4, label="distance")
    axes.plot(time_s, [p.required_m for p in facts.people], color=AMBER, lw=1.4, label="required")
    axes.set_ylabel("to person (m)")
    axes.set_ylim(bottom=0.0)
    axes.legend(loc="upper left", fontsize=8, ncols=2)


def _draw_axis(axes: Axes, facts: IncidentFacts, index: int) -> None:
    lines = (
        (facts.commanded, {"color": GREY, "linestyle": (0, (3, 2)), "linewidth": 1.1}),
        (facts.passed, {"color": INK, "linewidth": 0.8}),
        (facts.measured, {"color": MEASURED, "linewidth": 1.3}),
    )
    for series, look in lines:
        if len(series):
            time_s, values = thin(series.time_s, series.values[:, index], POINTS)
            axes.plot(time_s, values, **look)  # type: ignore[arg-type]
    _mark_refused(axes, facts, index)
    unit = facts.unit if "," not in facts.unit else ("rad/s" if facts.axes[index] == "wz" else "m/s")
    axes.set_title(f"{facts.axes[index].replace('_', ' ')} ({unit})", fontsize=8.5)
    _widen(axes)


def _mark_refused(axes: Axes, facts: IncidentFacts, index: int) -> None:
    """Commands that were no numbers cannot be drawn at their value: crosses at the lower edge."""
    series = facts.commanded
    if not len(series):
        return
    bad_s = series.time_s[~np.isfinite(series.values[:, index])]
    if len(bad_s):
        shown_s, _ = thin(bad_s, bad_s, 60)
        axes.plot(
            shown_s, np.full(len(shown_s), 0.04), "x", color=RED, ms=3.5, transform=axes.get_xaxis_transform()
        )


def _widen(axes: Axes, least: float = 0.02) -> None:
    """A joint at rest is a straight line, not a picture of its noise."""
    low, high = axes.get_ylim()
    if high - low < least:
        middle = 0.5 * (low + high)
        axes.set_ylim(middle - 0.5 * least, middle + 0.5 * least)


def _legends(figure: Figure | SubFigure, small: Sequence[Axes], facts: IncidentFacts) -> None:
    modes = dict.fromkeys(span.mode for span in spans_of(facts))
    handles: list[object] = [Patch(color=MODE_STYLES[m].colour, label=MODE_STYLES[m].words) for m in modes]
    for label, look in (
        ("commanded", {"color": GREY, "linestyle": (0, (3, 2))}),
        ("passed on", {"color": INK}),
        ("measured", {"color": MEASURED}),
        ("no number", {"color": RED, "marker": "x", "linestyle": "none"}),
    ):
        handles += Axes.plot(small[0], [], [], label=label, **look)  # type: ignore[arg-type]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), fontsize=8)  # type: ignore[arg-type]


def _draw_pictures(figure: Figure | SubFigure, shown: dict[str, list[PictureAt]]) -> None:
    grid = figure.subplots(len(shown), PICTURES_IN_ROW, squeeze=False)
    for row, (camera, pictures) in enumerate(shown.items()):
        at_stop = min(pictures, key=lambda picture: abs(picture.time_s))
        for column, axes in enumerate(grid[row]):
            axes.set_axis_off()
            if column >= len(pictures):
                continue
            picture = pictures[column]
            axes.imshow(PIL.Image.open(io.BytesIO(picture.jpeg)).convert("RGB"))
            words = f"{camera} " if column == 0 else ""
            colour = RED if picture is at_stop else INK
            axes.set_title(f"{words}{picture.time_s:+.1f} s".replace("-", "−"), fontsize=7.5, color=colour)


def _wrapped(text: str, width: int = 125) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f"{word} "
    return "\n".join(lines)
