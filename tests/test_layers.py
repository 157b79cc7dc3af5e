"""The house's order: packages import only to their left; a heavy package is imported in one file, late."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("corpus", "index", "qa", "app")
HOMES = {
    "torch": "index/e5_module.py",
    "sentence_transformers": "index/embedding.py index/e5_module.py",
    "huggingface_hub": "index/embedding.py",
    "onnx": "index/e5_graph.py",
    "onnxruntime": "index/e5.py",
    "tokenizers": "index/e5.py index/e5_tokenizer.py index/e5_module.py",
    "faiss": "index/dense.py",
    "bm25s": "index/lexical.py",
    "jieba": "index/words.py",
    "langchain_core": "index/retriever.py qa/evaluation/systems.py",
    "langchain": "qa/model.py",
    "langchain_openai": "qa/model.py",
    "langsmith": "qa/model.py",
    "pypinyin": "corpus/reading.py qa/wording.py qa/people.py",
    "opencc": "qa/wording.py",
    "pydantic": "index/derived.py index/retriever.py qa/web/",
    "mcp": "qa/web/tools.py",
    "pypdfium2": "corpus/readers/pdf corpus/readers/layer.py corpus/readers/picture.py "
    "corpus/readers/turned.py",
    "rapidocr": "corpus/readers/scan.py",
    "cv2": "corpus/readers/scan.py",
    "pdfplumber": "corpus/readers/grids.py",
    "docx": "qa/export.py",
    "rapidfuzz": "corpus/documents.py qa/likeness.py",
    "gradio": "qa/web/",
    "fastapi": "qa/web/",
    "uvicorn": "qa/web/",
}
"""Where a package may be imported: one file; the built-in model's four files count as one, and the page."""
AT_THE_TOP = {"langchain_core", "pydantic", "rapidfuzz"}
"""Taken for a class to derive from (in a file that is itself imported late), or quick to import."""
ON_THEIR_OWN = ("index/e5_", "index/retriever.py", "qa/web/")
"""Files that nothing imports at its top but their like: what they import at theirs is imported late."""


def sources() -> list[Path]:
    return [*(path for name in ORDER[:-1] for path in sorted((ROOT / name).rglob("*.py"))), ROOT / "app.py"]


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that `tree` imports, but for those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (
                [f"{node.module}.{a.name}" for a in node.names]
                if node.module in ORDER
                else [str(node.module)]
            )
        yield from imports(node)


def at_the_top(path: Path) -> Iterator[str]:
    """Yield the modules that are imported when the file is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree.body = [node for node in tree.body if not isinstance(node, (*late, ast.ClassDef))]
    yield from imports(tree)


def all_of(path: Path) -> Iterator[str]:
    yield from imports(ast.parse(path.read_text(encoding="utf-8")))


def test_a_package_imports_only_packages_to_its_left() -> None:
    wrong = []
    for path in sources():
        own = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for module in all_of(path):
            first = module.split(".")[0]
            if first in ORDER and ORDER.index(first) > ORDER.index(own):
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert wrong == []


@pytest.mark.parametrize("package", HOMES)
def test_a_heavy_package_is_imported_in_its_home_only(package: str) -> None:
    homes = tuple(HOMES[package].split())
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if package in {m.split(".")[0] for m in all_of(path)}
    }
    assert {path for path in found if not path.startswith(homes)} == set()


def test_heavy_packages_are_imported_when_they_are_needed() -> None:
    wrong = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        heavy = {module.split(".")[0] for module in at_the_top(path)} & HOMES.keys() - AT_THE_TOP
        if heavy and not name.startswith(ON_THEIR_OWN):
            wrong.append(f"{name} imports {sorted(heavy)} at its top")
    assert wrong == []


def test_files_with_heavy_imports_are_imported_late_themselves() -> None:
    wrong = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        modules = [module.replace(".", "/") for module in at_the_top(path)]
        heavy = [m for m in modules if f"{m}.py".startswith(ON_THEIR_OWN) and m != "index/e5_weights"]
        if heavy and not name.startswith(ON_THEIR_OWN):
            wrong.append(f"{name} imports {heavy} at its top")
    assert wrong == []


def test_no_module_imports_itself_in_a_circle() -> None:
    modules = {str(path.relative_to(ROOT).with_suffix("")).replace("/", "."): path for path in sources()}
    needs = {name: {m for m in at_the_top(path) if m in modules} for name, path in modules.items()}
    order: list[str] = []
    while len(order) < len(needs):
        free = [name for name in needs if name not in order and needs[name] <= set(order)]
        assert free, f"these import each other: {sorted(set(needs) - set(order))}"
        order += free
