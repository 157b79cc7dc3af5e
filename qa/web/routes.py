"""Files that the page gives: a conversation as Markdown or DOCX, under its id, which nobody guesses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from qa.export import as_docx, as_markdown
from qa.web.loading import Loading
from qa.web.remembering import exchanges

if TYPE_CHECKING:
    from fastapi import FastAPI

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAX_ID = 64


def add_routes(app: FastAPI, loading: Loading) -> None:
    """Add `/export/ID.md` and `/export/ID.docx` to the application; an unknown id is answered with 404."""
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
