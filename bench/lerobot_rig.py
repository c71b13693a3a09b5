"""LeRobot's half of `lerobot_serving`, run by the Python of LeRobot's environment; its code is used as it is.

`make FOLDER` writes an ACT checkpoint with random weights; `serve PORT` is its policy server; `client PORT
FOLDER` is its robot client with a robot of numbers: lines on standard input say what to do, JSON comes back.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
import torch

FPS, ROWS, SIZE_PX, JOINTS, CAMERAS = 30, 60, 96, 6, ("front", "wrist")
SWING_DEG, SWING_HZ = 40.0, 0.5  # the joints move: LeRobot's server drops observations of a robot that stands


def make(folder: Path) -> None:
    """An ACT as small as its ResNet-18 allows."""
    from lerobot.configs.types import FeatureType, PolicyFeature
    from lerobot.policies.factory import get_policy_class, make_policy_config, make_pre_post_processors

    torch.manual_seed(0)
    keys = [f"observation.images.{name}" for name in CAMERAS]
    pictures = {key: PolicyFeature(FeatureType.VISUAL, (3, SIZE_PX, SIZE_PX)) for key in keys}
    config = make_policy_config(
        "act",
        device="cpu",
        push_to_hub=False,
        input_features={"observation.state": PolicyFeature(FeatureType.STATE, (JOINTS,)), **pictures},
        output_features={"action": PolicyFeature(FeatureType.ACTION, (JOINTS,))},
        chunk_size=ROWS,
        n_action_steps=ROWS,
        dim_model=64,
        n_heads=4,
        dim_feedforward=128,
        n_encoder_layers=1,
        n_vae_encoder_layers=1,
        pretrained_backbone_weights=None,
    )
    levels = {"mean": 0.0, "std": 1.0, "min": -20.0, "max": 20.0}
    numbers = {name: torch.full((JOINTS,), value) for name, value in levels.items()}
    colours = {name: torch.full((3, 1, 1), value) for name, value in levels.items()}
    statistics = {"observation.state": numbers, "action": numbers, **dict.fromkeys(keys, colours)}
    parts = get_policy_class("act")(config), *make_pre_post_processors(config, dataset_stats=statistics)
    for part in parts:
        part.save_pretrained(folder)


def serve(port: int) -> None:
    """LeRobot's policy server without its waiting; prints how long the network itself took."""
    import grpc
    from lerobot.async_inference.configs import PolicyServerConfig
    from lerobot.async_inference.policy_server import PolicyServer
    from lerobot.transport import services_pb2_grpc

    class TimedServer(PolicyServer):
        def _get_action_chunk(self, observation: Any) -> torch.Tensor:
            began_s = time.perf_counter()
            chunk = super()._get_action_chunk(observation)
            print(f"model_s {time.perf_counter() - began_s:.6f}", flush=True)
            return chunk

    torch.set_num_threads(1)
    config = PolicyServerConfig(host="127.0.0.1", port=port, fps=FPS, inference_latency=0.0)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    services_pb2_grpc.add_AsyncInferenceServicer_to_server(TimedServer(config), server)
    server.add_insecure_port(f"{config.host}:{config.port}")
    server.start()
    print("ready", flush=True)
    server.wait_for_termination()


def numbers_robot() -> Any:
    """Config of a robot that is numbers and still pictures; LeRobot finds its class by the config's name."""
    from lerobot.robots.config import RobotConfig
    from lerobot.robots.robot import Robot

    @RobotConfig.register_subclass("numbers")
    @dataclass
    class NumbersConfig(RobotConfig):
        pass

    class Numbers(Robot):
        config_class, name = NumbersConfig, "numbers"
        is_connected = is_calibrated = True

        def __init__(self, config: NumbersConfig) -> None:
            rng = np.random.default_rng(0)
            self.pictures = {n: rng.integers(0, 256, (SIZE_PX, SIZE_PX, 3), dtype=np.uint8) for n in CAMERAS}

        @property
        def action_features(self) -> dict[str, Any]:
            return {f"joint_{index}.pos": float for index in range(JOINTS)}

        @property
        def observation_features(self) -> dict[str, Any]:
            return {**self.action_features, **dict.fromkeys(CAMERAS, (SIZE_PX, SIZE_PX, 3))}

        def get_observation(self) -> dict[str, Any]:
            angle_deg = SWING_DEG * np.sin(2 * np.pi * SWING_HZ * time.time())
            return {**dict.fromkeys(self.action_features, float(angle_deg)), **self.pictures}

        def send_action(self, action: dict[str, Any]) -> dict[str, Any]:
            return action

        def connect(self, calibrate: bool = True) -> None: ...
        def disconnect(self) -> None: ...
        def calibrate(self) -> None: ...
        def configure(self) -> None: ...

    sys.modules[__name__].Numbers = Numbers  # type: ignore[attr-defined]
    return NumbersConfig(id="numbers")


