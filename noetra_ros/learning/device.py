"""Where a network runs: the device that was asked for, or an error; never silently another one."""

from __future__ import annotations

import torch

from noetra_ros.core.errors import single_fault


def choose_device(name: str) -> torch.device:
    """The device called `name`.

    Args:
        name: ``cpu``, ``cuda`` or ``cuda:<number>``.

    Raises:
        ConfigError: another word, or a GPU that this machine does not offer.
    """
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda") or (number and not number.isdigit()):
        raise single_fault("device", "device", repr(name), "cpu, cuda or cuda:<number>")
    if kind == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if int(number or 0) >= count:
            found = f"{count} GPUs that torch can use" if count else "no GPU that torch can use"
            raise single_fault(
                "device", "device", f"{name!r} on a machine with {found}", "a device it has", "cpu"
            )
    return torch.device(name)
