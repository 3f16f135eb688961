"""When things happen at Kestrel: working hours, webinars, fairs, newsletters."""

from datetime import datetime, timedelta
from random import Random

HOURS = [1, 1, 0, 0, 0, 1, 3, 8, 14, 16, 15, 13, 10, 13, 14, 13, 11, 8, 6, 6, 7, 7, 5, 2]  # visits by hour, UTC
WEEKDAYS = [19, 20, 20, 19, 15, 4, 3]
WEBINARS = {20: "Forecasting without spreadsheets", 62: "Empty runs, and how to stop them",
            104: "Carrier scorecards that work", 146: "Freight planning for food"}  # fmt: skip
FAIRS = {48: "TransLogistica", 125: "Scandinavian Freight Days"}
NEWSLETTERS = range(10, 182, 7)  # days from the start


def moment(day: datetime, random: Random) -> datetime:
    """Some moment of the week of `day`, as often as people come at that hour and weekday."""
    weekday = random.choices(range(7), WEEKDAYS)[0]
    hour = random.choices(range(24), HOURS)[0]
    monday = day - timedelta(days=day.weekday())
    midnight = (monday + timedelta(days=weekday)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour, seconds=random.randrange(3600), milliseconds=random.randrange(1000))
