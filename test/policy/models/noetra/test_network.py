from __future__ import annotations

import pytest
import torch

from noetra_ros.policy.models.noetra.random_weights import random_network


def ways(network, inputs, noise, prefix=None, fixed=None):
    fixed = torch.zeros(1, 6, dtype=torch.bool) if fixed is None else fixed
    with torch.no_grad():
        return network(inputs, noise, noise if prefix is None else prefix, fixed)[0]


def test_a_chunk_has_rows_and_joints(network, inputs, noise, nothing):
    found, summary = network(inputs, noise, noise, nothing)
    assert found.shape == (1, 6, 3) and summary.shape == (1, 32)
    assert torch.isfinite(found).all()


@pytest.mark.parametrize("name", ["tokens", "pictures", "joints"])
def test_every_input_matters(network, inputs, noise, name):
    changed = inputs[name].clone()
    changed.view(-1)[0] += 1
    assert not torch.equal(ways(network, inputs, noise), ways(network, inputs | {name: changed}, noise))


def test_padding_changes_nothing(network, inputs, noise):
    longer = torch.cat([inputs["tokens"], torch.zeros(1, 3, dtype=torch.long)], dim=1)
    # positions of what follows the words move, so only the bag of words may be exactly equal
    if network.shape.text == "bag":
        torch.testing.assert_close(
            ways(network, inputs, noise), ways(network, inputs | {"tokens": longer}, noise)
        )
        return
    mask = network.look(inputs).mask
    assert mask[0, 0, 0, :5].tolist() == [True, True, True, False, False] and bool(mask[0, 0, 0, 5:].all())


def test_rows_of_a_prefix_come_back_as_they_were(network, inputs, noise):
    prefix, fixed = torch.full_like(noise, 0.25), torch.arange(6).unsqueeze(0) < 2
    found = ways(network, inputs, noise, prefix, fixed)
    assert torch.equal(found[:, :2], prefix[:, :2])
    assert not torch.equal(found[:, 2:], ways(network, inputs, noise)[:, 2:])


def test_values_behind_the_prefix_are_not_read(network, inputs, noise):
    fixed = torch.arange(6).unsqueeze(0) < 2
    prefix = torch.zeros_like(noise)
    other = torch.cat([prefix[:, :2], torch.full((1, 4, 3), 9.0)], dim=1)
    torch.testing.assert_close(
        ways(network, inputs, noise, prefix, fixed), ways(network, inputs, noise, other, fixed)
    )


def test_the_same_seed_gives_the_same_network(network, inputs, noise):
    twin = random_network(network.shape, network.ports, seed=3)
    other = random_network(network.shape, network.ports, seed=4)
    assert torch.equal(ways(network, inputs, noise), ways(twin, inputs, noise))
    assert not torch.equal(ways(network, inputs, noise), ways(other, inputs, noise))


def test_half_precision_keeps_the_statistics(network, inputs, noise):
    network.joint_mean.fill_(0.123456)
    expected = ways(network, inputs, noise)
    network.to_precision(torch.bfloat16)
    halved = {k: v if k == "tokens" else v.bfloat16() for k, v in inputs.items()}
    found = ways(network, halved, noise.bfloat16()).float()
    assert network.joint_mean[0] == pytest.approx(0.123456, abs=1e-7)
    assert torch.cosine_similarity(found.flatten(), expected.flatten(), dim=0) > 0.999


def test_paces_computed_ahead_give_what_flow_times_give(network, inputs, noise):
    fixed = torch.arange(6).unsqueeze(0) < 2
    with torch.no_grad():
        context, paces = network.look(inputs), network.paces(torch.tensor([0.3, 1.0]))
        by_paces = network.flow_step(context, noise, paces[0], paces[1], fixed)
        by_times = network.velocity(context, noise, torch.where(fixed, 1.0, 0.3))
    torch.testing.assert_close(by_paces, by_times)
