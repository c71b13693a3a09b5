"""Which seeds may be trained on and which are for evaluation: two ranges that cannot meet."""

from __future__ import annotations

import random

from noetra_ros.core.errors import single_fault

# Demonstrations take seeds below this, evaluation from it on.
FIRST_EVALUATION_SEED = 1_000_000_000
EPISODES_PER_RUN = 100_000


def episode_seed(run_seed: int, episode: int) -> int:
    """Seed of the world of one episode; different for every run seed and episode, never one of training.

    Raises:
        ConfigError: a negative seed, or an episode beyond the run's share of seeds.
    """
    if run_seed < 0:
        raise single_fault("evaluation", "seed", run_seed, ">= 0")
    if not 0 <= episode < EPISODES_PER_RUN:
        raise single_fault("evaluation", "episodes", episode + 1, f"1 .. {EPISODES_PER_RUN}")
    return FIRST_EVALUATION_SEED + run_seed * EPISODES_PER_RUN + episode


def choice_stream(seed: int) -> random.Random:
    """Random choices of an episode beside its world (colour, wording); same seed, same choices."""
    return random.Random(f"episode {seed}")
