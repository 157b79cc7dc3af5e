"""The command `gongbao`: its arguments, exit codes and messages. What each command does is `commands.py`.

Only what every command needs is imported here, so that `gongbao --help` starts at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from qa import commands
from qa.files import InputError

DONE, FAILED, USAGE, INTERRUPTED = commands.DONE, commands.FAILED, 2, 130

_DESCRIPTION = """\
公报问答：向印刷的公报提问，每句回答都注明所在的印刷页码。
Ask a printed bulletin; every sentence of the answer is cited to its printed page."""
_EPILOG = """\
例 examples:
  gongbao ask 2021年上半年全市生产总值是多少？
  gongbao cite --page 21
  gongbao cite --quote 项目为王 --format gbt7714
  gongbao add 公报.txt
环境变量 environment: GONGBAO_LIBRARY, GONGBAO_MODEL, GONGBAO_LLM, GONGBAO_LLM_URL, GONGBAO_LLM_UNDERSTAND,
  GRADIO_SERVER_PORT
"""
_CITE_EPILOG = """\
例 examples:
  gongbao cite 第21页                  页码，也作 21、p.21、pp. 21-22、21—22、第二十一页
  gongbao cite 公报编号:21             某一期的页
  gongbao cite "2021(3): 21"           著录格式中的卷期与页
  gongbao cite 引文编号                引文所在
  gongbao cite 姓名                    人名索引，同 --name
  gongbao cite 第二十五次会议          题名或其一部分
  gongbao cite "粘贴的一段引文"        空格、换行、全半角不计；有错字则给出最接近的位置与不同之处
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 bad input or library, 2 usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        _take_chinese(stream)
    top = parser()
    try:
        arguments = top.parse_args(argv)
    except SystemExit as stop:  # argparse has printed its help or what is wrong
        return int(stop.code or DONE)
    if not hasattr(arguments, "run"):
        top.print_help()
        return USAGE
    return _run(arguments)


def _run(arguments: Namespace) -> int:
    from corpus.errors import ReadError
    from index.embedding import ModelError
    from index.errors import LibraryError

    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads on; without this the interpreter would complain when it flushes once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (ReadError, LibraryError, ModelError, InputError, OSError) as error:
        commands.say(str(error))
        return FAILED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        commands.say("已中断，文库保持原样。")
        return INTERRUPTED
    return code


