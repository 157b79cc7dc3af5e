"""The library in LangChain: its standard tests for retrievers, and a chain with a model that is scripted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests
from libraries import opened, small

from corpus.reading import read_shipped
from index.library import Library
from index.retriever import BulletinRetriever

QUESTION = "2021年上半年全市生产总值是多少？"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = opened(tmp_path_factory.mktemp("library"))
    library.add_all([(read_shipped(), "anyang.txt"), (small("one", "甲甲甲。", "乙乙乙。"), "one.txt")])
    return library


@pytest.mark.asyncio
@pytest.mark.filterwarnings("ignore:.*is not an async function")
class TestStandard(RetrieversIntegrationTests):
    library: Library

    @pytest.fixture(autouse=True)
    def _library(self, library: Library) -> None:
        self.library = library

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return BulletinRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"library": self.library}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_a_document_is_the_shown_text_with_its_place(library: Library) -> None:
    found = BulletinRetriever(library=library, k=1, sentences=True).invoke("全市生产总值完成1176.3亿元")[0]
    score = found.metadata.pop("score")
    assert found == Document(
        id="anyang-2021-3-8370-8433",
        page_content="上半年，全市生产总值完成1176.3亿元，同比增长11.9%，高于全年计划目标4.9个百分点，增速居全省第4位。",
        metadata={
            "bulletin": "anyang-2021-3",
            "title": "安阳市政府关于2021年上半年国民经济和社会发展规划执行情况的报告",
            "page_first": 21,
            "page_last": 21,
            "basis": "break",
            "start": 8370,
            "end": 8433,
        },
    )
    assert 0 < score <= 1


def test_passages_are_found_best_first_and_hold_their_sentences(library: Library) -> None:
    found = BulletinRetriever(library=library).invoke(QUESTION)
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)
    assert len(found) == len({document.id for document in found}) == 10
    assert any("1176.3亿元" in document.page_content for document in found)


def test_the_search_is_narrowed_to_a_bulletin_or_to_pages(library: Library) -> None:
    found = BulletinRetriever(library=library, bulletin="one").invoke(QUESTION)
    assert [document.metadata["bulletin"] for document in found] == ["one"]
    found = BulletinRetriever(library=library, bulletin="anyang-2021-3", pages=(29, 30)).invoke(QUESTION)
    assert found
    assert all(d.metadata["page_first"] <= 30 and d.metadata["page_last"] >= 29 for d in found)


def test_a_bulletin_added_later_is_found(tmp_path: Path) -> None:
    library = opened(tmp_path)
    library.add(small("one", "甲甲甲。"), "one.txt")
    retriever = BulletinRetriever(library=library, k=1)
    assert retriever.invoke("丁丁丁")[0].metadata["bulletin"] == "one"
    opened(tmp_path).add(small("two", "丁丁丁。"), "two.txt")
    assert retriever.invoke("丁丁丁")[0].metadata["bulletin"] == "two"


def test_it_takes_its_place_in_a_chain(library: Library) -> None:
    prompts: list[str] = []

    def kept(prompt: Any) -> Any:
        prompts.append(prompt.to_string())
        return prompt

    def cited(documents: list[Document]) -> str:
        return "\n".join(f"第{d.metadata['page_first']}页：{d.page_content}" for d in documents)

    chain = (
        {"context": BulletinRetriever(library=library, k=3) | cited, "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("{context}\n\n{question}")
        | RunnableLambda(kept)
        | GenericFakeChatModel(messages=iter([AIMessage("1176.3亿元（第21页）")]))
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "1176.3亿元（第21页）"
    assert "第21页：" in prompts[0]
    assert prompts[0].endswith(QUESTION)
