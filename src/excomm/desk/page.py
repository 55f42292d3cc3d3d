"""A first read-only page: the brief of a case, served on this machine alone.

Binds 127.0.0.1 and nothing else, answers only to that name, and shows nothing without the key
that it printed. Changes nothing: there is no request here that writes.
"""

import hmac
import secrets
import sys
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from excomm.case import Case, View
from excomm.errors import ExcommError, InputError

_COOKIE = "excomm"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def serve(names: list[str], *, on: str | None = None, port: int = 8962) -> None:
    """Serve the briefs of these cases until interrupted; says its address first.

    on: the day shown where the request names none; else the case's own.
    Raises InputError where the port is taken or a case does not open.
    """
    server = make_server(names, on=on, port=port)
    print(f"Brief at {server.address}  (stop with Ctrl-C)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    finally:
        server.server_close()


class BriefServer(ThreadingHTTPServer):
    """The cases it serves and the keys that open it."""

    daemon_threads = True

    def __init__(self, port: int, cases: dict[str, Case], on: str | None) -> None:
        super().__init__(("127.0.0.1", port), _Page)
        self.cases = cases
        self.on = on
        self.key = secrets.token_urlsafe(24)  # opens once
        self.session = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """Where the page is, with its one-time key."""
        return f"http://127.0.0.1:{self.server_port}/?key={self.key}"


def make_server(names: list[str], *, on: str | None = None, port: int = 8962) -> BriefServer:
    """The server, bound but not yet serving. port 0 takes a free one."""
    cases = {name: Case.open(name) for name in names}
    for case in cases.values():
        case.on(on)
    try:
        return BriefServer(port, cases, on)
    except OSError as fault:
        raise InputError(
            "--port", port, "a free port", f"{fault.strerror}. Add --port 0 to take any."
        ) from None


class _Page(BaseHTTPRequestHandler):
    server: BriefServer
    protocol_version = "HTTP/1.1"
    server_version = "excomm"
    sys_version = ""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if self.headers.get("Host") not in self._own_names():
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "This desk answers to 127.0.0.1 alone.")
        elif "key" in asked:
            self._open(asked)
        elif not self._is_open():
            self._say(HTTPStatus.FORBIDDEN, "Open the address that the terminal printed.")
        elif parts.path not in ("/", "/brief"):
            self._say(HTTPStatus.NOT_FOUND, "Nothing here. The brief is at /.")
        else:
            self._brief(asked)

    def _own_names(self) -> tuple[str, str]:
        port = self.server.server_port
        return f"127.0.0.1:{port}", f"localhost:{port}"

    def _open(self, asked: dict[str, str]) -> None:
        key = asked.pop("key")
        if not (self.server.key and hmac.compare_digest(key.encode(), self.server.key.encode())):
            self._say(HTTPStatus.FORBIDDEN, "This key is spent or wrong. Start the desk again.")
            return
        self.server.key = ""
        self.send_response(HTTPStatus.SEE_OTHER)
        cookie = f"{_COOKIE}={self.server.session}; HttpOnly; SameSite=Strict; Path=/"
        self.send_header("Set-Cookie", cookie)
        self.send_header("Location", f"/?{urlencode(asked)}" if asked else "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_open(self) -> bool:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get(_COOKIE)
        return cookie is not None and hmac.compare_digest(
            cookie.value.encode(), self.server.session.encode()
        )

    def _brief(self, asked: dict[str, str]) -> None:
        from excomm.brief import brief, html

        name = asked.get("case", next(iter(self.server.cases)))
        case = self.server.cases.get(name)
        if case is None:
            names = ", ".join(self.server.cases)
            self._say(HTTPStatus.NOT_FOUND, f"No case of that name is served here: {names}.")
            return
        try:
            view = self._view(case, asked)
            page = html.render(brief(view))
        except ExcommError as fault:
            self._say(HTTPStatus.BAD_REQUEST, str(fault))
            return
        self._answer(HTTPStatus.OK, "text/html; charset=utf-8", page.encode())

    def _view(self, case: Case, asked: dict[str, str]) -> View:
        return case.on(
            asked.get("on") or self.server.on,
            known_by=asked.get("known_by"),
            cleared=asked.get("cleared"),
        )

    def _say(self, status: HTTPStatus, words: str) -> None:
        self._answer(status, "text/plain; charset=utf-8", f"{words}\n".encode())

    def _answer(self, status: HTTPStatus, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name is the server's

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the address line is what the terminal is for."""
