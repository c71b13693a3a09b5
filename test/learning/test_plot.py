from __future__ import annotations

from noetra_ros.learning.plot import plot_losses
from noetra_ros.learning.state import History


def test_a_picture_is_written(tmp_path):
    history = History(step=20, steps=[10, 20], losses=[0.5, 0.3], check_steps=[10, 20], checks=[0.6, 0.4])
    plot_losses(history, tmp_path / "losses.png", "test", "L1")
    assert (tmp_path / "losses.png").read_bytes().startswith(b"\x89PNG")
