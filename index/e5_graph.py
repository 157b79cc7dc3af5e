"""The network of multilingual-e5-small as an ONNX graph that keeps the file's 4-bit blocks.

A BERT encoder (Devlin et al., 2019) with mean pooling, as e5 is used (Wang et al., 2024, "Multilingual E5
Text Embeddings"). Besides plain ONNX it uses operators of ONNX Runtime's domain `com.microsoft`, described in
that project's docs/ContribOperators.md: MatMulNBits, GatherBlockQuantized, MultiHeadAttention, Gelu.
Importing this file imports `onnx`; only building the model needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.e5_weights import BLOCK, Weights

# Opset 17 has LayerNormalization; ir_version 9 is older than any ONNX Runtime that has the operators above.
_OPSET = 17
_IR_VERSION = 9
_RUNTIME = "com.microsoft"
_NO_ATTRIBUTES: Mapping[str, float] = MappingProxyType({})


def build_graph(weights: Weights) -> bytes:
    """Return the serialised model.

    It takes int64 `input_ids` and `attention_mask` (n, tokens) and gives float32 `embedding` (n, d). A mask
    is 1 for a token and 0 for padding, which stands at the end. Rows have unit length.
    """
    graph = _Graph(weights)
    graph.node("Cast", ["attention_mask"], "mask.int", {"to": TensorProto.INT32})
    hidden = graph.embeddings()
    for layer in range(weights.n_layers):
        hidden = graph.attention(hidden, f"l{layer}.")
        hidden = graph.feed_forward(hidden, f"l{layer}.")
    graph.mean_pooling(hidden)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", weights.width])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)],
        ir_version=_IR_VERSION,
    )
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants of a graph being written; its methods take and return names of values."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        attributes: Mapping[str, float] = _NO_ATTRIBUTES,
        domain: str = "",
    ) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def linear(self, hidden: str, name: str) -> str:
        """Write `hidden @ weights.T + bias`; the lengths of bias and weights give the shape."""
        bias = self.weights.floats(name + ".b")
        n_outputs = len(bias)
        n_inputs = self.weights.tensors[name + ".w"][1] // n_outputs
        nibbles, scales = self.weights.blocks(name + ".w", n_inputs)
        inputs = [
            hidden,
            self.constant(name + ".nibbles", nibbles),
            self.constant(name + ".scales", scales.reshape(-1)),
            "",  # zero points: 8 everywhere, the default
            "",  # order of the groups: as they come
            self.constant(name + ".bias", bias),
        ]
        # accuracy_level 0 multiplies in float32; 4 would round the activations to 8 bits.
        attributes = {"K": n_inputs, "N": n_outputs, "bits": 4, "block_size": BLOCK, "accuracy_level": 0}
        return self.node("MatMulNBits", inputs, name, attributes, _RUNTIME)

    def add_and_norm(self, left: str, right: str, name: str) -> str:
        """Write the sum of both, normalised over the last axis."""
        total = self.node("Add", [left, right], name + ".sum")
        scale = self.constant(name + ".scale", self.weights.floats(name + ".w"))
        shift = self.constant(name + ".shift", self.weights.floats(name + ".b"))
        attributes = {"axis": -1, "epsilon": self.weights.epsilon}
        return self.node("LayerNormalization", [total, scale, shift], name, attributes)

    def embeddings(self) -> str:
        """Write the sum of word, position and type embeddings, normalised."""
        width = self.weights.width
        nibbles, scales = self.weights.blocks("emb.word", width)
        words = self.node(
            "GatherBlockQuantized",
            [
                self.constant("words.nibbles", nibbles.reshape(self.weights.n_embeddings, width // 2)),
                "input_ids",
                self.constant("words.scales", scales),
            ],
            "words",
            {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK, "bits": 4},
            _RUNTIME,
        )
        # Every token has the first type (the second is for pairs of texts): added to the positions here.
        first_type = self.weights.floats("emb.type")[:width]
        by_position = self.weights.floats("emb.pos").reshape(-1, width) + first_type
        table = self.constant("positions.table", by_position)
        zero, one, two = (self.constant(f"int.{i}", np.array([i], np.int64)) for i in range(3))
        shape = self.node("Shape", ["input_ids"], "input_ids.shape")
        n_tokens = self.node("Slice", [shape, one, two], "n_tokens")
        positions = self.node("Slice", [table, zero, n_tokens, zero], "positions")
        return self.add_and_norm(words, positions, "emb.ln")

    def attention(self, hidden: str, layer: str) -> str:
        projections = [self.linear(hidden, layer + part) for part in "qkv"]
        context = self.node(
            "MultiHeadAttention",
            [*projections, "", "mask.int"],  # "": the bias, already added
            layer + "context",
            {"num_heads": self.weights.n_heads},
            _RUNTIME,
        )
        return self.add_and_norm(hidden, self.linear(context, layer + "ao"), layer + "aln")

    def feed_forward(self, hidden: str, layer: str) -> str:
        inner = self.node("Gelu", [self.linear(hidden, layer + "fi")], layer + "gelu", domain=_RUNTIME)
        return self.add_and_norm(hidden, self.linear(inner, layer + "fo"), layer + "oln")

    def mean_pooling(self, hidden: str) -> str:
        """Write the mean over the tokens that are not padding, scaled to unit length."""
        mask = self.node("Cast", ["attention_mask"], "mask", {"to": TensorProto.FLOAT})
        axis = self.constant("last_axis", np.array([2], np.int64))
        column = self.node("Unsqueeze", [mask, axis], "mask.column")
        kept = self.node("Mul", [hidden, column], "kept")
        total = self.node("ReduceSum", [kept, "int.1"], "total", {"keepdims": 0})
        count = self.node("ReduceSum", [column, "int.1"], "count", {"keepdims": 0})
        mean = self.node("Div", [total, count], "mean")
        return self.node("LpNormalization", [mean], "embedding", {"axis": 1, "p": 2})
