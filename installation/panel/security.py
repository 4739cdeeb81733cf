"""Who may talk to the panel. An ASGI layer around the whole app; every refusal happens here.

A page from anywhere, open in a browser that can reach this machine, may try to steer the show:
by a WebSocket (which no same-origin rule covers), by a form, or by giving its own name our address
(DNS rebinding). Three rules stop it. The Host must be ours. The Origin of a WebSocket, which a
browser always sends and no page can forge, must equal the Host. And nothing but GET and HEAD is
answered at all, so no form and no cross-site fetch can change anything.

A program, unlike a page, can send whatever headers it likes; these rules do not hold it, the
interface the panel listens on does. Programs without an Origin are therefore served only when
they come from this machine, which the peer's address tells and no header can feign, or from the
networks that show.yaml allows to send OSC, which may steer the show anyway.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from installation.inputs.osc_sources import within

HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_FORBIDDEN = set("@/\\?#% \t,")  # never in an authority without a user


class Gate:
    """Refuses foreign hosts, foreign origins and every method that could change something.

    `listen` is the address the panel is bound to. Bound to one address, that literal is a good
    Host; bound to all, any IP literal is, for a literal cannot be rebound. Names are good only if
    given in `names`, besides `localhost`. Programs in one of the networks `trusted` need no Origin.
    """

    def __init__(
        self, app: ASGIApp, listen: str, names: Iterable[str] = (), trusted: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._trusted = [ipaddress.ip_network(network) for network in trusted]
        self._names = {"localhost", listen.lower(), *(name.lower() for name in names)}
        self._any_literal = _is_unspecified(listen)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = next(self._refusals(scope), None)
        app = PlainTextResponse(refusal[1] + "\n", refusal[0]) if refusal else self._app
        await app(scope, receive, _hardened(send))

    def _refusals(self, scope: Scope) -> Iterator[tuple[int, str]]:
        headers = Headers(scope=scope)
        if not self.hosts(headers.get("host", "")):
            yield 400, "this panel does not go by that name; use its IP address"
        if scope["type"] == "websocket":
            if not self._same_origin(headers, scope):
                yield 403, "the panel is steered only from its own page"
        elif scope["method"] not in ("GET", "HEAD"):
            yield 405, "the panel is read by GET and steered over its WebSocket"

    def hosts(self, authority: str) -> bool:
        """Whether a Host header's value, `name`, `name:port` or `[v6]:port`, names this panel."""
        name = _host_name(authority)
        if name in self._names:
            return True
        try:
            literal = ipaddress.ip_address(name or "")
        except ValueError:
            return False
        return self._any_literal or literal.is_loopback

    def _same_origin(self, headers: Headers, scope: Scope) -> bool:
        origins = headers.getlist("origin")
        if not origins:
            peer = (scope.get("client") or ("",))[0]
            return _is_loopback(peer) or within(peer, self._trusted)
        scheme, mark, authority = origins[0].partition("://")
        known = len(origins) == 1 and mark and scheme in ("http", "https")
        return bool(known) and authority.lower() == headers.get("host", "").lower()


def _host_name(authority: str) -> str | None:
    if not authority or _FORBIDDEN & set(authority):
        return None
    try:
        return urlsplit(f"//{authority}").hostname
    except ValueError:
        return None


def _is_unspecified(listen: str) -> bool:
    try:
        return ipaddress.ip_address(listen).is_unspecified
    except ValueError:
        return False


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _hardened(send: Send) -> Send:
    """`send`, adding the security headers to whatever starts a response."""

    async def hardened(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-cache")
        await send(message)

    return hardened
