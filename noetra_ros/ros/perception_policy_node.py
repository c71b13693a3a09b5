"""Perception and policy in one process: each picture is received, and unpacked, once for both.

    python -m noetra_ros.ros.perception_policy_node ARGUMENTS_OF_PERCEPTION -- ARGUMENTS_OF_POLICY

Both nodes are what they are alone: same names, topics and parameters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.node_parameters import SEPARATOR
from noetra_ros.ros.perception_node import PerceptionNode
from noetra_ros.ros.policy_node import PolicyNode
from noetra_ros.ros.spin import run_nodes


def node_makers(arguments: Sequence[str]) -> list[Callable[[], GraphNode[Any]]]:
    """Makers of both nodes, perception first.

    Args:
        arguments: ROS arguments of perception, `SEPARATOR`, ROS arguments of the policy.
    """
    place = list(arguments).index(SEPARATOR)
    for_perception, for_policy = list(arguments[:place]), list(arguments[place + 1 :])
    made: list[PerceptionNode] = []

    def perception() -> PerceptionNode:
        made.append(PerceptionNode(cli_args=for_perception, use_global_arguments=False))
        return made[0]

    def policy() -> PolicyNode:
        return PolicyNode(hub=made[0].hub, cli_args=for_policy, use_global_arguments=False)

    return [perception, policy]


def main() -> int:
    """Run both nodes as one process."""
    return run_nodes(node_makers(sys.argv[1:]), arguments=[])


if __name__ == "__main__":
    sys.exit(main())
