"""The query of the page's address is the reading room's: Gradio would take `?page=` for a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class OwnQuery:
    """ASGI middleware that keeps the `page` of `/?page=BULLETIN:21` from Gradio; the browser still has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, without `page` where it asks for the page itself."""
        if scope["type"] == "http" and scope["path"] == "/":
            scope = {**scope, "query_string": without_page(scope["query_string"])}
        await self._app(scope, receive, send)


def without_page(query: bytes) -> bytes:
    """Return a query string without its `page`.

    >>> without_page(b"page=a-1:21&lang=en")
    b'lang=en'
    """
    return b"&".join(part for part in query.split(b"&") if part.partition(b"=")[0] != b"page")
