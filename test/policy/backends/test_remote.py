"""The client of `noetra serve`; test/policy/serving has the rest: faults of the network, several robots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionPrefix
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.backends.hold import HoldBackend
from noetra_ros.policy.errors import PolicyError

from ..serving.conftest import SPEC, Echo, remote, serve  # noqa: F401
from ..test_backend import require_contract


def test_it_keeps_the_contract_of_backends(serve, remote, so101, observation):  # noqa: F811
    served = serve(HoldBackend(BackendOptions(so101)))
    require_contract(remote(served.link(reply_within_s=0.9)), so101, observation)


def test_its_spec_is_that_of_the_served_model(serve, remote):  # noqa: F811
    assert remote(serve().link()).spec == SPEC


def test_waiting_longer_than_a_chunk_reaches_is_refused(serve, remote):  # noqa: F811
    with pytest.raises(ConfigError, match=r"reply_within_s: got 9\.0, expected at most 6\.1 s"):
        remote(serve().link(reply_within_s=9.0)).load()


class Carrying(Echo):
    """Carries on from a prefix."""

    def infer_after(self, observation, prefix):
        assert prefix.frozen == 1
        return self.infer(observation)


def test_it_carries_on_from_a_prefix_where_the_served_model_can(serve, remote, observation):  # noqa: F811
    backend = remote(serve(Carrying()).link())
    backend.load()
    prefix = ActionPrefix(np.zeros((2, 2)), 1)
    assert backend.infer_after(observation, prefix).stamp_ns == observation.stamp_ns


def test_another_model_than_the_one_that_was_checked_is_refused(serve, remote, observation):  # noqa: F811
    served = serve()
    backend = remote(served.link())
    backend.load()
    served.backend.spec = replace(SPEC, model="echo 2")
    served.server._traits = replace(served.server.traits, spec=served.backend.spec)
    backend.close()
    with pytest.raises(PolicyError, match="now offers echo 2, not the echo 1 that was checked"):
        backend.infer(observation)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ({"url": "ws://localhost:1"}, 0o600, "reply_within_s: got nothing"),
        ({"url": "localhost:1", "reply_within_s": 0.1}, 0o600, "ws://host:port or wss://host:port"),
        ({"url": "ws://gpu:1", "reply_within_s": 0.1}, 0o600, "wss:// to another machine"),
        ({"url": "ws://localhost:1", "reply_within_s": 0.1, "token": "x" * 30}, 0o644, "chmod 600"),
        ({"url": "ws://localhost:1", "reply_within_s": 0.1, "tokn": "x"}, 0o600, "tokn: got an unknown key"),
        (
            {"url": "wss://localhost:1", "reply_within_s": 0.1, "certificate_authority": "no.pem"},
            0o600,
            "certificate_authority",
        ),
    ],
)
def test_a_wrong_link_file_is_refused_by_its_key(so101, tmp_path, content, mode, words):
    path = tmp_path / "link.yaml"
    path.write_text(yaml.safe_dump(content))
    path.chmod(mode)
    with pytest.raises(ConfigError, match=words):
        create_backend("remote", BackendOptions(so101, checkpoint=path))
