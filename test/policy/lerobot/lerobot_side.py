"""LeRobot's own side of the comparison; run by the interpreter of LeRobot's environment.

`lerobot_side.py FOLDER KIND...` writes into FOLDER a small checkpoint of each kind with random weights, and
lets LeRobot's own control loop (its preparation, processors, `select_action`) answer FOLDER/observations.npz.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from lerobot.configs.policies import PreTrainedConfig
from lerobot.configs.types import FeatureType, PolicyFeature
from lerobot.policies.factory import get_policy_class, make_policy_config, make_pre_post_processors
from lerobot.policies.utils import prepare_observation_for_inference

JOINTS = 6
CAMERAS = ("front", "wrist")
SMALL_ACT = {
    "chunk_size": 8,
    "n_action_steps": 8,
    "dim_model": 32,
    "n_heads": 4,
    "dim_feedforward": 64,
    "n_encoder_layers": 1,
    "n_vae_encoder_layers": 1,
    "latent_dim": 8,
    "pretrained_backbone_weights": None,
}
SMALL_DIFFUSION = {
    "n_obs_steps": 2,
    "horizon": 16,
    "n_action_steps": 8,
    "down_dims": (16, 32),
    "diffusion_step_embed_dim": 16,
    "pretrained_backbone_weights": None,
    "crop_shape": None,
    "noise_scheduler_type": "DDIM",
    "num_inference_steps": 4,
    "spatial_softmax_num_keypoints": 4,
}
SMALL_SMOLVLA = {
    "chunk_size": 8,
    "n_action_steps": 8,
    "num_vlm_layers": 2,
    "num_steps": 4,
    "resize_imgs_with_padding": (64, 64),
    "tokenizer_max_length": 16,
    "load_vlm_weights": False,
}
SHAPES = {"act": SMALL_ACT, "diffusion": SMALL_DIFFUSION, "smolvla": SMALL_SMOLVLA}
TEXT = {
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "pad_token_id": 0,
}
VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 64,
    "patch_size": 16,
}


def make(kind: str, folder: Path) -> None:
    """A checkpoint with random weights, saved by LeRobot."""
    torch.manual_seed(0)
    shape = dict(SHAPES[kind])
    if kind == "smolvla":
        shape["vlm_model_name"] = str(make_language_model(folder.parent / f"{folder.name}_language_model"))
    pictures = {
        f"observation.images.{name}": PolicyFeature(FeatureType.VISUAL, (3, 96, 96)) for name in CAMERAS
    }
    config = make_policy_config(
        kind,
        device="cpu",
        push_to_hub=False,
        input_features={"observation.state": PolicyFeature(FeatureType.STATE, (JOINTS,)), **pictures},
        output_features={"action": PolicyFeature(FeatureType.ACTION, (JOINTS,))},
        **shape,
    )
    policy = get_policy_class(kind)(config)
    before, after = make_pre_post_processors(config, dataset_stats=statistics(pictures))
    for part in (policy, before, after):
        part.save_pretrained(folder)


def statistics(pictures: dict[str, PolicyFeature]) -> dict[str, dict[str, torch.Tensor]]:
    """Of joints in deg that move some ten deg about a middle, no two alike."""
    rng = np.random.default_rng(0)

    def of_joints() -> dict[str, torch.Tensor]:
        mean = torch.tensor(rng.uniform(-10, 10, JOINTS), dtype=torch.float32)
        deviation = torch.tensor(rng.uniform(5, 20, JOINTS), dtype=torch.float32)
        return {"mean": mean, "std": deviation, "min": mean - 2 * deviation, "max": mean + 2 * deviation}

    levels = {"mean": 0.45, "std": 0.25, "min": 0.0, "max": 1.0}
    of_picture = {name: torch.full((3, 1, 1), value) for name, value in levels.items()}
    return {"observation.state": of_joints(), "action": of_joints(), **dict.fromkeys(pictures, of_picture)}


def make_language_model(folder: Path) -> Path:
    """Config, tokenizer and processor of a tiny SmolVLM; SmolVLA reads them by the name of the folder."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        PreTrainedTokenizerFast,
        SmolVLMConfig,
        SmolVLMImageProcessor,
        SmolVLMProcessor,
        SmolVLMVideoProcessor,
    )

    special = [
        "<pad>",
        "<unk>",
        "<bos>",
        "<eos>",
        "<image>",
        "<fake_token_around_image>",
        "<global-img>",
        "<end>",
    ]
    words = ["pick", "up", "the", "red", "blue", "cube"]
    vocabulary = {word: number for number, word in enumerate(special + words)}
    bare = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    bare.pre_tokenizer = pre_tokenizers.Whitespace()
    kinds = ("image_token", "fake_image_token", "global_image_token", "end_of_utterance_token")
    images = dict(zip(kinds, special[4:], strict=True))
    named = dict(zip(("pad_token", "unk_token", "bos_token", "eos_token"), special, strict=False))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare, **named, extra_special_tokens=images)
    text = {**TEXT, "vocab_size": len(vocabulary)}
    config = SmolVLMConfig(text_config=text, vision_config=VISION, scale_factor=2, image_token_id=4)
    config.save_pretrained(folder)
    SmolVLMProcessor(
        SmolVLMImageProcessor(), tokenizer, SmolVLMVideoProcessor(), image_seq_len=4, chat_template="{{ '' }}"
    ).save_pretrained(folder)
    return folder


def answer(folder: Path, asked: Path) -> None:
    """Actions of LeRobot's own loop, one for each observation; each chunk's noise is seeded by its number."""
    config = PreTrainedConfig.from_pretrained(folder)
    policy = get_policy_class(config.type).from_pretrained(folder)
    before, after = make_pre_post_processors(config, pretrained_path=str(folder))
    policy.reset()
    actions = []
    with np.load(asked) as content:
        series = {key: content[key] for key in content.files}
    for index in range(len(series["observation.state"])):
        if index % config.n_action_steps == 0:
            torch.manual_seed(index // config.n_action_steps)
        step = {key: stack[index] for key, stack in series.items()}
        batch = before(prepare_observation_for_inference(step, torch.device("cpu"), "pick up the red cube"))
        with torch.inference_mode():
            actions.append(after(policy.select_action(batch)).squeeze(0).numpy())
    np.savez(folder / "actions.npz", actions=np.stack(actions))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    for name in sys.argv[2:]:
        make(name, place / name)
        answer(place / name, place / "observations.npz")
