"""The command `gongbao`. Heavy packages are imported by what needs them, so that `gongbao --help` starts at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from index.library import Library, Progress
    from qa.settings import Settings

DONE, FAILED, USAGE = 0, 1, 2

_EPILOG = """\
例 examples:
  gongbao ask 2021年上半年全市生产总值是多少？
  gongbao cite --page 21
  gongbao cite --quote 项目为王 --format gbt7714
  gongbao add 公报.txt
环境变量 environment: GONGBAO_LIBRARY, GONGBAO_MODEL, GRADIO_SERVER_PORT
"""


class InputError(ValueError):
    """Input to the command that cannot be used: where, what was found, what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 bad input or library, 2 usage."""
    for stream in (sys.stdout, sys.stderr):
        _utf8(stream)
    arguments = parser().parse_args(argv)
    if not hasattr(arguments, "run"):
        parser().print_help()
        return USAGE
    from corpus.errors import ReadError
    from index.embedding import ModelError
    from index.errors import LibraryError

    try:
        return int(arguments.run(arguments))
    except (ReadError, LibraryError, ModelError, InputError) as error:
        print(f"gongbao: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        print("\ngongbao: 已中断，文库保持原样。", file=sys.stderr)
        return 130


def _utf8(stream: TextIO) -> None:
    """Let a terminal of any locale take Chinese; what it cannot show is written as an escape."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    top = argparse.ArgumentParser(
        prog="gongbao",
        description="公报问答：向印刷的公报提问，每句回答都注明所在的印刷页码。\n"
        "Ask a printed bulletin; every sentence of the answer is cited to its printed page.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--library", metavar="DIR", help="文库所在文件夹（默认：用户数据文件夹）")
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument("--model", metavar="NAME|DIR", help="向量模型：内置模型，或 sentence-transformers 的名称或文件夹")
    commands = top.add_subparsers(title="命令 commands", metavar="")

    ask = commands.add_parser("ask", parents=[common, model], help="提问 ask a question")
    ask.add_argument("question", nargs="?", metavar="问题")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--history", type=Path, metavar="FILE", help="JSON：[[问, 答], …]，供追问使用")
    ask.add_argument("--bulletin", default="", metavar="ID", help="只在这一期中查找")
    ask.add_argument("--batch", type=Path, metavar="IN.jsonl", help="逐行提问：id、question、history")
    ask.add_argument("--out", type=Path, metavar="OUT.jsonl", help="批量回答写到这里")
    ask.set_defaults(run=_ask)

    cite = commands.add_parser("cite", parents=[common], help="查引文 look a citation up")
    which = cite.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", metavar="ID", help="引文编号")
    which.add_argument("--page", type=int, metavar="N", help="印刷页码")
    which.add_argument("--quote", metavar="文字", help="引文中的文字")
    cite.add_argument("--bulletin", default="", metavar="ID")
    cite.add_argument("--format", choices=("plain", "gbt7714", "markdown", "bibtex", "json"), default="plain")
    cite.set_defaults(run=_cite)

    add = commands.add_parser("add", parents=[common, model], help="添加公报 add bulletins")
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add.add_argument("--id", default="", help="公报编号（只能配一个文件）；同一编号则替换")
    add.add_argument("--allow-partial", action="store_true", help="接受不完整的文件")
    add.set_defaults(run=_add)

    remove = commands.add_parser("remove", parents=[common], help="移除公报 remove a bulletin")
    remove.add_argument("id", metavar="ID")
    remove.set_defaults(run=_remove)

    rebuild = commands.add_parser("rebuild", parents=[common, model], help="由原文重建 rebuild from the texts")
    rebuild.set_defaults(run=_rebuild)

    show = commands.add_parser("list", parents=[common], help="列出文库中的公报 list the bulletins")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_list)

    contents = commands.add_parser("contents", parents=[common], help="印刷目录 the printed contents")
    contents.add_argument("id", nargs="?", default="", metavar="ID")
    contents.add_argument("--json", action="store_true")
    contents.set_defaults(run=_contents)

    audit = commands.add_parser("audit", parents=[common], help="页码与未决事项 pages and what is open")
    audit.add_argument("id", nargs="?", default="", metavar="ID")
    audit.add_argument("--json", action="store_true")
    audit.add_argument("--strict", action="store_true", help="有未决事项则以 1 退出")
    audit.set_defaults(run=_audit)

    serve = commands.add_parser("serve", parents=[common, model], help="网页 the web page")
    serve.add_argument("--host", default=None, metavar="H", help="默认只在本机（127.0.0.1）")
    serve.add_argument("--port", type=int, default=None, metavar="N", help="默认 7860，被占用则取下一个")
    serve.set_defaults(run=_serve)
    return top


