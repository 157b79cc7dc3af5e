"""What is wrong with an answer, in words for people: for the report, for pytest, for `assert_answer`."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.lines import shown
from qa.answer import Answer
from qa.evaluation.questions import Item
from qa.evaluation.scoring import Score, missing, wrong

_MAX_FORMS = 4
_MAX_QUOTE = 80
_MAX_CITED = 8


def faults(item: Item, answer: Answer, score: Score) -> tuple[str, ...]:
    """Return what is wrong; nothing if the answer is right, on a right page, and every quote stands."""
    found = list(_of_the_answer(item, answer))
    if item.answerable and item.pages and answer.found and not score.page:
        cited = "、".join(dict.fromkeys(citation.pages for citation in answer.citations)) or "无引文"
        found.append(f"引文不在{pages_wanted(item)}（引的是：{cited}）")
    if score.quote_missing:
        found.append(f"{score.quote_missing} 条引文不是原文，或不足四字")
    return tuple(found)


def _of_the_answer(item: Item, answer: Answer) -> list[str]:
    if not item.answerable:
        return ["公报中没有答案，应当拒答，却作了回答"] if answer.found else []
    if not answer.found:
        return ["公报中有答案，却拒答了"]
    lacking = [f"缺少：{fact(forms)}" for forms in missing(item, answer.text)]
    return lacking + [f"不应出现：{form}" for form in wrong(item, answer.text)]


def fact(forms: Sequence[str]) -> str:
    """Return the accepted forms of a fact, the first few of them."""
    more = f" 等 {len(forms)} 种说法" if len(forms) > _MAX_FORMS else ""
    return " / ".join(forms[:_MAX_FORMS]) + more


def pages_wanted(item: Item) -> str:
    """Return the right pages: 第12、13页."""
    return f"第{'、'.join(map(str, item.pages))}页"


def account(item: Item, answer: Answer, found: Sequence[str]) -> str:
    """Return question, faults, what was wanted, what was got and its citations, as lines of text."""
    lines = [f"问题：{item.question}"]
    lines += [f"  前文：{question} → {reply}" for question, reply in item.history]
    lines += [f"不合：{one}" for one in found]
    lines += _wanted(item)
    lines.append(f"得到：{answer.text}")
    for number, citation in enumerate(answer.citations[:_MAX_CITED], 1):
        quote = shown(citation.quote)
        quote = quote if len(quote) <= _MAX_QUOTE else f"{quote[:_MAX_QUOTE]}…"
        lines.append(f"  [{number}] {citation.pages}《{citation.title}》“{quote}”")
    if len(answer.citations) > _MAX_CITED:
        lines.append(f"  …… 共 {len(answer.citations)} 条引文")
    lines += [f"  相近：《{near.title}》第{near.page_first}页（{near.why}）" for near in answer.nearest]
    return "\n".join(lines)


def _wanted(item: Item) -> list[str]:
    if not item.answerable:
        return ["应当：拒答"]
    lines = [f"应当：{item.answer}"] if item.answer else []
    lines += [f"  须有：{fact(forms)}" for forms in item.must]
    lines += [f"  不得有：{form}" for form in item.must_not]
    return lines + ([f"  页码：{pages_wanted(item)}"] if item.pages else [])
