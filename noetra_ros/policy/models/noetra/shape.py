"""Sizes of a noetra network, and what goes in and out of it; free of torch."""

from __future__ import annotations

from dataclasses import dataclass, field

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.resources import config_file

FOLDER = "models"


@dataclass(frozen=True)
class PictureShape:
    """How a picture becomes tokens.

    `asked`: convolutions make a map, the sentence asks it questions, each answered by a place and what is
    there. `patches`: a vision transformer, whose tokens are merged two by two where `merge` is 2.
    """

    kind: str = setting(description="how a picture becomes tokens", choices=("asked", "patches"))
    side_px: int = setting("px", "square that pictures are brought to", minimum=16)
    tokens: int = setting(description="asked: tokens for each picture", default=4, minimum=1)
    patch_px: int = setting("px", "patches: side of a patch", default=14, minimum=2)
    width: int = setting(description="patches: numbers for each patch", default=64, minimum=8)
    depth: int = setting(description="patches: layers", default=2, minimum=1)
    heads: int = setting(description="patches: attentions side by side", default=4, minimum=1)
    mlp: int = setting(description="patches: width between the two linear maps", default=128, minimum=8)
    merge: int = setting(
        description="patches: so many along each side become one token", default=1, minimum=1
    )

    def __post_init__(self) -> None:
        if self.kind == "patches" and self.side_px % (self.patch_px * self.merge):
            got = f"{self.side_px} px for patches of {self.patch_px} px, merge {self.merge}"
            raise ConfigError("picture", [Fault("side_px", got, "a multiple of patch_px * merge")])

    @property
    def token_count(self) -> int:
        """Tokens of one picture."""
        if self.kind == "asked":
            return self.tokens  # and one more for all pictures together
        return (self.side_px // (self.patch_px * self.merge)) ** 2


@dataclass(frozen=True)
class NoetraShape:
    """Sizes of the whole network.

    Backbone and action expert have the same number of layers, heads and head size: in layer l the expert
    attends to the keys and values of the backbone's layer l (as pi0 does, arXiv 2410.24164).
    """

    picture: PictureShape = setting(description="pictures")
    depth: int = setting(description="layers of backbone and expert", minimum=1)
    heads: int = setting(description="attentions side by side", minimum=1)
    kv_heads: int = setting(description="keys and values that the heads share", minimum=1)
    head_size: int = setting(description="numbers for each head", minimum=8)
    width: int = setting(description="numbers for each token of the backbone", minimum=8)
    mlp: int = setting(description="its width between the linear maps", minimum=8)
    expert_width: int = setting(description="numbers for each action token", minimum=8)
    expert_mlp: int = setting(description="its width between the linear maps", minimum=8)
    flow_steps: int = setting(description="steps from noise to actions", default=10, minimum=1, maximum=100)
    text: str = setting(
        description="words = a token for each word; bag = one token for the sentence, robust to order",
        choices=("words", "bag"),
        default="words",
    )

    def __post_init__(self) -> None:
        faults = []
        if self.heads % self.kv_heads:
            faults.append(Fault("kv_heads", str(self.kv_heads), f"a divisor of heads, {self.heads}"))
        if self.head_size % 2:
            faults.append(Fault("head_size", str(self.head_size), "an even number, for rotary positions"))
        if faults:
            raise ConfigError("noetra shape", faults)


@dataclass(frozen=True)
class Ports:
    """What goes in and out.

    Attributes:
        rows: rows of a chunk.
        joints: values of a row, and measured joints.
        vocabulary: numbers in use for words.
        cameras: pictures.
        history_rows: earlier joint positions that are read; 0 = none.
        vectors: further inputs by modality: rows and numbers in each, e.g. wrench (1, 6), audio (20, 64).
    """

    rows: int
    joints: int
    vocabulary: int
    cameras: int
    history_rows: int = 0
    vectors: dict[str, tuple[int, int]] = field(default_factory=dict)


def load_shape(name: str) -> NoetraShape:
    """A size by name (nano, edge, base) or by the path of a YAML file.

    Raises:
        ConfigError: no such size, or every fault of the file.
    """
    path = config_file(FOLDER, name)
    return load(NoetraShape, read_yaml(path), str(path))
