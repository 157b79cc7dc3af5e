"""The five endpoints as tools of an MCP server over streamable HTTP, at `/mcp`, for `gongbao serve --mcp`.

What the tools do is `endpoints.py`. Requests are independent of each other (no sessions).
"""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, get_type_hints

from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import TypeAdapter
from starlette.routing import Route

from qa.web.endpoints import Call, error

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

PATH = "/mcp"
_INSTRUCTIONS = (
    "Printed Chinese government bulletins (公报). Every answer is cited to its printed page; quote citations "
    "with title and page. Ask in Chinese. Where the bulletins are silent the answer has found=false: say so."
)
_OWN_HOSTS = ["127.0.0.1:*", "localhost:*", "[::1]:*"]


def add_tools(app: FastAPI, calls: Mapping[str, Call], *, own_machine: bool) -> None:
    """Serve the calls as tools at `PATH`; to be added before the page, which takes every other path.

    Args:
        app: The application; its lifespan is extended.
        calls: What each tool does, by name.
        own_machine: Whether only this machine can reach the server. Then requests under another host name
            are refused, which a web page could otherwise have the browser send (DNS rebinding).
    """
    guard = TransportSecuritySettings(
        enable_dns_rebinding_protection=own_machine,
        allowed_hosts=_OWN_HOSTS,
        allowed_origins=[f"http://{host}" for host in _OWN_HOSTS],
    )
    manager = StreamableHTTPSessionManager(
        _server(calls), json_response=True, stateless=True, security_settings=guard
    )
    app.router.routes.append(Route(PATH, _Endpoint(manager)))
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with outer(app) as state, manager.run():
            yield state

    app.router.lifespan_context = lifespan


class _Endpoint:
    """The manager as an ASGI application, which starlette tells from a function by its class."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


def _server(calls: Mapping[str, Call]) -> Server[Any, Any]:
    """Return a server of these tools and nothing else."""
    server: Server[Any, Any] = Server("gongbao", instructions=_INSTRUCTIONS)
    tools = [tool(name, call) for name, call in calls.items()]

    async def list_tools() -> list[types.Tool]:
        return tools

    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        call = calls.get(name)
        if not call:
            return _result(dict(error(f"没有 {name[:40]!r} 这个工具，可用的有：{'、'.join(calls)}。")))
        wrong = _wrong_arguments(call, arguments)
        return _result(dict(error(wrong)) if wrong else await call(**arguments))

    server.list_tools()(list_tools)  # type: ignore[no-untyped-call]
    server.call_tool(validate_input=False)(call_tool)  # its messages are not for people; the calls check
    return server


def tool(name: str, call: Call) -> types.Tool:
    """Return the description of a call as a tool: its docstring, and the schemas of its signature."""
    hints = get_type_hints(call, include_extras=True)
    returned = hints.pop("return")
    parameters = inspect.signature(call).parameters
    properties = {argument: TypeAdapter(hint).json_schema() for argument, hint in hints.items()}
    needed = [argument for argument, one in parameters.items() if one.default is one.empty]
    for argument in set(parameters) - set(needed):
        properties[argument]["default"] = parameters[argument].default
    return types.Tool(
        name=name,
        description=inspect.getdoc(call),
        inputSchema={
            "type": "object",
            "properties": properties,
            "required": needed,
            "additionalProperties": False,
        },
        outputSchema=TypeAdapter(returned).json_schema(),
        annotations=types.ToolAnnotations(readOnlyHint=True, openWorldHint=False),
    )


def _wrong_arguments(call: Call, arguments: Mapping[str, object]) -> str:
    """Return what is wrong with the names of arguments; "" if nothing is."""
    known = inspect.signature(call).parameters
    missing = [name for name, one in known.items() if one.default is one.empty and name not in arguments]
    unknown = sorted(set(arguments) - set(known))
    told = [f"缺少参数 {'、'.join(missing)}"] if missing else []
    told += [f"没有参数 {'、'.join(name[:40] for name in unknown[:5])}"] if unknown else []
    return f"{'；'.join(told)}。应为：{'、'.join(known)}。" if told else ""


def _result(found: dict[str, Any]) -> types.CallToolResult:
    words = types.TextContent(type="text", text=json.dumps(found, ensure_ascii=False))
    return types.CallToolResult(content=[words], structuredContent=found, isError="error" in found)
