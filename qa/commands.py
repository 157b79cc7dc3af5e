"""What each command of `gongbao` does: arguments in, exit code out. They are declared in `cli.py`.

Heavy packages are imported by what needs them: `cite`, `contents`, `list`, `audit` load no model, no index.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from qa.files import InputError, read_history, read_questions, written_whole

if TYPE_CHECKING:
    from corpus.bulletin import Bulletin
    from index.library import Library
    from index.searcher import Searcher
    from index.upkeep import Progress
    from qa.answer import Answer, Conflict
    from qa.settings import Settings
    from qa.web.conversation import Ask

DONE, FAILED = 0, 1


def settings_of(arguments: Namespace) -> Settings:
    """Return the settings that arguments and environment give."""
    from qa.settings import settings

    names = ("model", "host", "port", "llm")
    model, host, port, llm = (getattr(arguments, name, None) for name in names)
    understand = getattr(arguments, "llm_understand", False)
    return settings(arguments.library, model, host, port, llm, understand)


def _asking(arguments: Namespace) -> Ask:
    """Return `assistant.ask`, with the model that words answers, if there is one, bound to it."""
    from functools import partial

    from qa.assistant import ask
    from qa.model import model_of

    chosen = settings_of(arguments)
    if not chosen.llm:
        return ask
    return partial(ask, model=model_of(chosen.llm, chosen.llm_url, understands=chosen.llm_understand))


def say(message: str) -> None:
    """Print a message for people, beside the output."""
    print(f"gongbao: {message}", file=sys.stderr)


def _open(arguments: Namespace, *, ship: bool = True) -> Library:
    from index.library import open_library

    chosen = settings_of(arguments)
    return open_library(chosen.library, model=chosen.model, ship=ship, say=say, prepare=_grounds)


def _grounds(searcher: Searcher) -> object:
    from qa.grounds import grounds_of

    return grounds_of(searcher)  # the first question finds everything in memory


def _chosen(library: Library, bulletin_id: str) -> tuple[Bulletin, ...]:
    return (library.bulletin(bulletin_id),) if bulletin_id else library.bulletins


def _progress() -> Progress:
    """Return a progress callback that draws a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda what, done, total: None
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            unit = "个" if what == "文件" else "页" if what.startswith("读取") else "段"
            bars[what] = tqdm(total=total, desc=what, unit=unit, leave=False, dynamic_ncols=True)
        bars[what].update(done - bars[what].n)
        if done >= total:
            bars.pop(what).close()

    return show


