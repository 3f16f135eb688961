"""The pages that listen for changes, and the way a commit's news takes to them."""

import asyncio
from collections import deque

from ripeline.server.log.change import Change

MOST_LEADS = 100  # beyond, a change names none and says `many`
MOST_STREAMS = 1000
# A browser opens six connections to a server, over all its tabs; streams may not take them all.
STREAMS_A_SESSION = 4


class Stream:
    """One listening page. What it has not taken yet is one change that grows: nothing queues up for a slow one."""

    __slots__ = ("change", "comes_back_after", "gone", "session", "woken")

    def __init__(self, session: str) -> None:
        self.session = session
        self.change: Change | None = None
        self.comes_back_after: float | None = None  # seconds; set where the stream is to end
        self.gone = False
        self.woken = asyncio.Event()

    def tell(self, change: Change) -> None:
        """There is news."""
        self.change = change if self.change is None else both(self.change, change)
        self.woken.set()

    def end(self, *, comes_back_after: float) -> None:
        """The page is to close the stream, and may open it again in so many seconds."""
        self.comes_back_after = comes_back_after
        self.woken.set()

    def leave(self) -> None:
        """The page closed the stream."""
        self.gone = True
        self.woken.set()


class Audience:
    """All streams of one event loop, told of commits at most every `apart` seconds."""

    def __init__(self, *, apart: float = 0.25, most_streams: int = MOST_STREAMS) -> None:
        self._apart = apart
        self._most = most_streams
        self._streams: dict[Stream, None] = {}  # in the order in which they opened
        self._news: deque[Change] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = False
        self._quiet_until = 0.0

    def __len__(self) -> int:
        return len(self._streams)

    def heard(self, change: Change) -> None:
        """A commit's news, from the writer's thread."""
        if self._loop is None or not self._streams:
            return  # who opens a stream after this asks the log what it missed
        self._news.append(change)
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._spread, self._loop)

    def join(self, session: str, *, comes_back_after: float) -> Stream | None:
        """A stream for a page of `session`, None where there are too many.

        Where the session has its share already, its oldest makes room and comes back after a while: with many tabs
        open, each is told a little later instead of one being never told.
        """
        if len(self._streams) >= self._most:
            return None
        own = [stream for stream in self._streams if stream.session == session and stream.comes_back_after is None]
        for stream in own[: max(0, len(own) + 1 - STREAMS_A_SESSION)]:
            stream.end(comes_back_after=comes_back_after)
        self._loop = asyncio.get_running_loop()
        stream = Stream(session)
        self._streams[stream] = None
        return stream

    def part(self, stream: Stream) -> None:
        """The stream has ended."""
        self._streams.pop(stream, None)

    def close(self, *, comes_back_after: float) -> None:
        """End all streams, so that the process can stop."""
        for stream in self._streams:
            stream.end(comes_back_after=comes_back_after)

    def _spread(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        if now < self._quiet_until:
            loop.call_at(self._quiet_until, self._spread, loop)
            return
        self._quiet_until = now + self._apart
        self._woken = False  # before the news is taken: what is heard from here on wakes again
        news: Change | None = None
        while self._news:
            change = self._news.popleft()
            news = change if news is None else both(news, change)
        if news is not None:
            for stream in self._streams:
                stream.tell(news)


def both(one: Change, other: Change) -> Change:
    """Two changes as one."""
    leads = tuple(dict.fromkeys((*one.leads, *other.leads)))
    many = one.many or other.many or len(leads) > MOST_LEADS
    return Change(
        cursor=max(one.cursor, other.cursor),
        leads=() if many else leads,
        inbox=one.inbox or other.inbox,
        many=many,
    )
