"""Questions that ask several things, or go on from others: with and without a model that writes them out.

`python tests/understanding.py` prints the figures of `tests/data/understood`; its `good` is what a model that
understands would write, given by hand, so the figures are what the step can bring at best.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from libraries import DATA, shared_library
from scripted_server import Asked, scripted

from qa.answer import Answer
from qa.assistant import ask
from qa.evaluation.scoring import pages_of
from qa.model import Model, model_of

KINDS = ("compound", "followups")
NOW = re.compile(r"现在的问题：(.*)")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Known:
    """A question with the facts of its answer: forms of each, and the pages it may be cited to.

    `unsaid` is True where a part, or with no facts all, is not answered by the bulletin; `good` is what a
    model that understands writes.
    """

    id: str
    bulletin: str
    question: str
    must: tuple[tuple[str, ...], ...]
    pages: tuple[tuple[int, ...], ...]
    unsaid: bool
    good: tuple[str, ...]
    history: tuple[tuple[str, str], ...]


def known(kind: str) -> list[Known]:
    """Return the questions of a kind, in order."""
    lines = (DATA / "understood" / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_known(json.loads(line)) for line in lines]


def _known(item: dict) -> Known:
    return Known(
        item["id"],
        item["bulletin"],
        item["question"],
        tuple(map(tuple, item["must"])),
        tuple(map(tuple, item["pages"])),
        item["unsaid"],
        tuple(item["good"]),
        tuple((asked, told) for asked, told in item.get("history", ())),
    )


def told(one: Known, model: Model | None = None) -> Answer:
    return ask(one.question, shared_library(), one.history, bulletin=one.bulletin, model=model)


def is_right(one: Known, answer: Answer) -> bool:
    """Whether every fact stands in a cited sentence, on a right page, and what is not answered is told so."""
    if not one.must:
        return not answer.found
    refused = any(not sentence.citations for sentence in answer.sentences)
    return answer.found and refused == one.unsaid and all(map(_stands(answer), one.must, one.pages))


def _stands(answer: Answer) -> Callable[[tuple[str, ...], tuple[int, ...]], bool]:
    def stands(forms: tuple[str, ...], pages: tuple[int, ...]) -> bool:
        return any(
            any(_flat(form) in _flat(sentence.text) for form in forms)
            and any(pages_of(citation) & set(pages) for citation in sentence.citations)
            for sentence in answer.sentences
        )

    return stands


def _flat(text: str) -> str:
    return _BLANK.sub("", text)


def written(questions: tuple[str, ...]) -> str:
    """Return questions in the form that the model is asked for."""
    return "\n".join(json.dumps({"q": question}, ensure_ascii=False) for question in questions)


def well(asked: Asked) -> str:
    """Reply as a model that understands does; it words nothing."""
    now = NOW.search(asked.text)
    good = {one.question: one.good for kind in KINDS for one in known(kind)}
    return written(good.get(now[1], ())) if now else ""


def main() -> None:
    with scripted(well) as server:
        model = model_of("openai:small", server.url, understands=True)
        for kind in KINDS:
            asked = known(kind)
            rules = [is_right(one, told(one)) for one in asked]
            server.asked.clear()
            by_model = [is_right(one, told(one, model)) for one in asked]
            calls = sum(bool(NOW.search(one.text)) for one in server.asked)
            print(f"{kind}: n {len(asked)}, rules {sum(rules)}, model {sum(by_model)}, calls {calls}")
            for one, before, after in zip(asked, rules, by_model, strict=True):
                if not (before and after):
                    print(f"  {one.id} {'+' if before else '-'}{'+' if after else '-'} {one.question}")


if __name__ == "__main__":
    main()
