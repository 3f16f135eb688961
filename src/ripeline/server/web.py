"""The HTTP server around the process: uvicorn, set up for SDKs that keep connections and for streams that never end."""

import socket

import uvicorn

from ripeline.server.asgi import Process


class WebServer(uvicorn.Server):
    """Stops when asked, with every answer given: streams are ended, requests in flight are finished."""

    def __init__(self, process: Process, *, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                process,
                host=host,
                port=port,
                http="httptools",
                loop="uvloop",
                ws="none",
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
                # Longer than SDKs and proxies keep a connection, so that it is never closed under a request on its way.
                timeout_keep_alive=75,
                timeout_graceful_shutdown=10,
                backlog=2048,
            )
        )
        self._process = process

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the streams go first: uvicorn waits for every open request."""
        self._process.close()
        await super().shutdown(sockets)
