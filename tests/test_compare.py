"""Plain pipelines answer as they are defined; what is left out of ours is off; changes are counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from brook import ID, brook, brook_library
from libraries import LetterModel, opened, small

from index.errors import LibraryError
from index.library import Library
from qa.answer import Answer
from qa.assistant import ask
from qa.evaluation.compare import OURS, Change, Run, as_json, change, compare, main, table
from qa.evaluation.questions import Item
from qa.evaluation.scoring import Score
from qa.evaluation.systems import PlainLibrary, ablations, pipelines
from qa.parts import Parts

WATER = f"水库的水位下降了，{'甲' * 312}。"
GRAIN, MORE_GRAIN = "粮食获得丰收。", f"{'乙' * 200}。"
PLAIN = (
    "LangChain, passage", "BM25, passage", "BM25, sentence",
    "embeddings, passage", "embeddings, sentence", "fused, sentence",
)  # fmt: skip
TAX = Item("tax", "number", "2023年全市税收收入完成多少？", "30.5亿元。", (("30.5",),), (5,))
BOTH = Item("both", "aggregate", "税收收入和非税收入合计多少？", "42.5亿元。", (("42.5",),), (5,))
NONE = Item("none", "unanswerable", "第三十二条规定了什么？", "公报中没有相关内容。")


@pytest.fixture
def two(tmp_path: Path) -> Library:
    """A library of two bulletins; the first has two passages, of one sentence and of two."""
    library = opened(tmp_path / "library")
    library.add(small("one", WATER, GRAIN + MORE_GRAIN), "one.txt")
    library.add(small("two", "道路通车。"), "two.txt")
    return library


# Plain pipelines


@pytest.mark.parametrize(
    ("name", "question", "said"),
    [
        ("LangChain, passage", "乙乙", GRAIN + MORE_GRAIN),
        ("LangChain, passage", "甲甲", WATER),
        ("BM25, passage", "粮食", GRAIN + MORE_GRAIN),
        ("BM25, sentence", "粮食", GRAIN),
        ("BM25, sentence", "水位", WATER),
        ("embeddings, passage", "乙乙", GRAIN + MORE_GRAIN),
        ("embeddings, sentence", "乙乙", MORE_GRAIN),
        ("fused, sentence", "粮食丰收", GRAIN),
    ],
)
def test_a_plain_pipeline_answers_with_its_best_text_and_cites_it(
    two: Library, name: str, question: str, said: str
):
    answer = pipelines(two.searcher(), "one")[name](question)
    assert answer.text == said
    assert [citation.quote for citation in answer.citations] == [said]
    assert answer.elapsed_ms > 0


def test_no_plain_pipeline_refuses(two: Library):
    answers = [answer("How far is the moon?") for answer in pipelines(two.searcher()).values()]
    assert [answer.found for answer in answers] == [True] * len(PLAIN)


def test_a_plain_pipeline_answers_from_the_one_bulletin_that_is_asked(two: Library):
    answers = [answer("水库的水位，甲甲") for answer in pipelines(two.searcher(), "two").values()]
    assert {answer.text for answer in answers} == {"道路通车。"}
    assert {answer.citations[0].bulletin for answer in answers} == {"two"}


def test_a_bulletin_that_is_not_there_and_an_empty_library_are_errors(two: Library, tmp_path: Path):
    with pytest.raises(LibraryError, match="nowhere"):
        pipelines(two.searcher(), "nowhere")
    with pytest.raises(LibraryError, match="没有可供比较的段落"):
        pipelines(opened(tmp_path / "empty").searcher())


def test_a_chunk_of_langchain_is_at_most_500_long_and_cited_to_the_page_it_starts_on(tmp_path: Path):
    class Votes(LetterModel):
        letters = "票"

    library = opened(tmp_path / "library", Votes())
    library.add(brook(), "xikou.txt")
    answer = pipelines(library.searcher())["LangChain, passage"]("票票票")
    (citation,) = answer.citations
    assert "基本满意票" in answer.text  # which stands on page 6
    assert len(answer.text) <= 500
    assert answer.text.startswith("2023年，全市税收收入完成30.5亿元")  # which stands on page 5
    assert (citation.page_first, citation.page_last) == (5, 5)


# Ours without a mechanism

SHOWS: dict[str, tuple[str, Callable[[Answer], bool]]] = {
    "records": ("谁出席了第五次会议，却没有出席第六次会议？", lambda a: a.sentences[0].reckoned),
    "facets": (BOTH.question, lambda a: "42.5" in a.text),
    "hops": ("白桦卸任的那个局，满意票是多少？", lambda a: "白桦" in a.text and "4票" in a.text),
    "gate": (NONE.question, lambda a: not a.found),
    "checks": (TAX.question, lambda a: len(a.checks) > 0),
    "conflicts": ("2023年全市粮食总产量是多少？", lambda a: len(a.conflicts) > 0),
    "premise": ("为什么石磊担任了民政局局长？", lambda a: "不是" in a.text),
    "wording": ("How much tax revenue in 2023?", lambda a: "In English" in a.text),
}
"""By mechanism a question, and what shows in its answer while the mechanism is on."""
OTHER_ANSWERS = {
    "lists": ("存在哪些问题？", "预算执行情况的报告指出了哪三个问题？"),
    "ranker": ("税收收入加快的原因是什么？", TAX.question, "水利局局长是何时任命的？"),
}
"""By mechanism questions of which one at least is answered otherwise without it."""


@pytest.fixture
def grain(tmp_path: Path) -> Library:
    """A library in which a quantity is told twice, with different figures."""
    library = opened(tmp_path / "library")
    first, last = ("2023年全市粮食总产量完成30.5万吨。", "2023年全市粮食总产量完成31.5万吨。")
    library.add(small("grain", first, "水库的水位下降了。", last), "grain.txt")
    return library


def test_every_mechanism_is_left_out_once_and_only_it():
    off = [[f.name for f in fields(Parts) if not getattr(parts, f.name)] for parts in ablations().values()]
    assert off == [[field.name] for field in fields(Parts)]
    assert list(ablations()) == [f"without {field.name}" for field in fields(Parts)]


@pytest.mark.parametrize("name", SHOWS)
def test_a_mechanism_that_is_left_out_is_off(name: str, grain: Library):
    library = grain if name == "conflicts" else brook_library()
    question, shows = SHOWS[name]
    assert shows(ask(question, library))
    assert not shows(ask(question, library, parts=ablations()[f"without {name}"]))


@pytest.mark.parametrize("name", OTHER_ANSWERS)
def test_without_a_mechanism_some_answer_is_another(name: str):
    parts = ablations()[f"without {name}"]
    asked = OTHER_ANSWERS[name]
    ours = [ask(question, brook_library()).text for question in asked]
    assert [ask(question, brook_library(), parts=parts).text for question in asked] != ours


def test_without_the_dictionary_texts_and_questions_are_cut_without_the_bulletins_names():
    library = brook_library()
    plain = PlainLibrary(library)
    ours, anew = library.searcher(), plain.searcher()
    row = next(i for i, words in enumerate(ours.units.words) if {"石磊", "水库"} <= words)
    question = "市水利局局长石磊作的报告"
    assert "石磊" in ours.words.cut(question)
    assert "石磊" not in anew.words.cut(question)  # jieba takes 石磊作 for a name
    assert "石磊" not in anew.units.words[row]
    assert anew.units.lexical.scores(["石磊作"])[row] > ours.units.lexical.scores(["石磊作"])[row] == 0
    assert ours is library.searcher()
    assert anew.units.dense is ours.units.dense
    assert ask(TAX.question, plain).citations == ask(TAX.question, library).citations


# Runs and their changes


def test_all_systems_are_asked_the_same_questions_and_told_as_they_begin():
    begun: list[str] = []
    runs = compare([TAX, BOTH, NONE], brook_library(), ID, begun.append)
    assert begun == [*PLAIN, OURS, *ablations(), "without the bulletin's dictionary"]
    assert [run.name for run in runs] == begun
    assert {tuple(one.id for one in run.scores) for run in runs} == {("tax", "both", "none")}
    right = {run.name: [one.right for one in run.scores] for run in runs}
    assert right[OURS] == [True, True, True]
    assert right["without facets"] == [True, False, True]
    assert right["without gate"] == [True, True, False]
    assert right["BM25, sentence"] == [True, False, False]


def run_of(name: str, *right: bool) -> Run:
    """Return a run of answerable questions and one that is not, the last."""
    scores = [
        Score(f"q{i}", "number" if i < len(right) else "unanswerable", i < len(right), hit, hit, hit, hit,
              1, 1, 1, 1, False, 10 * i, 2.0 * i, 0, 1.0)
        for i, hit in enumerate(right, 1)
    ]  # fmt: skip
    return Run(name, tuple(scores))


def test_changes_are_counted_question_by_question():
    ours = run_of(OURS, True, True, True, False, False)
    other = run_of("other", False, False, True, True, False)
    assert change(ours, other) == Change(lost=2, won=1)
    assert change(ours, ours) == Change(0, 0)
    with pytest.raises(ValueError, match="expected the questions of 'ours', found others in 'short'"):
        change(ours, run_of("short", True))


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 0, 2 / 32),
        (3, 1, 2 * (1 + 4) / 16),
        (1, 3, 2 * (1 + 4) / 16),
        (2, 2, 1.0),
        (3000, 0, 0.0),
    ],
)
def test_p_is_that_of_an_exact_two_sided_sign_test(lost: int, won: int, p: float):
    assert Change(lost, won).p == pytest.approx(p)


def test_the_table_has_a_line_for_each_run_and_nothing_beside_ours():
    plain = run_of("plain", True, False, False, False)
    lines = table([plain, run_of(OURS, True, True, True, True)]).splitlines()
    head, rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert head == [
        "", "right, n=4", "right of answerable, n=3", "first page right, n=3", "refused rightly, n=1",
        "refused wrongly, n=3", "median chars, n=3", "p50 ms, n=4", "Δ right", "right→wrong", "wrong→right",
        "p",
    ]  # fmt: skip
    assert set("".join(rule)) == {"-"}
    # Wilson 1927: 1 of 4 is 4.6 to 69.9 %, 1 of 3 is 6.1 to 79.2 %; 3 against 0 is 2/8
    assert rows[0] == ["plain", "25.0% (5–70)", "33.3% (6–79)", "33.3% (6–79)", "0.0% (0–79)", "0.0% (0–56)",
                       "20", "6", "-3", "3", "0", "0.25"]  # fmt: skip
    assert rows[1][:2] == [OURS, "100.0% (51–100)"]
    assert rows[1][8:] == ["", "", "", ""]
    assert len({len(line) for line in lines}) == 1


def test_in_json_a_run_has_its_figures_its_changes_and_what_was_right():
    plain, ours = as_json([run_of("plain", True, False, True), run_of(OURS, False, True, True)])
    assert (plain["name"], plain["n"], plain["right_ids"]) == ("plain", 3, ["q1", "q3"])
    assert (plain["lost"], plain["won"], plain["p"]) == (1, 1, 1.0)
    assert (ours["lost"], ours["won"], ours["p"]) == (0, 0, 1.0)
    assert (plain["right"], plain["of"]["right"]) == (0.6667, 3)
    assert (plain["right_answerable"], plain["of"]["right_answerable"]) == (0.5, 2)


# The command


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one question; the library is the small one, with vectors that can be checked by hand."""
    monkeypatch.setattr("qa.evaluation.compare.open_library", lambda folder, **options: brook_library())
    row = {"id": "tax", "type": "number", "question": TAX.question, "answer": TAX.answer, "must": [["30.5"]]}
    path = tmp_path / "my.jsonl"
    path.write_text(json.dumps({**row, "pages": [5]}, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_command_prints_the_table_and_writes_the_file(
    asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "figures.json"
    assert main([str(asked), "--bulletin", ID, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert f"asked of {ID}" in printed
    assert "| ours " in printed
    assert "it starts on" in printed  # the favour done to LangChain
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["questions"], found["bulletins"]) == ("my.jsonl", [ID])
    assert len(found["systems"]) == len(PLAIN) + 1 + len(ablations()) + 1


def test_what_cannot_be_used_is_told_before_anything_is_asked(
    asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for arguments, told in [
        ([str(asked), "--bulletin", "nowhere"], "nowhere"),
        ([str(asked), "--out", str(tmp_path / "no" / "f.json")], "没有这个文件夹"),
        ([str(tmp_path / "no.jsonl")], "无法读取"),
    ]:
        assert main(arguments) == 1
        done = capsys.readouterr()
        assert (done.out, told in done.err) == ("", True)
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
