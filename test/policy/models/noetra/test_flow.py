from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from noetra_ros.policy.models.noetra.flow import by_times, guided_sample, pull_strength, sample, soft_weights


def straight(goal):
    """Velocity of a flow that ends at `goal`, wherever it is."""
    return lambda actions, times: (goal - actions) / (1.0 - times.unsqueeze(-1)).clamp_min(1e-3)


def test_a_straight_flow_ends_at_its_goal(noise, nothing):
    goal = torch.full_like(noise, 0.7)
    torch.testing.assert_close(sample(by_times(straight(goal), 5, nothing), noise, 5, noise, nothing), goal)


def test_rows_of_a_prefix_are_told_flow_time_one(noise):
    told = []

    def velocity(actions, times):
        told.append(times.clone())
        return torch.zeros_like(actions)

    fixed = torch.tensor([[True, False, False, False, False, False]])
    found = sample(by_times(velocity, 2, fixed), noise, 2, torch.ones_like(noise), fixed)
    assert torch.equal(found[0, 0], torch.ones(3)) and torch.equal(found[0, 1:], noise[0, 1:])
    assert [t[0, :2].tolist() for t in told] == [[1.0, 0.0], [1.0, 0.5]]


def test_guidance_pulls_to_the_old_plan_where_it_weighs(noise):
    matrix = 0.3 * torch.randn(3, 3, generator=torch.Generator().manual_seed(0))
    wanted, weights = torch.full_like(noise, 2.0), torch.tensor([[1.0, 1.0, 0.0, 0.0, 0.0, 0.0]])

    def velocity(actions, times):
        return actions @ matrix

    free = guided_sample(velocity, noise, 10, wanted, torch.zeros_like(weights))
    pulled = guided_sample(velocity, noise, 10, wanted, weights)
    assert (pulled - wanted)[0, :2].abs().max() < 0.3 * (free - wanted)[0, :2].abs().max()
    torch.testing.assert_close(pulled[0, 2:], free[0, 2:])


def test_without_weight_guidance_is_the_plain_flow(noise, nothing):
    def velocity(actions, times):
        return torch.sin(actions) + times.unsqueeze(-1)

    plain = sample(by_times(velocity, 5, nothing), noise, 5, noise, nothing)
    torch.testing.assert_close(guided_sample(velocity, noise, 5, noise, torch.zeros(1, 6)), plain)


@pytest.mark.parametrize(
    ("time", "strength"), [(0.0, 5.0), (0.1, 5.0), (0.5, 2.0), (0.8, 0.2 / (0.8 * (0.04 / 0.68))), (1.0, 5.0)]
)
def test_the_pull_follows_the_paper_and_is_clipped(time, strength):
    assert pull_strength(time) == pytest.approx(min(5.0, strength))


def test_weights_fall_from_the_frozen_rows_to_the_end_of_the_old_plan():
    weights = soft_weights(rows=8, known=6, frozen=2)
    assert weights[:2] == [1.0, 1.0] and weights[6:] == [0.0, 0.0]
    assert all(a > b > 0.0 for a, b in pairwise(weights[1:6]))


@pytest.mark.parametrize(("known", "frozen", "expected"), [(0, 0, [0.0] * 4), (9, 9, [1.0] * 4)])
def test_weights_of_no_plan_and_of_one_that_is_frozen_whole(known, frozen, expected):
    assert soft_weights(4, known, frozen) == expected
