"""What takes over a minute, run by `make trials`: all questions, and many damaged bulletins."""

import json
import random
import statistics

import pytest
from corruptions import KINDS, measured
from libraries import DATA, DEV, MADE_UP_ID, SHIPPED_ID, real_library, shared_library
from test_assistant import answered, right

from corpus.bulletin import pages_of
from corpus.errors import ReadError
from corpus.reading import read_bulletin, read_shipped
from index.library import Library
from qa.grounds import grounds_of

SETS = [
    ("dev", SHIPPED_ID, DEV),
    ("anyang", SHIPPED_ID, DATA / "anyang" / "questions.jsonl"),
    ("linxi", MADE_UP_ID, DATA / "linxi" / "questions.jsonl"),
]


@pytest.mark.trial
@pytest.mark.parametrize(("name", "bulletin", "path"), SETS, ids=[row[0] for row in SETS])
def test_every_question_is_asked_and_the_figures_are_shown(name, bulletin, path):
    if not path.exists():
        pytest.skip(f"no questions at {path.name}")
    library = Library(real_library())
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    answers = [(item, answered(item, library, bulletin)) for item in items]
    asked = [(item, answer) for item, answer in answers if item["type"] != "unanswerable"]
    unasked = [answer for item, answer in answers if item["type"] == "unanswerable"]
    good = sum(right(item, answer) for item, answer in answers)
    first = sum(
        bool(a.citations) and a.citations[0].page_first in item["pages"] for item, a in asked if item["pages"]
    )
    print(
        f"\n{name}: n={len(items)}, right {good / len(items):.1%}, first page {first / len(asked):.1%}, "
        f"refused wrongly {sum(not a.found for _, a in asked) / len(asked):.1%}, "
        f"refused rightly {sum(not a.found for a in unasked) / len(unasked):.1%}, "
        f"median {statistics.median(len(a.text) for _, a in asked):.0f} characters"
    )
    assert good > len(items) / 2


@pytest.mark.trial
def test_of_two_thousand_corruptions_all_but_a_few_are_found_and_true_sentences_pass():
    found = measured(grounds_of(shared_library().searcher()), true=1000, each=334, seed=2)
    print(f"\ncheck: n={found.true}, false alarms {found.alarmed:.1%}, detected {found.detected:.1%}", end="")
    for kind in KINDS:
        print(f", {kind} {1 - len(found.missed[kind]) / found.made[kind]:.1%}", end="")
    assert found.alarmed <= 0.01
    assert found.detected >= 0.99
    assert found.negations_detected >= 0.9


@pytest.mark.trial
@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_bulletin_is_refused_or_read_with_sane_spans(seed):
    chance = random.Random(seed)
    texts = [read_shipped().text, (DATA / "linxi" / "linxi-2023-4.txt").read_text(encoding="utf-8")]
    for _ in range(40):
        lines = chance.choice(texts).split("\n")
        for _ in range(chance.randrange(1, 200)):
            at = chance.randrange(len(lines) - 2)
            change = chance.randrange(4)
            if change == 0:
                del lines[at]
            elif change == 1:
                lines[at], lines[at + 1] = lines[at + 1], lines[at]
            elif change == 2:
                lines.insert(at, chance.choice(lines))
            else:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        try:
            bulletin = read_bulletin("\n".join(lines), "damaged", allow_partial=True)
        except ReadError:
            continue
        for passage in bulletin.passages:
            document = bulletin.documents[passage.document]
            assert document.start <= passage.start < passage.end <= document.end
            assert all(pages_of(bulletin.pages, *unit).last >= 0 for unit in passage.units)