def client(port: int, folder: str) -> None:
    """LeRobot's robot client, watched."""
    from lerobot.async_inference.configs import RobotClientConfig
    from lerobot.async_inference.robot_client import RobotClient

    config = RobotClientConfig(
        policy_type="act",
        pretrained_name_or_path=folder,
        robot=numbers_robot(),
        actions_per_chunk=ROWS,
        server_address=f"127.0.0.1:{port}",
        fps=FPS,
    )
    sys.stdin.readline()  # the server is up
    watched = WatchedClient(RobotClient(config))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        word, *numbers = line.split()
        answer = watched.request() if word == "request" else watched.loop(*map(float, numbers))
        print(json.dumps(answer), flush=True)


class WatchedClient:
    """Notes what reaches the robot and when; changes nothing of how it gets there."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.arrived = threading.Event()
        self.seen_s: dict[int, float] = {}  # by step: when the newest observation was made that it answers
        self.ticks: list[tuple[float, float]] = []
        self._watch("_aggregate_action_queues", before=self._note_chunk, after=self.arrived.set)
        self._watch("control_loop_action", after=self._note_action)
        if not client.start():
            raise SystemExit("LeRobot's server does not answer")
        self._receive()

    def request(self) -> float:
        """s from taking an observation to having its actions in the queue."""
        self.client.action_queue = Queue()
        self.client.must_go.set()
        self.arrived.clear()
        began_s = time.perf_counter()
        self.client.control_loop_observation("pick up the red cube")
        if not self.arrived.wait(30.0):
            raise SystemExit("LeRobot's server has not answered within 30 s")
        return time.perf_counter() - began_s

    def loop(self, duration_s: float, threshold: float) -> list[tuple[float, float]]:
        """(time of an action, time of the observation that it answers), s, of LeRobot's own control loop."""
        self.client._chunk_size_threshold = threshold
        self.ticks = []
        threading.Thread(target=self.client.start_barrier.wait, daemon=True).start()
        threading.Timer(duration_s, self.client.shutdown_event.set).start()
        self.client.control_loop("pick up the red cube")
        self.receiver.join()
        self.client.shutdown_event.clear()
        self._receive()
        return self.ticks

    def _receive(self) -> None:
        """LeRobot's thread that takes chunks in; it begins when a second one waits at its barrier."""
        self.receiver = threading.Thread(target=self.client.receive_actions, daemon=True)
        self.receiver.start()
        self.client.start_barrier.wait()

    def _watch(self, name: str, before: Any = None, after: Any = None) -> None:
        plain = getattr(self.client, name)

        def watched(*values: Any, **named: Any) -> Any:
            if before is not None:
                before(*values)
            result = plain(*values, **named)
            if after is not None:
                after()
            return result

        setattr(self.client, name, watched)

    def _note_chunk(self, actions: list[Any], *_: Any) -> None:
        for action in actions:
            if action.get_timestep() > self.client.latest_action:
                self.seen_s[action.get_timestep()] = actions[0].get_timestamp()

    def _note_action(self) -> None:
        self.ticks.append((time.time(), self.seen_s[self.client.latest_action]))


if __name__ == "__main__":
    logging.disable(logging.INFO)
    command, *arguments = sys.argv[1:]
    if command == "make":
        make(Path(arguments[0]))
    elif command == "serve":
        serve(int(arguments[0]))
    else:
        client(int(arguments[0]), arguments[1])
