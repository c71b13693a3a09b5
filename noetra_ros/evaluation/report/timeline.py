"""Modes of the supervisor over time, and the bar that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from noetra_ros.evaluation.report.inline_svg import FAINT, INK, as_inline_svg, style
from noetra_ros.evaluation.report.palette import MODE_STYLES


@dataclass(frozen=True)
class ModeSpan:
    """The supervisor was in one mode from start to end.

    Attributes:
        mode: name of SafetyState.MODE_*, small letters.
        start_s: s, simulated time.
        end_s: s, simulated time.
    """

    mode: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Mark:
    """An instant worth a word, s of simulated time."""

    time_s: float
    words: str


def mode_spans(changes: Sequence[tuple[float, str]], end_s: float) -> list[ModeSpan]:
    """Spans between mode reports; equal neighbours are one.

    Args:
        changes: time in s and mode of each report, in order.
        end_s: when the last mode ends.
    """
    spans: list[ModeSpan] = []
    for index, (start_s, mode) in enumerate(changes):
        until_s = changes[index + 1][0] if index + 1 < len(changes) else max(end_s, start_s)
        if spans and spans[-1].mode == mode:
            spans[-1] = ModeSpan(mode, spans[-1].start_s, until_s)
        else:
            spans.append(ModeSpan(mode, start_s, until_s))
    return spans


def shade_modes(axes: Axes, spans: Sequence[ModeSpan], alpha: float) -> None:
    """Colour the background of a plot by mode."""
    for span in spans:
        axes.axvspan(
            span.start_s, span.end_s, color=MODE_STYLES[span.mode].colour, alpha=alpha, linewidth=0, zorder=0
        )


def timeline_svg(spans: Sequence[ModeSpan], marks: Sequence[Mark], name: str) -> str:
    """The mode timeline as inline SVG, marks numbered above it."""
    with style():
        figure = Figure(figsize=(10.0, 1.35), layout="constrained")
        axes = figure.subplots()
        shade_modes(axes, spans, alpha=0.9)
        for mark in marks:
            axes.axvline(mark.time_s, color=INK, linewidth=0.8)
            axes.annotate(
                mark.words,
                (mark.time_s, 1.02),
                xycoords=("data", "axes fraction"),
                xytext=(2, 2),
                textcoords="offset points",
                fontsize=8,
            )
        axes.set(yticks=[], xlabel="simulated time (s)", ylim=(0, 1))
        if spans:
            axes.set_xlim(spans[0].start_s, spans[-1].end_s)
        axes.spines[["left"]].set_visible(False)
        axes.tick_params(axis="x", color=FAINT)
        _legend(figure, spans)
        return as_inline_svg(figure, name)


def _legend(figure: Figure, spans: Sequence[ModeSpan]) -> None:
    seen = list(dict.fromkeys(span.mode for span in spans))
    entries = [Patch(color=MODE_STYLES[m].colour, label=MODE_STYLES[m].words) for m in seen]
    if entries:
        figure.legend(
            handles=entries, loc="outside lower left", ncols=len(entries), fontsize=8, handlelength=1.0
        )
