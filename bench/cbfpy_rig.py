"""cbfpy's half of `barrier_filter`, run by the Python of cbfpy's environment; its code is used as it is.

Each line on standard input is one set of barriers over joints whose speeds are commanded, with states to
filter; a line of JSON comes back: microseconds and answers of each state, or why there are none.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import jax.numpy as jnp
import numpy as np
from cbfpy import CBF, CBFConfig

WARM_UP = 3  # compiles


def made_filter(rows: np.ndarray, offsets: np.ndarray, gain: float, solver: dict[str, Any]) -> CBF:
    """The filter of ``rows @ q + offsets >= 0``."""
    axes = rows.shape[1]

    class Joints(CBFConfig):
        def __init__(self) -> None:
            super().__init__(n=axes, m=axes, **solver)

        def f(self, z: Any) -> Any:
            return jnp.zeros(axes)

        def g(self, z: Any) -> Any:
            return jnp.eye(axes)

        def h_1(self, z: Any) -> Any:
            return jnp.asarray(rows) @ z + jnp.asarray(offsets)

        def alpha(self, h: Any) -> Any:
            return gain * h

    return CBF.from_config(Joints())


def main() -> None:
    """Answer until the input ends; filters are kept, since compiling them takes a second."""
    filters: dict[str, CBF] = {}
    for line in sys.stdin:
        task = json.loads(line)
        name = task["name"]
        if name not in filters:
            rows, offsets = np.array(task["rows"]), np.array(task["offsets"])
            filters[name] = made_filter(rows, offsets, task["gain"], task["solver"])
            for _ in range(WARM_UP):
                np.asarray(
                    filters[name].safety_filter(np.array(task["states"][0]), np.array(task["wanted"][0]))
                )
        times_us, answers = [], []
        for state, wanted in zip(np.array(task["states"]), np.array(task["wanted"]), strict=True):
            begin_ns = time.perf_counter_ns()
            answer = np.asarray(filters[name].safety_filter(state, wanted))
            times_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
            answers.append(answer.tolist())
        print(json.dumps({"us": times_us, "answers": answers}), flush=True)


if __name__ == "__main__":
    main()
