from __future__ import annotations

import colorsys

import pytest
import torch

from noetra_ros.learning.augment import Augmentation, augment, hue_turns

NONE = Augmentation(brightness=0, contrast=0, tint=0, hue=0, noise=0, shift_px=0)
HUES = {"red": 0.0, "green": 1 / 3, "blue": 2 / 3}


def pictures(colour=(0.8, 0.1, 0.1), count=64):
    return torch.tensor(colour).view(1, 3, 1, 1).expand(count, 3, 8, 8).clone()


def test_nothing_asked_for_changes_nothing():
    generator = torch.Generator().manual_seed(0)
    torch.testing.assert_close(augment(pictures(), NONE, generator), pictures())


def test_the_same_seed_gives_the_same_pictures():
    first, second = (augment(pictures(), Augmentation(), torch.Generator().manual_seed(5)) for _ in "ab")
    assert torch.equal(first, second)


def test_each_picture_has_its_own_draw():
    changed = augment(pictures(), Augmentation(noise=0), torch.Generator().manual_seed(0))
    assert len(changed[:, 0, 4, 4].unique()) > 50


@pytest.mark.parametrize(
    ("name", "rgb"), [("red", (0.8, 0.1, 0.1)), ("green", (0.1, 0.6, 0.15)), ("blue", (0.1, 0.2, 0.8))]
)
def test_a_colour_keeps_its_name(name, rgb):
    changed = augment(pictures(rgb, 500), Augmentation(noise=0), torch.Generator().manual_seed(0))
    for shade in changed[:, :, 4, 4].tolist():
        away = abs(colorsys.rgb_to_hsv(*shade)[0] - HUES[name])
        assert min(away, 1 - away) < 0.1, shade


def test_pictures_stay_in_range():
    changed = augment(pictures((1.0, 0.0, 1.0)), Augmentation(), torch.Generator().manual_seed(0))
    assert changed.min() >= 0.0 and changed.max() <= 1.0


def test_a_shift_moves_by_a_pixel_at_most():
    dot = torch.zeros(40, 3, 9, 9)
    dot[:, :, 4, 4] = 1.0
    shift = Augmentation(brightness=0, contrast=0, tint=0, hue=0, noise=0, shift_px=1)
    changed = augment(dot, shift, torch.Generator().manual_seed(0))
    assert changed[:, :, 3:6, 3:6].sum() == dot.sum()
    assert len(changed[:, 0].flatten(1).argmax(1).unique()) == 9


def test_a_third_of_a_circle_turns_red_into_green_and_grey_stays():
    turn = hue_turns(torch.tensor([2 * torch.pi / 3]))[0]
    torch.testing.assert_close(turn @ torch.tensor([1.0, 0, 0]), torch.tensor([0.0, 1, 0]), atol=1e-6, rtol=0)
    torch.testing.assert_close(turn @ torch.ones(3), torch.ones(3))
