"""The whole web side as one ASGI application: guard, calls, pages, sign-in, health."""

from collections.abc import Mapping
from typing import Any, Final

from grpc_health.v1 import health_pb2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from onduty_web.exchange import CallLimits, Drain, Receive, Scope, Send
from onduty_web.failures import Failure
from onduty_web.gateway import Gateway
from onduty_web.guard import Guard, GuardRules
from onduty_web.methods import RpcMethod, contract
from onduty_web.pages import PAGES, Pages
from onduty_web.session import Session
from onduty_web.upstream import Upstream

_HEALTH: Final = RpcMethod(
    "/grpc.health.v1.Health/Check",
    health_pb2.HealthCheckRequest,
    health_pb2.HealthCheckResponse,
    streams_requests=False,
    streams_responses=False,
    is_read=True,
)
_HEALTH_SECONDS: Final = 2.0


def application(upstream: Upstream, limits: CallLimits, drain: Drain, rules: GuardRules) -> Any:
    """The web side of the service behind ``upstream``."""
    methods = contract()
    gateway = Gateway(methods, upstream, limits, drain)
    site = _site(upstream, methods, drain)

    async def calls_or_site(scope: Scope, receive: Receive, send: Send) -> None:
        """A path with a service's full name is a call."""
        service, slash, _ = scope["path"].removeprefix("/").partition("/")
        await (gateway if slash and "." in service else site)(scope, receive, send)

    return Guard(calls_or_site, rules)


def _site(upstream: Upstream, methods: Mapping[str, RpcMethod], drain: Drain) -> Starlette:
    pages, session = Pages(), Session(upstream, methods["/onduty.v1.ServerService/WhoAmI"])

    async def health(request: Request) -> Response:
        """Whether the service behind serves."""
        del request
        call = upstream.start(_HEALTH, b"", (), timeout=_HEALTH_SECONDS)
        content, outcome = await call.read(), await call.end()
        answer = health_pb2.HealthCheckResponse.FromString(content or b"")
        serves = not isinstance(outcome, Failure) and answer.status == health_pb2.HealthCheckResponse.SERVING
        text = "draining" if drain.has_begun else "serving" if serves else "the service does not answer"
        return PlainTextResponse(f"{text}\n", 200 if text == "serving" else 503, {"cache-control": "no-store"})

    return Starlette(
        routes=[
            Route("/", pages.root),
            *(Route(f"/{name}", pages.page) for name in PAGES),
            Route("/assets/{name}", pages.asset),
            Route("/onduty-status.js", pages.asset),
            Route("/sign-in", session.sign_in, methods=["POST"]),
            Route("/sign-in", session.sign_out, methods=["DELETE"]),
            Route("/healthz", health),
        ]
    )
