"""What changed since a reader last looked."""

from ripeline.server.log.asking.connection import database, rows
from ripeline.server.log.change import Change, change
from ripeline.server.log.store.events import newest

_MOST_EVENTS = 5_000
_SINCE = """
WITH RECURSIVE latest AS (    -- at most so many: a reader that was away for longer looks at everything anew
  SELECT seq, lead FROM event WHERE seq > :cursor ORDER BY seq LIMIT :most
), going(id, merged_into) AS (    -- whose they are by now, however often leads turned out to be one
  SELECT id, merged_into FROM lead WHERE id IN (SELECT lead FROM latest)
  UNION
  SELECT lead.id, lead.merged_into FROM going JOIN lead ON lead.id = going.merged_into
)
SELECT
  (SELECT coalesce(max(seq), 0) FROM event) AS cursor,
  (SELECT count(*) FROM latest) AS events,
  (SELECT group_concat(id) FROM going WHERE merged_into IS NULL) AS leads
"""


def cursor() -> int:
    """The log's newest place. Taken before a page reads anything, it tells later what the page has missed."""
    return newest(database())


def changes_since(cursor: int) -> Change:
    """What changed after `cursor`, for a reader that was away. Lists may have changed without any event: they age."""
    found = rows(_SINCE, {"cursor": cursor, "most": _MOST_EVENTS})[0]
    leads = {int(lead) for lead in (found["leads"] or "").split(",") if lead}
    if found["events"] >= _MOST_EVENTS:
        return Change(cursor=found["cursor"], leads=(), inbox=True, many=True)
    return change(found["cursor"], leads, inbox=found["cursor"] != cursor)
