"""Serves the shop's pages on loopback, with the address and key of the door filled in."""

import json
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parent / "pages"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src {door}; base-uri 'none'"
)


class Shop(ThreadingHTTPServer):
    """The shop as a running server; `address` is where a browser finds it, `serve_forever` and `shutdown` as usual.

    Raises OSError where the port is taken. Port 0 takes any free one.
    """

    daemon_threads = True

    def __init__(self, port: int, *, door: str, write_key: str, console: str) -> None:
        settings = {"door": door, "writeKey": write_key, "console": console}
        super().__init__(("127.0.0.1", port), partial(Page, settings))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went on before its page had come is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Page(SimpleHTTPRequestHandler):
    """A page by its plain path (`/pricing` is pricing.html); `/settings.js` tells the script where the door is."""

    def __init__(self, settings: dict[str, str], *arguments: object) -> None:
        self.settings = settings
        super().__init__(*arguments, directory=str(PAGES))  # type: ignore[arg-type]  # socketserver passes its own

    def do_GET(self) -> None:
        if self.path == "/settings.js":
            return self.answer(f"window.shop = {json.dumps(self.settings)};".encode())
        return super().do_GET()

    def answer(self, script: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(script)))
        self.end_headers()
        self.wfile.write(script)

    def translate_path(self, path: str) -> str:
        found = Path(super().translate_path(path))
        page = found / "index.html" if found.is_dir() else found.with_suffix(".html")
        return str(found if found.is_file() else page)

    def list_directory(self, path: object) -> None:  # noqa: ARG002 - the standard library names it
        self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY.format(door=self.settings["door"]))
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """The shop says nothing: its visits are what the console shows."""
