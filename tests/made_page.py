"""A bulletin of three pages whose text holds HTML, and a served page of it, for tests of the page."""

import threading
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp

from libraries import LetterModel

from corpus.blocks import blocks_of
from corpus.bulletin import Basis, Bulletin, Document, Page
from index.derived import indexed_texts
from index.searcher import Searcher, build_searcher
from qa.answer import Answer, Nearest, Sentence
from qa.citation import Citation, cite
from qa.web import serve
from qa.web.loading import Loading

TEXT = """甲市公报

甲市水利局关于<b>防汛</b>的报告

——2023年5月1日在甲市第八届人大常委会第十次会议上

甲市水利局局长　秦峥

主任、各位副主任：

    去年全市完成投资 12.5 亿元。今年汛期的准备工作已经全部就绪，河道整治正在按计划有序进行，请各位委员

继续关注<script>alert(1)</script>并提出意见。

第十次会议出席人员名单

张三\t李四\t王五
赵六\t钱七\t孙八
"""
REPORT = "关于防汛的报告"
AMOUNT = "去年全市完成投资 12.5 亿元。"


def made_bulletin() -> Bulletin:
    """A report on pages 1 and 2, broken in mid-sentence, and a roster on page 3."""
    report, roster = TEXT.index("甲市水利局关于"), TEXT.index("第十次会议出席")
    heading_end = TEXT.index("主任、各位")
    documents = (
        Document(REPORT, 1, report, heading_end, roster, "报告", "第十次会议", "2023年5月1日", "局长秦峥"),
        Document("第十次会议出席人员名单", 3, roster, TEXT.index("张三"), len(TEXT), "名单", "第十次会议"),
    )
    starts = [0, report, TEXT.index("继续"), roster]
    bases = [Basis.CONTENTS, Basis.CONTENTS, Basis.BREAK, Basis.CONTENTS]
    pages = tuple(Page(number, at, bases[number], at, at) for number, at in enumerate(starts))
    blocks = tuple(blocks_of(TEXT, document) for document in documents)
    name = "甲市人民代表大会常务委员会公报"
    return Bulletin("jia-2023-1", name, "2023年第1号", "", TEXT, (), documents, blocks, pages)


BULLETIN = made_bulletin()


def cited(words: str, bulletin: Bulletin = BULLETIN) -> Citation:
    at = bulletin.text.index(words)
    return cite(bulletin, at, at + len(words))


def across() -> Citation:
    """The sentence that runs from page 1 to page 2."""
    return cite(BULLETIN, TEXT.index("今年汛期"), TEXT.index("意见。") + 3)


@dataclass(frozen=True)
class FakeLibrary:
    """Bulletins as they are given, in a folder of their own, searched by letters."""

    bulletins: tuple[Bulletin, ...] = (BULLETIN,)
    path: Path = field(default_factory=lambda: Path(mkdtemp()) / "library.sqlite")
    kept: dict[str, str] = field(default_factory=dict)
    data: bytes = b""

    def searcher(self) -> Searcher:
        return _searcher(self.bulletins)

    def file(self, bulletin_id: str) -> bytes | None:
        return self.data if bulletin_id in self.kept else None

    def bulletin(self, bulletin_id: str) -> Bulletin:
        return next(bulletin for bulletin in self.bulletins if bulletin.id == bulletin_id)


@cache
def _searchers() -> dict[tuple[str, ...], Searcher]:
    return {}


def _searcher(bulletins: tuple[Bulletin, ...]) -> Searcher:
    """The searcher of these bulletins, made once: what answering knows of a library is kept by it."""
    key = tuple(bulletin.id for bulletin in bulletins)
    if key not in _searchers():
        model = LetterModel().load("letters")
        texts = [indexed_texts(bulletin) for bulletin in bulletins]
        words = [[text.split() for text in own] for own in texts]
        _searchers()[key] = build_searcher(
            bulletins, model, words, [model.encode_passages(own) for own in texts]
        )
    return _searchers()[key]


def fake_ask(question, library, history=(), *, on_stage=lambda stage: None, **limits):
    """Answers with the sentence across the page break, refuses questions on 火星, fails on 崩溃."""
    for stage in ("search", "evidence", "compose"):
        on_stage(stage)
    if "崩溃" in question:
        raise RuntimeError("秘密的错误")
    if "火星" in question:
        near = Nearest(REPORT, 1, "只讲防汛")
        return Answer(question, question, (Sentence("公报没有写。", ()),), False, (near,))
    said = (Sentence("投资12.5亿元。", (cited(AMOUNT),)), Sentence("准备就绪。", (across(),)))
    return Answer(question, f"{question}|{len(history)}", said, True, elapsed_ms=7.4)


class Tags(HTMLParser):
    """The names of all tags, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)

    def handle_data(self, data):
        self.text += data


def started(load, ask=fake_ask, *, own_machine=True) -> str:
    """Serve a page from a thread until the tests end; return its address."""
    listening = serve.listen("127.0.0.1", 0)
    ready = threading.Event()
    app = serve.application(Loading(load), ask, own_machine=own_machine)
    threading.Thread(target=serve._run, args=(app, listening, ready.set), daemon=True).start()
    assert ready.wait(30)
    return serve.address(listening)