def _take_chinese(stream: TextIO) -> None:
    """Let a terminal of any locale take Chinese; what it cannot show is written as an escape."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def parser() -> ArgumentParser:
    """Return the parser of the whole command."""
    layout = argparse.RawDescriptionHelpFormatter
    top = ArgumentParser(prog="gongbao", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=layout)
    where = ArgumentParser(add_help=False)
    where.add_argument("--library", metavar="DIR", help="文库所在文件夹（默认：用户数据文件夹）")
    model = ArgumentParser(add_help=False, parents=[where])
    model.add_argument(
        "--model", metavar="NAME|DIR", help="向量模型：sentence-transformers 的名称或文件夹（默认：内置）"
    )
    llm = ArgumentParser(add_help=False, parents=[model])
    llm.add_argument(
        "--llm",
        metavar="NAME",
        help="由语言模型措辞：provider:model（默认：none，不用）；地址见 GONGBAO_LLM_URL",
    )
    llm.add_argument(
        "--llm-understand",
        action="store_true",
        help="模型也先拆开一问多事、补全追问（默认不；也可设 GONGBAO_LLM_UNDERSTAND=1）",
    )
    add = top.add_subparsers(title="命令 commands", metavar="").add_parser
    _ask(add("ask", parents=[llm], help="提问 ask a question"))
    _cite(add("cite", parents=[where], help="查引文 look a citation up"))
    _add(add("add", parents=[model], help="添加公报 add bulletins"))
    _remove(add("remove", parents=[where], help="移除公报 remove a bulletin"))
    add("rebuild", parents=[model], help="由原文重建 rebuild from the texts").set_defaults(
        run=commands.rebuild
    )
    _list(add("list", parents=[where], help="列出文库中的公报 list the bulletins"))
    _contents(add("contents", parents=[where], help="印刷目录 the printed contents"))
    _audit(add("audit", parents=[where], help="页码与未决事项 pages and what is open"))
    _evaluate(add("evaluate", parents=[model], help="评测 measure answers to known questions"))
    _feedback(add("feedback", parents=[where], help="读者的评价 what readers said of answers"))
    _serve(add("serve", parents=[llm], help="网页 the web page"))
    return top


def _ask(ask: ArgumentParser) -> None:
    ask.add_argument("question", nargs="?", metavar="问题")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--history", type=Path, metavar="FILE", help="JSON：[[问, 答], …]，供追问使用")
    ask.add_argument("--bulletin", default="", metavar="ID", help="只在这一期中查找")
    _issuer_and_year(ask)
    ask.add_argument(
        "--issue", default="", metavar="期", help="只在这一期号中查找：3、2021年第3号、总第205号"
    )
    ask.add_argument("--meeting", default="", metavar="会议", help="只查这次会议的文件：25、第二十五次会议")
    ask.add_argument("--kind", default="", metavar="文种", help="只查这类文件：报告、通知、决定、会议纪要……")
    ask.add_argument("--batch", type=Path, metavar="IN.jsonl", help="逐行提问：id、question、history")
    ask.add_argument("--out", type=Path, metavar="OUT.jsonl", help="批量回答写到这里")

    def run(arguments: Namespace) -> int:
        one, many = arguments.question is not None, arguments.batch is not None
        if one == many or many != (arguments.out is not None) or (many and arguments.history):
            print(ask.format_usage(), end="", file=sys.stderr)
            commands.say("需要一个问题，或者 --batch IN.jsonl 与 --out OUT.jsonl 两项。")
            return USAGE
        return commands.ask(arguments)

    ask.set_defaults(run=run)


def _cite(cite: ArgumentParser) -> None:
    cite.formatter_class, cite.epilog = argparse.RawDescriptionHelpFormatter, _CITE_EPILOG
    which = cite.add_mutually_exclusive_group(required=True)
    which.add_argument("words", nargs="?", metavar="所查", help="页码、引文编号、姓名、题名或一段引文")
    which.add_argument("--page", type=int, metavar="N", help="印刷页码")
    which.add_argument("--quote", metavar="文字", help="引文中的文字；有错字则给出最接近的位置与不同之处")
    which.add_argument(
        "--name", metavar="姓名", help="人名索引：何事、何职、何会、何页；或提到一个单位的各句、各行"
    )
    cite.add_argument("--bulletin", default="", metavar="ID", help="只在这一期中查找")
    formats = ("plain", "gbt7714", "markdown", "bibtex", "json")
    cite.add_argument("--format", choices=formats, default="plain", help="格式（默认：plain）")
    cite.set_defaults(run=commands.cite)


def _add(add: ArgumentParser) -> None:
    add.add_argument(
        "files", nargs="+", type=Path, metavar="FILE|FOLDER", help="公报文件，或装有公报的文件夹"
    )
    add.add_argument("--id", default="", help="公报编号（只能配一个文件）；同一编号则替换")
    add.add_argument("--allow-partial", action="store_true", help="接受不完整的文件")

    def run(arguments: Namespace) -> int:
        if arguments.id and len(arguments.files) > 1:
            print(add.format_usage(), end="", file=sys.stderr)
            commands.say(f"--id 只能配一个文件，得到 {len(arguments.files)} 个。请逐个添加。")
            return USAGE
        return commands.add(arguments)

    add.set_defaults(run=run)


def _remove(remove: ArgumentParser) -> None:
    remove.add_argument("id", metavar="ID")
    remove.set_defaults(run=commands.remove)


def _issuer_and_year(command: ArgumentParser) -> None:
    command.add_argument(
        "--issuer", "--place", default="", metavar="机关", help="只看名称中有这几个字的公报：安阳市"
    )
    command.add_argument("--year", type=int, default=0, metavar="年", help="只看这一年的公报")


def _list(show: ArgumentParser) -> None:
    _issuer_and_year(show)
    show.add_argument("--json", action="store_true", help="输出 JSON")
    show.set_defaults(run=commands.show_list)


def _contents(contents: ArgumentParser) -> None:
    contents.add_argument("id", nargs="?", default="", metavar="ID")
    contents.add_argument("--json", action="store_true", help="输出 JSON")
    contents.set_defaults(run=commands.contents)


def _audit(audit: ArgumentParser) -> None:
    audit.add_argument("id", nargs="?", default="", metavar="ID")
    audit.add_argument("--json", action="store_true", help="输出 JSON")
    audit.add_argument("--strict", action="store_true", help="有未决事项则以 1 退出")
    audit.set_defaults(run=commands.audit)


def _evaluate(evaluate: ArgumentParser) -> None:
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="问题与已知答案，逐行一个")
    evaluate.add_argument("--bulletin", default="", metavar="ID", help="只在这一期中查找")
    evaluate.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=Path("gongbao-report"),
        help="报告写到这里（默认：gongbao-report）",
    )
    evaluate.add_argument(
        "--baseline", type=Path, metavar="FILE", help="先前的 metrics.json；有一项变差则以 1 退出"
    )
    evaluate.set_defaults(run=commands.evaluate)


def _feedback(feedback: ArgumentParser) -> None:
    feedback.add_argument("--out", type=Path, metavar="FILE", help="写到这个文件（默认：直接输出）")
    feedback.set_defaults(run=commands.feedback)


def _serve(serve: ArgumentParser) -> None:
    serve.add_argument("--host", metavar="H", help="默认只在本机（127.0.0.1）")
    serve.add_argument("--port", type=int, metavar="N", help="默认 7860，被占用则取下一个")
    serve.add_argument("--mcp", action="store_true", help="同时供 MCP 客户端使用（/mcp）")
    serve.set_defaults(run=commands.serve)


if __name__ == "__main__":
    sys.exit(main())