# What every command needs


def _settings(arguments: argparse.Namespace) -> Settings:
    from qa.settings import settings

    return settings(
        arguments.library,
        getattr(arguments, "model", None),
        getattr(arguments, "host", None),
        getattr(arguments, "port", None),
    )


def _open(arguments: argparse.Namespace, *, ship: bool = True) -> Library:
    from index.library import open_library

    chosen = _settings(arguments)
    return open_library(chosen.library, model=chosen.model, ship=ship, say=_say)


def _say(message: str) -> None:
    print(f"gongbao: {message}", file=sys.stderr)


def _bar() -> Progress:
    """Return a progress callback that draws a bar on a terminal, and nothing elsewhere."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(total=total, desc=what, unit="段", disable=not sys.stderr.isatty(), leave=False)
        bars[what].update(done - bars[what].n)
        if done >= total:
            bars.pop(what).close()

    return show


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


# The commands


def _ask(arguments: argparse.Namespace) -> int:
    if bool(arguments.batch) != bool(arguments.out) or bool(arguments.batch) == (arguments.question is not None):
        raise InputError("需要一个问题，或者 --batch IN.jsonl 与 --out OUT.jsonl 两项（gongbao ask --help）")
    from qa.assistant import ask

    if arguments.batch:
        return _ask_batch(arguments)
    history = _history(json.loads(_read(arguments.history)), str(arguments.history)) if arguments.history else []
    library = _open(arguments)
    library.searcher(_bar())
    answer = ask(arguments.question, library, history, bulletin=arguments.bulletin)
    if arguments.json:
        _print_json(answer.as_json())
        return DONE
    marks = {citation: number for number, citation in enumerate(answer.citations, 1)}
    print("".join(s.text + "".join(f"[{marks[c]}]" for c in s.citations) for s in answer.sentences))
    for citation, number in marks.items():
        print(f"  [{number}] 《{citation.title}》{citation.pages}  {citation.id}")
    for near in answer.nearest:
        print(f"  相近：《{near.title}》第{near.page_first}页（{near.why}）")
    return DONE


def _ask_batch(arguments: argparse.Namespace) -> int:
    """Answer every line of a file; the output is written aside and put in place when all are answered."""
    from tqdm import tqdm

    from qa.assistant import ask

    questions = list(_batch(arguments.batch))
    library = _open(arguments)
    library.searcher(_bar())
    aside = arguments.out.with_name(arguments.out.name + ".part")
    try:
        with aside.open("w", encoding="utf-8") as out:
            for key, question, history in tqdm(questions, unit="问", disable=not sys.stderr.isatty()):
                answer = ask(question, library, history, bulletin=arguments.bulletin)
                out.write(json.dumps({"id": key} | answer.as_json(), ensure_ascii=False) + "\n")
        aside.replace(arguments.out)
    except OSError as error:
        raise InputError(f"{arguments.out}: 无法写入（{error.strerror}）。请换一个位置。") from error
    return DONE


def _batch(path: Path) -> list[tuple[Any, str, list[tuple[str, str]]]]:
    rows = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{where}: 不是 JSON（{error.msg}）。每行应为一个对象：id、question。") from error
        if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("question"), str):
            raise InputError(f"{where}: 需要带 id 与 question（文字）的对象，得到 {line[:60]}")
        rows.append((item["id"], item["question"], _history(item.get("history") or [], where)))
    return rows


def _history(turns: object, where: str) -> list[tuple[str, str]]:
    """Return the turns of a conversation, or raise InputError."""
    fits = isinstance(turns, list) and all(
        isinstance(turn, list) and len(turn) == 2 and all(isinstance(words, str) for words in turn) for turn in turns
    )
    if not fits or not isinstance(turns, list):
        raise InputError(f"{where}: history 应为 [[问, 答], …]，得到 {json.dumps(turns, ensure_ascii=False)[:60]}")
    return [(turn[0], turn[1]) for turn in turns]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: 无法读取（{error}）。应为 UTF-8 的文件。") from error


def _cite(arguments: argparse.Namespace) -> int:
    from qa.citation import FORMATS, find_id, find_page, find_quote, json_list

    library = _open(arguments)
    bulletins = (library.bulletin(arguments.bulletin),) if arguments.bulletin else library.bulletins
    if arguments.page is not None:
        found = [citation for b in bulletins if (citation := find_page(b, arguments.page))]
        what = f"第{arguments.page}页"
    elif arguments.quote is not None:
        found = [citation for b in bulletins for citation in find_quote(b, arguments.quote)]
        what = f"“{arguments.quote[:40]}”"
    else:
        one = find_id(bulletins, arguments.id)
        found, what = ([one] if one else []), arguments.id[:80]
    if arguments.format == "json":
        print(json_list(found))
    for citation in found if arguments.format != "json" else []:
        if citation.corrected:
            _say("原文已更正，这是最接近的位置")
        print(FORMATS[arguments.format](citation, library.bulletin(citation.bulletin)))
    if not found:
        raise InputError(f"没有找到 {what}（文库：{'、'.join(b.id for b in bulletins) or '空'}）")
    return DONE


def _add(arguments: argparse.Namespace) -> int:
    from index.library import add_file

    if arguments.id and len(arguments.files) > 1:
        raise InputError(f"--id 只能配一个文件，得到 {len(arguments.files)} 个。请逐个添加。")
    from corpus.errors import ReadError
    from corpus.reading import read

    for path in arguments.files:  # a bad file is told before anything is changed
        read(path, arguments.id, allow_partial=arguments.allow_partial)
    library = _open(arguments, ship=False)
    for path in arguments.files:
        try:
            bulletin = add_file(
                library, path, arguments.id, allow_partial=arguments.allow_partial, on_progress=_bar()
            )
        except ReadError as error:
            raise ReadError(f"{error}（此前的文件已添加）") from error
        print(f"已添加 {bulletin.id}：{bulletin.name}{bulletin.issue}，文件{len(bulletin.documents)}份")
    return DONE


def _remove(arguments: argparse.Namespace) -> int:
    _open(arguments).remove(arguments.id)
    print(f"已移除 {arguments.id}")
    return DONE


def _rebuild(arguments: argparse.Namespace) -> int:
    library = _open(arguments)
    library.rebuild(_bar())
    print(f"已重建 {len(library.bulletins)} 期")
    return DONE


def _list(arguments: argparse.Namespace) -> int:
    from corpus.pagination import pages_by_basis

    rows = [
        {
            "id": bulletin.id,
            "name": bulletin.name,
            "issue": bulletin.issue,
            "date": bulletin.date,
            "documents": len(bulletin.documents),
            "pages": sum(pages_by_basis(bulletin.pages).values()),
        }
        for bulletin in _open(arguments).bulletins
    ]
    if arguments.json:
        _print_json(rows)
        return DONE
    for row in rows:
        print(f"{row['id']}  {row['name']} {row['issue']}  {row['date']}  文件{row['documents']}  页{row['pages']}")
    if not rows:
        print("文库是空的：gongbao add FILE")
    return DONE


def _contents(arguments: argparse.Namespace) -> int:
    library = _open(arguments)
    bulletins = (library.bulletin(arguments.id),) if arguments.id else library.bulletins
    if arguments.json:
        _print_json([
            {
                "bulletin": bulletin.id,
                "entries": [
                    {"title": d.title, "page": d.page, "kind": d.kind, "meeting": d.meeting, "date": d.date,
                     "author": d.author}
                    for d in bulletin.documents
                ],
            }
            for bulletin in bulletins
        ])
        return DONE
    for bulletin in bulletins:
        print(f"{bulletin.name} {bulletin.issue}（{bulletin.id}）")
        for document in bulletin.documents:
            print(f"{document.page:>4}  {document.title}")
    return DONE


def _audit(arguments: argparse.Namespace) -> int:
    from corpus.audit import audit, report

    library = _open(arguments)
    bulletins = (library.bulletin(arguments.id),) if arguments.id else library.bulletins
    if arguments.json:
        reports = [audit(bulletin) for bulletin in bulletins]
        _print_json(reports[0] if len(reports) == 1 else reports)
    else:
        print("\n\n".join(report(bulletin) for bulletin in bulletins))
    return FAILED if arguments.strict and any(bulletin.findings for bulletin in bulletins) else DONE


def _serve(arguments: argparse.Namespace) -> int:
    from qa.web.serve import serve

    chosen = _settings(arguments)

    def load(on_progress: Progress) -> Library:
        from index.library import open_library

        library = open_library(chosen.library, model=chosen.model, say=_say)
        library.searcher(on_progress)
        return library

    serve(load, host=chosen.host, port=chosen.port)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
