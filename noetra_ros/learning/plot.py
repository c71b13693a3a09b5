"""Picture of a run's losses."""

from __future__ import annotations

import textwrap
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from noetra_ros.learning.state import History

LABEL_LETTERS = 40  # more do not fit beside the axis


def plot_losses(history: History, path: Path, title: str, unit: str) -> None:
    """Write a PNG of the losses over steps, one scale; `unit` says what the loss is."""
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(
        history.steps, history.losses, color="#2a6f97", label="training, augmented, weights of the step"
    )
    axes.plot(history.check_steps, history.checks, color="#c8553d", label="kept back, averaged weights")
    axes.set_yscale("log")
    axes.set_xlabel("step")
    axes.set_ylabel("\n".join(textwrap.wrap(unit, LABEL_LETTERS)), fontsize=9)
    axes.set_title(title)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)
