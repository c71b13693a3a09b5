from __future__ import annotations

import torch

from noetra_ros.policy.models.nano import to_input
from noetra_ros.policy.models.noetra.vision import to_pictures


def test_frames_that_fit_are_scaled_only():
    frames = torch.randint(0, 256, (1, 2, 32, 32, 3), dtype=torch.uint8)
    torch.testing.assert_close(to_pictures(frames, 32, torch.float32), to_input(frames))


def test_wide_frames_keep_their_aspect_between_black_bars():
    frames = torch.full((1, 1, 48, 64, 3), 255, dtype=torch.uint8)
    picture = to_pictures(frames, 32, torch.float32)[0, 0, 0]
    assert picture.shape == (32, 32)
    assert picture[:4].unique().tolist() == [-1.0] and picture[-4:].unique().tolist() == [-1.0]
    torch.testing.assert_close(picture[4:-4], torch.ones(24, 32))


def test_shrinking_averages_instead_of_skipping():
    frames = torch.zeros(1, 1, 64, 64, 3, dtype=torch.uint8)
    frames[:, :, ::2] = 255  # stripes of one pixel
    picture = to_pictures(frames, 16, torch.float32)[0, 0, :, 2:-2]
    assert picture.abs().max() < 0.2