def _print(words: str) -> None:
    """Print text from a bulletin or a question; what would steer a terminal is left out."""
    print("".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf")))


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def ask(arguments: Namespace) -> int:
    """Answer a question, or a file of them."""
    if arguments.batch:
        return _ask_batch(arguments)
    ask = _asking(arguments)
    history = read_history(arguments.history) if arguments.history else []
    library = _open(arguments)
    library.searcher(_progress())
    answer = ask(arguments.question, library, history, **_limits(arguments))
    if arguments.json:
        _print_json(answer.as_json())
    else:
        _print(_readable(answer))
    return DONE


def _limits(arguments: Namespace) -> dict[str, Any]:
    """Return what narrows a question, as `assistant.ask` takes it."""
    from qa.narrowing import Filters

    names = ("issuer", "year", "issue", "meeting", "kind")
    filters = Filters(**{name: getattr(arguments, name) for name in names})
    return {"bulletin": arguments.bulletin, "filters": filters}


def _readable(answer: Answer) -> str:
    from qa.web.strings import DEFAULT, strings

    marks = {citation: number for number, citation in enumerate(answer.citations, 1)}
    sentences = (s.text + "".join(f"[{marks[c]}]" for c in s.citations) for s in answer.sentences)
    lines = ["".join(sentences)]
    lines += [f"  由{answer.model}措辞"] if answer.model else []
    lines += [f"  {strings(DEFAULT)[f'unworded_{answer.unworded}']}"] if answer.unworded else []
    lines += [f"  [{number}] 《{c.title}》{c.pages}  {c.id}" for c, number in marks.items()]
    lines += [f"  说法不一：{_differing(conflict)}" for conflict in answer.conflicts]
    for near in answer.nearest:
        page = f"第{near.page_first}页" if near.page_first else ""
        lines.append(f"  相近：《{near.title}》{page}（{near.why}）")
    return "\n".join(lines)


def _differing(conflict: Conflict) -> str:
    """Return the figures of a conflict with scope and page; with the bulletin too where there are several."""
    several = len({value.citation.bulletin for value in conflict.values}) > 1
    return "；".join(
        f"{v.value}{f'（{v.scope}）' if v.scope else ''}，{f'{v.citation.bulletin} ' if several else ''}"
        f"{v.citation.pages}"
        for v in conflict.values
    )


def _ask_batch(arguments: Namespace) -> int:
    ask = _asking(arguments)
    questions = read_questions(arguments.batch)
    if arguments.out.resolve() == arguments.batch.resolve():
        raise InputError(f"{arguments.out}: 这是提问的文件，不能再写回答。请用 --out 另定一个文件。")
    show, limits = _progress(), _limits(arguments)
    with written_whole(arguments.out) as out:
        library = _open(arguments)
        library.searcher(show)
        for number, asked in enumerate(questions, 1):
            answer = ask(asked.question, library, asked.history, **limits)
            out.write(json.dumps({"id": asked.id} | answer.as_json(), ensure_ascii=False) + "\n")
            show("回答", number, len(questions))
    return DONE


def cite(arguments: Namespace) -> int:
    """Look citations up by page, quote, name, id, or whatever a search box takes."""
    from qa.citing import cite

    library = _open(arguments)
    cite(arguments, library, _chosen(library, arguments.bulletin), _print, say)
    return DONE


def add(arguments: Namespace) -> int:
    """Add files and folders, one after another; what failed is told at the end, and by the exit code."""
    from qa.adding import add

    return add(arguments, lambda: _open(arguments, ship=False), _progress(), _print, say)


def remove(arguments: Namespace) -> int:
    """Remove a bulletin."""
    from index.library import remove_from

    remove_from(settings_of(arguments).library, arguments.id)
    print(f"已移除 {arguments.id}")
    return DONE


def rebuild(arguments: Namespace) -> int:
    """Make everything derived again from the texts."""
    from index.library import Library

    chosen = settings_of(arguments)
    library = Library(chosen.library, model=chosen.model, say=say)
    library.rebuild(_progress())
    print(f"已重建 {len(library.bulletins)} 期")
    return DONE


def show_list(arguments: Namespace) -> int:
    """List the bulletins."""
    from qa.narrowing import Filters
    from qa.shelf import shelf

    library = _open(arguments)
    rows = shelf(library, Filters(arguments.issuer, arguments.year)) if library.bulletins else []
    if arguments.json:
        _print_json(rows)
        return DONE
    for row in rows:
        count = f"文件{row['documents']}  页{row['pages']}"
        open_points = f"  未决{row['findings']}" if row["findings"] else ""
        kind = f"  {row['kind']}" if row["kind"] else ""
        _print(f"{row['id']}  {row['name']} {row['issue']}  {row['date']}  {count}{open_points}{kind}")
    if not rows:
        print("文库是空的：gongbao add FILE")
    return DONE


def contents(arguments: Namespace) -> int:
    """Print the printed contents."""
    bulletins = _chosen(_open(arguments), arguments.id)
    if arguments.json:
        _print_json([{"bulletin": bulletin.id, "entries": _entries(bulletin)} for bulletin in bulletins])
        return DONE
    for bulletin in bulletins:
        _print(f"{bulletin.name} {bulletin.issue}（{bulletin.id}）")
        for document in bulletin.documents:
            _print(f"{document.page or '':>4}  {document.title}")
    return DONE


def _entries(bulletin: Bulletin) -> list[dict[str, Any]]:
    names = ("title", "page", "kind", "meeting", "date", "author")
    return [{name: getattr(document, name) for name in names} for document in bulletin.documents]


def audit(arguments: Namespace) -> int:
    """Print the page map and what could not be settled."""
    from corpus.audit import audit, report

    bulletins = _chosen(_open(arguments), arguments.id)
    if arguments.json:
        reports = [audit(bulletin) for bulletin in bulletins]
        _print_json(reports[0] if len(reports) == 1 else reports)
    else:
        _print("\n\n".join(report(bulletin) for bulletin in bulletins))
    return FAILED if arguments.strict and any(bulletin.findings for bulletin in bulletins) else DONE


def evaluate(arguments: Namespace) -> int:
    """Ask questions with known answers and measure what comes back."""
    from qa.evaluation.command import evaluate

    return evaluate(arguments, lambda: _open(arguments), _progress())


def feedback(arguments: Namespace) -> int:
    """Write what readers of the page said of answers, as JSON Lines."""
    from dataclasses import asdict

    from qa.web.notebook import notebook_in

    notebook = notebook_in(settings_of(arguments).library)
    if arguments.out:
        print(f"已写出 {notebook.export_ratings(arguments.out)} 条评价")
        return DONE
    for rating in notebook.ratings():
        print(json.dumps(asdict(rating), ensure_ascii=False))
    return DONE


def serve(arguments: Namespace) -> int:
    """Serve the page until interrupted; the library is opened in the background."""
    from qa.web.serve import serve

    chosen = settings_of(arguments)
    ask = _asking(arguments) if chosen.llm else None
    show = _progress()

    def load(on_progress: Progress) -> Library:
        def both(what: str, done: int, total: int) -> None:
            show(what, done, total)
            on_progress(what, done, total)

        library = _open(arguments)
        library.searcher(both)
        return library

    serve(load, host=chosen.host, port=chosen.port, ask=ask, mcp=arguments.mcp)
    return DONE
