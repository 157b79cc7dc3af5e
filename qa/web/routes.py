"""What the page gives besides itself: a conversation as a file, under its id, and pictures of pages."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from qa.export import as_docx, as_markdown
from qa.web.leaves import Leaves
from qa.web.loading import Loading
from qa.web.remembering import exchanges

if TYPE_CHECKING:
    from fastapi import FastAPI

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAX_ID = 64
_PNG = re.compile(r"([1-9]\d{0,4})\.png", re.ASCII)


def add_routes(app: FastAPI, loading: Loading) -> None:
    """Add `/export/ID.md`, `/export/ID.docx` and `/leaf/BULLETIN/N.png`; what is not there is 404."""
    _add_export(app, loading)
    _add_leaf(app, loading)


def _add_export(app: FastAPI, loading: Loading) -> None:
    from fastapi import Response

    async def export(name: str) -> Response:
        conversation, _, ending = name.rpartition(".")
        library = await loading.outcome()
        known = ending in ("md", "docx") and 0 < len(conversation) <= _MAX_ID
        if isinstance(library, BaseException) or not known:
            return Response(status_code=404)
        held = await asyncio.to_thread(exchanges, library, conversation)
        if not held:
            return Response(status_code=404)
        if ending == "md":
            text = as_markdown(held, library.bulletins)
            content, media = text.encode("utf-8"), "text/markdown; charset=utf-8"
        else:
            content, media = await asyncio.to_thread(as_docx, held, library.bulletins), _DOCX
        name = f"gongbao-{held[0].asked_at[:10] or 'conversation'}.{ending}"
        return Response(
            content, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    app.add_api_route("/export/{name}", export, methods=["GET"], response_model=None)


def _add_leaf(app: FastAPI, loading: Loading) -> None:
    from fastapi import Response

    leaves = Leaves()

    async def leaf(bulletin: str, name: str, v: str = "") -> Response:
        library = await loading.outcome()
        number = _PNG.fullmatch(name)
        if isinstance(library, BaseException) or not number:
            return Response(status_code=404)
        png = await leaves.png(library, bulletin, int(number[1]))
        if not png:
            return Response(status_code=404)
        # the address names the bytes of the file: another file has another address
        kept = "private, max-age=31536000, immutable" if v else "private, no-cache"
        return Response(png, media_type="image/png", headers={"cache-control": kept})

    app.add_api_route("/leaf/{bulletin}/{name}", leaf, methods=["GET"], response_model=None)
