"""Sends prepared requests over so many connections, each waiting for its answer; runs in a process of its own."""

import asyncio
import sys
from base64 import b64encode
from pathlib import Path
from time import perf_counter

import msgspec


class Load(msgspec.Struct):
    """What to send where: whole bodies, each as one POST to `path`."""

    host: str
    port: int
    path: str
    key: str
    connections: int
    bodies: list[bytes]


class Sent(msgspec.Struct):
    """How it went: wall seconds, and the latency of each request in seconds."""

    seconds: float
    latencies: list[float]


async def sent(load: Load) -> Sent:
    """Sends everything; raises where an answer is not 200."""
    authorization = b64encode(f"{load.key}:".encode())
    lines = [
        b"POST " + load.path.encode() + b" HTTP/1.1",
        b"Host: " + load.host.encode(),
        b"Authorization: Basic " + authorization,
        b"Content-Type: application/json",
        b"Content-Length: %d",
    ]
    head = b"\r\n".join(lines) + b"\r\n\r\n"
    waiting = [head % len(body) + body for body in reversed(load.bodies)]
    latencies: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(load.host, load.port)
        while waiting:
            request = waiting.pop()
            began = perf_counter()
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer.decode())
            latencies.append(perf_counter() - began)
        writer.close()

    began = perf_counter()
    await asyncio.gather(*(connection() for _ in range(load.connections)))
    return Sent(perf_counter() - began, latencies)


if __name__ == "__main__" and len(sys.argv) == 3:
    import uvloop

    load = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=Load)
    Path(sys.argv[2]).write_bytes(msgspec.msgpack.encode(uvloop.run(sent(load))))
