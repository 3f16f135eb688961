"""When things happen at Kestrel: working hours, webinars, fairs, newsletters."""

from datetime import datetime, timedelta
from random import Random

from ripeline.demo.company.weighted import Weighted

BY_HOUR = (1, 1, 0, 0, 0, 1, 3, 8, 14, 16, 15, 13, 10, 13, 14, 13, 11, 8, 6, 6, 7, 7, 5, 2)  # visits, UTC
HOURS = Weighted(dict(enumerate(BY_HOUR)))
WEEKDAYS = Weighted(dict(enumerate((19, 20, 20, 19, 15, 4, 3))))
WEBINARS = {20: "Forecasting without spreadsheets", 62: "Empty runs, and how to stop them",
            104: "Carrier scorecards that work", 146: "Freight planning for food"}  # fmt: skip
FAIRS = {48: "TransLogistica", 125: "Scandinavian Freight Days"}
NEWSLETTERS = range(10, 182, 7)  # days from the start


def moment(day: datetime, random: Random) -> datetime:
    """Some moment of the week of `day`, as often as people come at that hour and weekday."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    days = WEEKDAYS.one(random) - day.weekday()
    return midnight + timedelta(days=days, hours=HOURS.one(random), milliseconds=int(random.random() * 3_600_000))
