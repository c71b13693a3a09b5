"""From noise to actions along the learned flow; how a chunk is made to carry on from what is being executed.

Trained prefix (arXiv 2512.05964): rows that will have been executed are given as they are, at flow time 1;
the network has learned to carry on from them. Guided (arXiv 2506.07339, algorithm 1): the flow of any network
is pulled towards the old plan at each step, hard where rows are certain, softly where they are only wanted.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

Step = Callable[[Tensor, int], Tensor]
Velocity = Callable[[Tensor, Tensor], Tensor]

STRONGEST_PULL = 5.0  # the paper's clip of the guidance; more makes few-step flows swing


def sample(velocity: Step, noise: Tensor, steps: int, prefix: Tensor, fixed: Tensor) -> Tensor:
    """Euler steps from noise to actions.

    Args:
        velocity: (actions (B, rows, d), number of the step) -> (B, rows, d); rows are at flow time
            number / steps, but `fixed` ones at 1.
        noise: (B, rows, d).
        steps: how many.
        prefix: (B, rows, d); read where `fixed`.
        fixed: (B, rows) rows that keep the values of `prefix`.

    Returns:
        (B, rows, d).
    """
    keep = fixed.unsqueeze(-1)
    actions = torch.where(keep, prefix, noise)
    for step in range(steps):
        moved = actions + velocity(actions, step) / steps
        actions = torch.where(keep, prefix, moved)
    return actions


def by_times(velocity: Velocity, steps: int, fixed: Tensor) -> Step:
    """A velocity that is asked by flow times (B, rows) as one that is asked by the number of the step."""
    return lambda actions, step: velocity(actions, torch.where(fixed, 1.0, step / steps))


def guided_sample(velocity: Velocity, noise: Tensor, steps: int, wanted: Tensor, weights: Tensor) -> Tensor:
    """Euler steps, pulled so that the actions at the end of the flow come near the wanted ones.

    Args:
        velocity: (actions (B, rows, d), times (B, rows)) -> (B, rows, d), differentiable in the actions.
        noise: (B, rows, d).
        steps: how many.
        wanted: (B, rows, d) the old plan on the new grid.
        weights: (B, rows) how much each row of it counts, 0..1.

    Returns:
        (B, rows, d), detached.
    """
    actions = noise
    for step in range(steps):
        time = step / steps
        actions = actions.detach().requires_grad_()
        with torch.enable_grad():
            flow = velocity(actions, torch.full(actions.shape[:2], time, device=actions.device))
            end = actions + (1.0 - time) * flow
        miss = (wanted - end.detach()) * weights.unsqueeze(-1)
        (pull,) = torch.autograd.grad(end, actions, miss)
        actions = actions + (flow + pull_strength(time) * pull).detach() / steps
    return actions.detach()


def pull_strength(time: float) -> float:
    """Weight of the guidance at a flow time, 0..1; clipped near the noise, where it would have no bound."""
    if time <= 0.0:
        return STRONGEST_PULL
    spread = (1.0 - time) ** 2 / (time**2 + (1.0 - time) ** 2)
    return min(STRONGEST_PULL, (1.0 - time) / (time * spread)) if spread > 0 else STRONGEST_PULL


def soft_weights(rows: int, known: int, frozen: int) -> list[float]:
    """How much each row of an old plan counts: 1 while frozen, then falling to 0 where it ends.

    Args:
        rows: of the new chunk.
        known: rows that the old plan has on the new grid.
        frozen: of these, rows that are certain to be executed.
    """
    known = min(known, rows)
    frozen = min(frozen, known)
    falling = [(known - row) / (known - frozen + 1) for row in range(frozen, known)]
    soft = [share * math.expm1(share) / (math.e - 1.0) for share in falling]
    return [1.0] * frozen + soft + [0.0] * (rows - known)
