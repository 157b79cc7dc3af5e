"""The library as a LangChain retriever, for chains of one's own. Only here is langchain_core imported."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from corpus.bulletin import pages_of
from corpus.lines import shown
from index.library import Library
from index.search import Hit, Where, find_passages, find_units
from index.searcher import Searcher


class BulletinRetriever(BaseRetriever):
    """Finds passages, or the sentences and rows in them, with the printed pages they stand on.

    A document's `page_content` is the text as shown. Its metadata are `bulletin` (its id), `title` (of the
    bulletin's document), `page_first` and `page_last` (printed, both included), `basis` (how they are known),
    `start` and `end` (offsets into the bulletin's text: what a citation is made from) and `score` (in [0, 1],
    comparable within one search).

    `bulletin` and `pages` (printed, both included) narrow the search; `sentences` finds sentences and rows in
    place of passages.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = 10
    bulletin: str = ""
    pages: tuple[int, int] | None = None
    sentences: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        """Return the `k` (by default the retriever's) documents that fit `query` best, best first."""
        find = find_units if self.sentences else find_passages
        searcher = self.library.searcher()
        hits = find(searcher, query, self.k if k is None else k, Where(self.bulletin, pages=self.pages))
        return [_document(searcher, hit) for hit in hits]


def _document(searcher: Searcher, hit: Hit) -> Document:
    bulletin = searcher.bulletin(hit.bulletin)
    pages = pages_of(bulletin.pages, hit.start, hit.end)
    metadata: dict[str, Any] = {
        "bulletin": bulletin.id,
        "title": bulletin.documents[hit.document].title,
        "page_first": pages.first,
        "page_last": pages.last,
        "basis": pages.basis.value,
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
    }
    return Document(
        page_content=shown(bulletin.text[hit.start : hit.end]),
        metadata=metadata,
        id=f"{bulletin.id}-{hit.start}-{hit.end}",
    )
