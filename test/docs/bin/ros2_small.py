"""`ros2 service call`, `topic pub`, `topic echo` in small, where ros2cli is missing (Python wheels)."""

import argparse
import importlib
import sys

import rclpy
import yaml
from rclpy.executors import ExternalShutdownException
from rclpy.qos import DurabilityPolicy, QoSProfile

LIMIT_S = 20.0


def main(words: list[str]) -> int:
    """One of the three; the exit code is 1 where nothing was there within the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="+")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--rate", type=float, default=1.0)
    asked = parser.parse_intermixed_args(words)
    rclpy.init()
    node = rclpy.create_node("ros2_small")
    noun, verb, *rest = asked.words
    acts = {
        ("service", "call"): lambda: call(node, *rest),
        ("topic", "pub"): lambda: publish(node, asked.once, asked.rate, *rest),
        ("topic", "echo"): lambda: echo(node, asked.once, *rest),
    }
    try:
        return acts[noun, verb]()
    except (KeyboardInterrupt, ExternalShutdownException):
        return 0


def find(name: str):
    """A type by its name, e.g. ``std_srvs/srv/Trigger``."""
    package, kind, type_name = name.split("/")
    return getattr(importlib.import_module(f"{package}.{kind}"), type_name)


def fill(message, values) -> None:
    """Put plain values into a message, inner messages and lists of them included."""
    for name, value in values.items():
        kind = message.get_fields_and_field_types()[name]
        if isinstance(value, dict):
            fill(getattr(message, name), value)
        elif isinstance(value, list) and "/" in kind:
            package, inner = kind.removeprefix("sequence<").rstrip(">").split("<")[-1].split("/")
            made = [find(f"{package}/msg/{inner}")() for _ in value]
            for each, content in zip(made, value, strict=True):
                fill(each, content)
            setattr(message, name, made)
        else:
            kinds = {"double": float, "float": float}
            element = kind.removeprefix("sequence<").rstrip(">")
            make = kinds.get(element, lambda plain: plain)
            setattr(message, name, [make(v) for v in value] if isinstance(value, list) else make(value))


def wait(node, is_done) -> bool:
    """Serve the node until something is the case."""
    end_ns = node.get_clock().now().nanoseconds + int(LIMIT_S * 1e9)
    while not is_done() and node.get_clock().now().nanoseconds < end_ns:
        rclpy.spin_once(node, timeout_sec=0.1)
    return bool(is_done())


def call(node, name: str, kind: str, values: str = "{}") -> int:
    """`ros2 service call`."""
    client = node.create_client(find(kind), name)
    if not wait(node, client.service_is_ready):
        return complain(f"no service {name}")
    request = find(kind).Request()
    fill(request, yaml.safe_load(values))
    future = client.call_async(request)
    if not wait(node, future.done):
        return complain(f"{name} does not answer")
    print(future.result())
    return 0


def publish(node, is_once: bool, rate_hz: float, name: str, kind: str, values: str) -> int:
    """`ros2 topic pub`."""
    publisher = node.create_publisher(find(kind), name, 10)
    if not wait(node, publisher.get_subscription_count):
        return complain(f"nobody listens to {name}")
    message = find(kind)()
    fill(message, yaml.safe_load(values))
    publisher.publish(message)
    if is_once:
        publisher.wait_for_all_acked()
        return 0
    node.create_timer(1.0 / rate_hz, lambda: publisher.publish(message))
    while rclpy.ok():
        rclpy.spin_once(node, timeout_sec=1.0)
    return 0


def echo(node, is_once: bool, name: str, kind: str = "") -> int:
    """`ros2 topic echo`; takes the last message at once where the publisher keeps it."""
    kinds: list[str] = [kind] if kind else []
    if not wait(node, lambda: kinds or kinds.extend(dict(node.get_topic_names_and_types()).get(name, []))):
        return complain(f"no topic {name}")
    publishers = node.get_publishers_info_by_topic(name)
    is_latched = bool(publishers) and publishers[0].qos_profile.durability == DurabilityPolicy.TRANSIENT_LOCAL
    durability = DurabilityPolicy.TRANSIENT_LOCAL if is_latched else DurabilityPolicy.VOLATILE
    heard: list[object] = []

    def hear(message) -> None:
        heard.append(message)
        print(message, flush=True)

    node.create_subscription(find(kinds[0]), name, hear, QoSProfile(depth=10, durability=durability))
    while not is_once:
        rclpy.spin_once(node, timeout_sec=1.0)
    return 0 if wait(node, lambda: heard) else complain(f"nothing on {name}")


def complain(text: str) -> int:
    """Say what was missing."""
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
