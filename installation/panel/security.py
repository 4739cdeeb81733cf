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

On a network whoever else comes must be paired (panel/pairing.py): without a cookie there is the
page that asks for a code, and nothing else.
"""

import asyncio
import ipaddress
from collections.abc import Iterable, Iterator
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from installation.inputs.osc_sources import within
from installation.panel.pairing import COOKIE, Pairing, Role, device_of

HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PAIR = "/pair"  # where a code is sent to, the only thing that is posted
_LOOKED_AT = ("/live", "/explorer/live")  # sockets that refuse a viewer's wishes one by one
_OPERATORS = ("/log.json", "/report.zip", "/devices.json")
_FORBIDDEN = set("@/\\?#% \t,")  # never in an authority without a user


class Gate:
    """Refuses foreign hosts, foreign origins and every method that could change something.

    `listen` is the address the panel is bound to. Bound to one address, that literal is a good
    Host; bound to all, any IP literal is, for a literal cannot be rebound. Names are good only if
    given in `names`, besides `localhost`. Programs in one of the networks `trusted` need no Origin.
    Without `pairing` whoever passes is an operator; `scope["role"]` tells the app who it is.
    """

    def __init__(
        self,
        app: ASGIApp,
        listen: str,
        names: Iterable[str] = (),
        trusted: Iterable[str] = (),
        pairing: Pairing | None = None,
    ) -> None:
        self._app, self._pairing = app, pairing
        self._trusted = [ipaddress.ip_network(network) for network in trusted]
        self._names = {"localhost", listen.lower(), *(name.lower() for name in names)}
        self._any_literal = _is_unspecified(listen)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope["role"], scope["device"] = self._who(scope)
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
        elif scope["method"] == "POST" and scope["path"] == PAIR:
            if not headers.get("origin") or not self._same_origin(headers, scope):
                yield 403, "a code is taken only from the panel's own page"
        elif scope["method"] not in ("GET", "HEAD"):
            yield 405, "the panel is read by GET and steered over its WebSocket"
        if scope["role"] < _needed(scope):
            yield 401, "not for this device: open the panel in a browser and give its code"

    def _who(self, scope: Scope) -> tuple[Role, str]:
        """Who asks, and with which paired device, "" for one that needs no code. Programs of
        trusted networks may steer by OSC, so they may here."""
        peer = (scope.get("client") or ("",))[0]
        pairing = self._pairing
        here = pairing is None or (pairing.local and is_local(peer))
        if pairing is None or here or within(peer, self._trusted):
            return Role.OPERATOR, ""
        try:
            cookie = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        if cookie is None:
            return Role.NOBODY, ""
        now = asyncio.get_running_loop().time()
        return pairing.admit(cookie.value, peer, now), device_of(cookie.value)

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
            return is_local(peer) or within(peer, self._trusted)
        scheme, mark, authority = origins[0].partition("://")
        known = len(origins) == 1 and mark and scheme in ("http", "https")
        return bool(known) and authority.lower() == headers.get("host", "").lower()


def _needed(scope: Scope) -> Role:
    """Who may go there. The page and its parts hold no secret: they ask for the code."""
    path = scope["path"]
    if scope["type"] == "websocket":
        return Role.VIEWER if path in _LOOKED_AT else Role.OPERATOR
    if path in ("/", PAIR) or path.startswith("/static/"):
        return Role.NOBODY
    return Role.OPERATOR if path in _OPERATORS else Role.VIEWER


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


def is_local(peer: str) -> bool:
    """Whether an address is this machine's own, for itself alone."""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return peer == "localhost"


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
