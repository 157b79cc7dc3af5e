"""What ours is measured against: plain pipelines, and ours without one of its mechanisms.

A plain pipeline is one step of retrieval, its best text the answer. None refuses, and each sees a question as
it was typed, without the turns before it. What they all come to is `compare.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from corpus.bulletin import Bulletin, pages_of
from index.embedding import Embedder, encode_all
from index.errors import LibraryError
from index.lexical import Lexical
from index.library import Library
from index.search import Where, find_units
from index.searcher import Searcher, Texts, passage_text, pick, unit_text
from index.upkeep import Progress
from index.words import Words
from qa.answer import Answer, Sentence
from qa.citation import Citation, cite
from qa.parts import ALL, Parts

CHUNK_CHARS, OVERLAP_CHARS = 500, 50
Pipeline = Callable[[str], Answer]
"""From a question to an answer of one text with its citation."""
_Retrieve = Callable[[str], tuple[str, Citation]]


def pipelines(searcher: Searcher, bulletin: str = "") -> dict[str, Pipeline]:
    """Return the plain pipelines by name, over the bulletin with this id, by default over all.

    Our passages are indexed with title and headings, and BM25 cuts texts and questions with the bulletin's
    own dictionary: what is compared with ours is the retrieval alone, not the preparation.

    Raises:
        LibraryError: If there is no such bulletin, or nothing to be found.
    """
    chosen = (pick(searcher.bulletins, bulletin),) if bulletin else searcher.bulletins
    if not any(one.passages for one in chosen):
        raise LibraryError(
            "文库中没有可供比较的段落。请先添加公报：gongbao add FILE",
            "the library has no passages to compare with. Add a bulletin first: gongbao add FILE",
        )
    return {
        "LangChain, passage": _timed(_by_langchain(chosen, searcher.embedder)),
        "BM25, passage": _timed(_by_words(searcher, searcher.passages, chosen)),
        "BM25, sentence": _timed(_by_words(searcher, searcher.units, chosen)),
        "embeddings, passage": _timed(_by_meaning(searcher, searcher.passages, chosen)),
        "embeddings, sentence": _timed(_by_meaning(searcher, searcher.units, chosen)),
        "fused, sentence": _timed(_by_both(searcher, bulletin)),
    }


def _timed(retrieve: _Retrieve) -> Pipeline:
    def answer(question: str) -> Answer:
        began = time.perf_counter()
        text, citation = retrieve(question)
        elapsed_ms = (time.perf_counter() - began) * 1000
        return Answer(question, question, (Sentence(text, (citation,)),), True, elapsed_ms=elapsed_ms)

    return answer


def _by_langchain(bulletins: Sequence[Bulletin], embedder: Embedder) -> _Retrieve:
    """Return the pipeline of LangChain's tutorials: its splitter, our model, its store; the nearest chunk.

    A chunk knows no pages. As a favour it is cited to the page, or where that is estimated the two pages, on
    which it starts.
    """
    store = _store_of(bulletins, embedder)
    by_id = {one.id: one for one in bulletins}

    def retrieve(question: str) -> tuple[str, Citation]:
        chunk = store.similarity_search(question, k=1)[0]
        return chunk.page_content, _where_it_starts(chunk, by_id[chunk.metadata["bulletin"]])

    return retrieve


def _store_of(bulletins: Sequence[Bulletin], embedder: Embedder) -> Any:  # noqa: ANN401 (imported late)
    """Return a vector store of LangChain with the chunks of whole texts, each with its offset."""
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import InMemoryVectorStore
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in encode_all(embedder.encode_passages, texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(x) for x in embedder.encode_queries([text])[0]]

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, add_start_index=True
    )
    store = InMemoryVectorStore(Ours())
    names = [{"bulletin": one.id} for one in bulletins]
    store.add_documents(splitter.create_documents([one.text for one in bulletins], names))
    return store


def _where_it_starts(chunk: Any, bulletin: Bulletin) -> Citation:  # noqa: ANN401 (imported late)
    start = chunk.metadata["start_index"]
    pages = pages_of(bulletin.pages, start, start + 1)
    whole = cite(bulletin, start, start + len(chunk.page_content))
    return replace(whole, page_first=pages.first, page_last=pages.last, basis=pages.basis)


def _by_words(searcher: Searcher, texts: Texts, bulletins: Sequence[Bulletin]) -> _Retrieve:
    """Return the pipeline of BM25 alone; with no word in common, the first text is as good as any."""
    rows = _rows_of(searcher, texts, bulletins)

    def retrieve(question: str) -> tuple[str, Citation]:
        scores = texts.lexical.scores(searcher.words.cut(question))[rows]
        return _quoted(searcher, texts, int(rows[int(scores.argmax())]))

    return retrieve


def _by_meaning(searcher: Searcher, texts: Texts, bulletins: Sequence[Bulletin]) -> _Retrieve:
    """Return the pipeline of embeddings alone."""
    rows = _rows_of(searcher, texts, bulletins)

    def retrieve(question: str) -> tuple[str, Citation]:
        _, nearest = texts.dense.search(searcher.embedder.encode_queries([question])[0], 1, rows)
        return _quoted(searcher, texts, int(nearest[0]))

    return retrieve


def _by_both(searcher: Searcher, bulletin: str) -> _Retrieve:
    """Return the pipeline of our fused search, without anything that comes after it."""

    def retrieve(question: str) -> tuple[str, Citation]:
        hit = find_units(searcher, question, 1, Where(bulletin))[0]
        found = searcher.bulletin(hit.bulletin)
        return unit_text(found, (hit.start, hit.end)), cite(found, hit.start, hit.end)

    return retrieve


def _rows_of(searcher: Searcher, texts: Texts, bulletins: Sequence[Bulletin]) -> np.ndarray:
    """Return int64 rows of the texts of these bulletins, in order."""
    positions = [i for i, one in enumerate(searcher.bulletins) if one in bulletins]
    return np.flatnonzero(np.isin(texts.owners[:, 0], positions))


def _quoted(searcher: Searcher, texts: Texts, row: int) -> tuple[str, Citation]:
    """Return a text as shown, and its citation."""
    bulletin, span = searcher.bulletins[texts.owners[row, 0]], texts.spans[row]
    return unit_text(bulletin, span), cite(bulletin, *span)


def ablations() -> dict[str, Parts]:
    """Return ours without each of its mechanisms in turn, by name."""
    return {f"without {field.name}": replace(ALL, **{field.name: False}) for field in fields(Parts)}


class PlainLibrary(Library):
    """A library as it is on disk, whose texts and questions are cut with jieba's own dictionary alone."""

    def __init__(self, library: Library) -> None:
        super().__init__(library.path.parent, load_model=lambda name: library.embedder)
        self._plain = without_dictionary(library.searcher())

    def searcher(self, on_progress: Progress | None = None) -> Searcher:
        """Return the searcher with plain words, made once; later changes on disk are not seen."""
        return self._plain


def without_dictionary(searcher: Searcher) -> Searcher:
    """Return `searcher` with texts and questions cut without any bulletin's own words; same vectors."""
    plain = Words(())
    passages = [(one, passage) for one in searcher.bulletins for passage in one.passages]
    units = [unit_text(one, unit) for one, passage in passages for unit in passage.units]
    return replace(
        searcher,
        words=plain,
        passages=_cut(searcher.passages, [plain.cut(passage_text(*pair)) for pair in passages]),
        units=_cut(searcher.units, [plain.cut(text) for text in units]),
    )


def _cut(texts: Texts, words: Sequence[Sequence[str]]) -> Texts:
    return replace(texts, words=tuple(map(frozenset, words)), lexical=Lexical(words))
