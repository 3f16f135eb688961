"""What a company's own program does with the Python SDK of Segment or RudderStack, which are called alike."""

import json
import sys
from datetime import datetime
from importlib import import_module
from typing import Any

SPELLED = {"anonymousId": "anonymous_id", "groupId": "group_id", "previousId": "previous_id", "userId": "user_id"}

told = json.loads(sys.argv[1])
given_up: list[str] = []


def give_up(_error: Exception, batch: list[dict[str, Any]]) -> None:
    given_up.extend(message.get("event") or message["type"] for message in batch)


client = import_module(told["package"]).Client(
    told["key"],
    host=told["host"],
    on_error=give_up,
    max_retries=told["retries"],
    upload_size=told["at_once"],
    upload_interval=0.05,
)
for call in told["calls"]:
    arguments = {SPELLED.get(field, field): value for field, value in call.items() if field != "type"}
    if "timestamp" in arguments:
        arguments["timestamp"] = datetime.fromisoformat(arguments["timestamp"])
    getattr(client, call["type"])(**arguments)
client.flush()
client.join()
sys.stdout.write(json.dumps(given_up))
