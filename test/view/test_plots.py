"""Plots of the last minute."""

import numpy as np
import pytest

from noetra_ros.view.heard import History
from noetra_ros.view.plots import Plot, round_up


class PlayedGui:
    """Keeps what a plot was last told."""

    def add_uplot(self, data, series, **about):
        self.data, self.series = data, series
        for name, value in about.items():
            setattr(self, name, value)
        return self


@pytest.mark.parametrize(
    ("value", "top"),
    [(0.0, 1.0), (-3.0, 1.0), (0.7, 1.0), (1.0, 1.0), (1.1, 2.0), (42.0, 50.0), (51.0, 100.0)],
)
def test_scales_end_on_a_round_number(value, top):
    assert round_up(value) == pytest.approx(top)


def test_a_plot_appears_with_its_first_number():
    gui, history = PlayedGui(), History()
    plot = Plot(gui, "m", [("a", "#000000"), ("b", "#ffffff")])
    history.add((np.nan, np.nan), 1)
    plot.update(history, 1)
    assert gui.visible is False
    history.add((0.7, np.nan), 2)
    history.add((np.nan, 3.0), 3)
    plot.update(history, 3)
    assert gui.visible is True
    assert gui.scales["y"]["range"] == (0.0, 5.0)
    assert len(gui.data) == len(gui.series) == 3
