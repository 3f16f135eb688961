"""What to paste where: the lines that make each SDK send to us, with the host and the key filled in."""

from typing import NamedTuple

PLACEHOLDER = "YOUR_WRITE_KEY"  # secrets are stored as hashes: later nobody can say them again

# `%(…)s`, for the braces are JavaScript's. A text in quotes: neither key nor host holds any.
_CURL = """curl %(host)s/v1/track -u %(key)s: \\
  -d '{"anonymousId": "me", "event": "Page Viewed", "properties": {"path": "/pricing"}}'"""
_WEB = """<script>
(() => {
  const hex = (byte) => byte.toString(16).padStart(2, "0");
  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("");
  const anonymousId = localStorage.getItem("ripeline_id") || random();
  localStorage.setItem("ripeline_id", anonymousId);
  const send = (type, told) => fetch("%(host)s/v1/" + type, {
    method: "POST", keepalive: true, headers: {"Content-Type": "text/plain"},
    body: JSON.stringify({
      writeKey: "%(key)s", anonymousId, messageId: random(), timestamp: new Date().toISOString(),
      context: {page: {path: location.pathname, search: location.search, url: location.href,
                       title: document.title, referrer: document.referrer}},
      ...told,
    }),
  }).catch(() => {});
  window.ripeline = {
    page: (properties) => send("page", {properties}),
    track: (event, properties) => send("track", {event, properties}),
    identify: (userId, traits) => send("identify", {userId, traits}),
  };
  ripeline.page();
})();
</script>"""
_SEGMENT_PYTHON = """from segment.analytics import Client

analytics = Client("%(key)s", host="%(host)s")
analytics.track("user-1", "Demo Requested")"""
_SEGMENT_NODE = """import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "%(key)s", host: "%(host)s" });
analytics.track({ userId: "user-1", event: "Demo Requested" });"""
_ANALYTICS_NEXT = """import { AnalyticsBrowser } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load(
  { writeKey: "%(key)s", cdnSettings: { integrations: { "Segment.io": { apiKey: "%(key)s" } } } },
  { integrations: { "Segment.io": { apiHost: "%(bare)s/v1", protocol: "%(protocol)s" } } },
);
analytics.page();"""
_RUDDER_PYTHON = """from rudderstack.analytics import Client

analytics = Client("%(key)s", host="%(host)s")
analytics.track("user-1", "Demo Requested")"""
_RUDDER_NODE = """import RudderAnalytics from "@rudderstack/rudder-sdk-node";

const analytics = new RudderAnalytics("%(key)s", { dataPlaneUrl: "%(host)s" });
analytics.track({ userId: "user-1", event: "Demo Requested" });"""
_RUDDER_JS = """import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

const analytics = new RudderAnalytics();
analytics.load("%(key)s", "%(host)s", { configUrl: "%(host)s" });
analytics.page();"""

_TEXTS = (
    ("curl", "curl", _CURL),
    ("web", "HTML", _WEB),
    ("segment-python", "Segment · Python", _SEGMENT_PYTHON),
    ("segment-node", "Segment · Node", _SEGMENT_NODE),
    ("analytics-next", "Segment · analytics-next", _ANALYTICS_NEXT),
    ("rudder-python", "RudderStack · Python", _RUDDER_PYTHON),
    ("rudder-node", "RudderStack · Node", _RUDDER_NODE),
    ("rudder-js", "RudderStack · JavaScript", _RUDDER_JS),
)


class Line(NamedTuple):
    """What to paste: `id` is its place on a page, `title` the SDK's own name, `code` the text."""

    id: str
    title: str
    code: str


def lines(*, key: str = PLACEHOLDER, origin: str) -> list[Line]:
    r"""Every way to connect, for the server at `origin` (`https://leads.example.com/`).

    >>> print(lines(key="wk_1", origin="https://leads.example.com/")[0].code.splitlines()[0])
    curl https://leads.example.com/v1/track -u wk_1: \
    """
    host = origin.rstrip("/")
    protocol, _, bare = host.partition("://")
    filled = {"key": key, "host": host, "bare": bare, "protocol": protocol}
    return [Line(id, title, code % filled) for id, title, code in _TEXTS]
