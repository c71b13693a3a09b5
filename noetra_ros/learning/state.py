"""A training run on disk, to go on after an interruption: tensors in safetensors, the rest in JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import AdamW

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.learning.settings import RunSettings

TENSORS_FILE = "training_state.safetensors"
STATE_FILE = "training_state.json"
MOMENTS = ("exp_avg", "exp_avg_sq", "step")


@dataclass
class History:
    """What has happened so far.

    Attributes:
        step: steps done.
        elapsed_s: s of training, over all sessions.
        steps: step of each entry of `losses`.
        losses: mean training loss since the entry before.
        check_steps: step of each entry of `checks`.
        checks: loss on episodes that were kept back.
    """

    step: int = 0
    elapsed_s: float = 0.0
    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    check_steps: list[int] = field(default_factory=list)
    checks: list[float] = field(default_factory=list)


def save_state(
    folder: Path,
    network: nn.Module,
    average: nn.Module,
    optimiser: AdamW,
    history: History,
    settings: RunSettings,
    data: str,
) -> None:
    """Write the run; a run that is cut off while writing keeps the state before."""
    tensors = {f"network.{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for name, parameter in _learned(network):
        tensors |= {f"{m}.{name}": optimiser.state[parameter][m] for m in MOMENTS}
    step = history.step
    tensors_file = f"{step}.{TENSORS_FILE}"
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, str(folder / tensors_file))
    content = {
        "tensors": tensors_file,
        "data": data,
        "settings": asdict(settings),
        "history": asdict(history),
    }
    unfinished = folder / f"{STATE_FILE}.part"
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.replace(folder / STATE_FILE)
    for old in folder.glob(f"*.{TENSORS_FILE}"):
        if old.name != tensors_file:
            old.unlink()


def load_state(
    folder: Path,
    network: nn.Module,
    average: nn.Module,
    optimiser: AdamW,
    settings: RunSettings,
    data: str,
) -> History:
    """Bring a run back, or a new history where there is none.

    Raises:
        ConfigError: the state is damaged, or is of a run with other settings or data.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        return History()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        history = History(**content["history"])
        tensors = load_file(str(folder / content["tensors"]))
        _require_same(path, content, settings, data)
        _restore(network, "network.", tensors)
        _restore(average, "average.", tensors)
        for name, parameter in _learned(network):
            optimiser.state[parameter] = {m: tensors[f"{m}.{name}"] for m in MOMENTS}
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        remedy = "use another --out, or delete the state to start anew"
        raise single_fault(str(path), "file", error, "the state of a training run", remedy) from error
    return history


def _learned(network: nn.Module) -> list[tuple[str, nn.Parameter]]:
    """Parameters that training changes; frozen ones have no moments."""
    return [(name, p) for name, p in network.named_parameters() if p.requires_grad]


def _restore(module: nn.Module, prefix: str, tensors: dict[str, Tensor]) -> None:
    module.load_state_dict({k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)})


def _require_same(path: Path, content: dict[str, object], settings: RunSettings, data: str) -> None:
    wanted = json.loads(json.dumps(asdict(settings)))
    there = content["settings"]
    assert isinstance(there, dict)
    remedy = "use another --out to start anew"
    faults = [
        Fault(key, str(wanted[key]), f"{there.get(key)} as in the run so far", remedy)
        for key in wanted
        if wanted[key] != there.get(key)
    ]
    if content["data"] != data:
        faults.append(Fault("data", data, f"{content['data']} as in the run so far", remedy))
    if faults:
        raise ConfigError(str(path), faults)
