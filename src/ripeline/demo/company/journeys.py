"""What people do at Kestrel between their first visit and the end of the history."""

from datetime import datetime, timedelta
from random import Random

from ripeline.demo.company.calendar import FAIRS, NEWSLETTERS, WEBINARS, moment
from ripeline.demo.company.messages import Browser, Scribe
from ripeline.demo.company.people import Person
from ripeline.demo.company.targets import DAYS
from ripeline.demo.company.weighted import Weighted

PAGES = {
    "buyer": Weighted({"/": 5, "/product": 6, "/pricing": 1.4, "/customers/alba": 4, "/blog/co2": 2}),
    "job_seeker": Weighted({"/": 3, "/careers": 8, "/careers/planner": 5, "/about": 3, "/product": 1}),
    "reader": Weighted({"/": 3, "/blog/empty-runs": 6, "/blog/co2": 6, "/product": 1}),
}  # fmt: skip
ALIKE = {"small_firm": "buyer", "returning_customer": "buyer", "competitor": "buyer", "student": "reader"}
PASSERS_BY = Weighted({"buyer": 5, "reader": 4, "job_seeker": 2})
VISITS = Weighted({1: 70, 2: 20, 3: 10})  # of somebody who never says who they are
PAGES_SEEN = Weighted({1: 16, 2: 20, 3: 24, 5: 24, 9: 16})
WAYS_IN = Weighted({"search": 34, "direct": 24, "google": 16, "linkedin": 15, "partner": 6, "newsletter": 5})
GUIDES = ["Carrier scorecard template", "Freight tender checklist", "The empty-run handbook"]
FORMS = Weighted({"guide": 40, "newsletter": 30, "calculator": 16, "webinar": 14})


def pass_by(scribe: Scribe, start: datetime, random: Random) -> None:
    """A visitor who never says who they are."""
    browser = Browser(random)
    persona = PASSERS_BY.one(random)
    day = start + timedelta(days=first_day(random))
    for _ in range(VISITS.one(random)):
        visit(scribe, browser, persona, moment(day, random), random)
        day += timedelta(days=random.expovariate(1 / 9))


def live(scribe: Scribe, person: Person, start: datetime, random: Random) -> None:
    """A lead's whole story; whoever reads the messages cuts them at the end."""
    browser = Browser(random)
    day = start + timedelta(days=first_day(random))
    known_from = None
    for number in range(4 + int(person.interest * 46 * random.random())):
        at = visit(scribe, browser, person.persona, moment(day, random), random)
        if known_from is None and (number >= 1 or random.random() < 0.5):
            known_from = at = say_who(scribe, browser, person, at, random)
        if known_from is not None:
            go_deeper(scribe, browser, person, at, random)
        if random.random() < 0.04 and known_from is not None:
            browser = Browser(random)  # another device, joined when they sign in on it
            scribe.identify(at + timedelta(minutes=20), browser, person, "/login")
        day += timedelta(days=random.expovariate(1 / (20 - 15 * person.interest)))
    if known_from is not None:
        keep_in_touch(scribe, person, known_from, start, random)


def ask_now(scribe: Scribe, person: Person, asks_at: datetime, random: Random) -> None:
    """Somebody who looked around, read the prices and asks for a demo at `asks_at`."""
    browser = Browser(random)
    visit(scribe, browser, "buyer", asks_at - timedelta(days=3, minutes=20), random)
    for minutes, path in ((9, "/product"), (6, "/pricing"), (2, "/demo")):
        scribe.page(asks_at - timedelta(minutes=minutes), browser, path)
    scribe.identify(asks_at - timedelta(seconds=2), browser, person, "/demo")
    scribe.track(asks_at, browser, "Demo Requested", "/demo", form_name="Demo request")


def first_day(random: Random) -> float:
    """Traffic grows: the last month brings half as many again as the first."""
    return DAYS * (1.0 - float(random.triangular(0, 1, 0.25) ** 1.15))


def visit(scribe: Scribe, browser: Browser, persona: str, at: datetime, random: Random) -> datetime:
    """One visit of a few pages; gives the moment of the last."""
    browser.came_by = WAYS_IN.one(random)
    pages = PAGES[ALIKE.get(persona, persona)]
    for path in pages.some(PAGES_SEEN.one(random), random):
        scribe.page(at, browser, path)
        at += timedelta(seconds=20 + random.expovariate(1 / 70))
    return at


def say_who(scribe: Scribe, browser: Browser, person: Person, at: datetime, random: Random) -> datetime:
    """The first form; it names the person and is what they came for."""
    at += timedelta(seconds=40)
    scribe.identify(at, browser, person, "/resources")
    form = FORMS.one(random)
    if form == "newsletter":
        scribe.track(at, browser, "Newsletter Subscribed", "/newsletter")
    elif form == "guide":
        scribe.track(at, browser, "Content Downloaded", "/resources", content=random.choice(GUIDES))
    elif form == "calculator":
        scribe.track(at, browser, "Savings Calculated", "/calculator", trucks=random.randint(2, 400))
    else:
        scribe.track(at, browser, "Form Submitted", "/webinars", form_name="Webinar registration")
    return at


def go_deeper(scribe: Scribe, browser: Browser, person: Person, at: datetime, random: Random) -> None:
    """What interest makes of a visit once the person is known."""
    keen = person.interest if person.persona not in ("reader", "job_seeker", "student") else person.interest / 4
    at += timedelta(seconds=30)
    if random.random() < 0.12 * keen:
        scribe.track(at, browser, "Content Downloaded", "/resources", content=random.choice(GUIDES))
    if random.random() < 0.07 * keen:
        scribe.track(at, browser, "Savings Calculated", "/calculator", trucks=random.randint(2, 400))
    if random.random() < 0.10:
        scribe.track(at, browser, "Newsletter Subscribed", "/newsletter")
    if random.random() < 0.03 * keen:
        scribe.page(at, browser, "/demo")
        scribe.track(at + timedelta(seconds=75), browser, "Demo Requested", "/demo", form_name="Demo request")


def keep_in_touch(scribe: Scribe, person: Person, known_from: datetime, start: datetime, random: Random) -> None:
    """Newsletters, webinars and fairs after they are known."""
    for day in NEWSLETTERS:
        at = start + timedelta(days=day, hours=7, seconds=person.number % 1800)
        if at > known_from:
            mail(scribe, person, at, f"Newsletter {day // 7}", random)
    for day, title in WEBINARS.items():
        at = start + timedelta(days=day, hours=9)
        if at > known_from and random.random() < 0.05 + 0.25 * person.interest:
            webinar(scribe, person, at, title, random)
    for day, fair in FAIRS.items():
        at = start + timedelta(days=day, hours=random.uniform(8, 16))
        if at > known_from and random.random() < 0.10 * person.interest:
            scribe.told(at, person, "Fair Conversation", source="fair", fair=fair, rating=random.randint(1, 5))


def mail(scribe: Scribe, person: Person, at: datetime, subject: str, random: Random) -> None:
    scribe.told(at, person, "Email Sent", source="mail", email_subject=subject)
    scribe.told(at + timedelta(seconds=9), person, "Email Delivered", source="mail", email_subject=subject)
    if random.random() < 0.36:
        opened = at + timedelta(hours=random.expovariate(1 / 9))
        scribe.told(opened, person, "Email Opened", source="mail", email_subject=subject)
        if random.random() < 0.06 + 0.2 * person.interest:
            clicked = opened + timedelta(seconds=15 + random.expovariate(1 / 40))
            scribe.told(clicked, person, "Email Link Clicked", source="mail", email_subject=subject, link_url="/blog")


def webinar(scribe: Scribe, person: Person, at: datetime, title: str, random: Random) -> None:
    registered = at - timedelta(days=random.uniform(1, 12))
    scribe.told(registered, person, "Webinar Registered", source="webinar", webinar=title)
    if random.random() < 0.55:
        share = round(min(1.0, random.betavariate(3, 1.5)), 2)
        ended = at + timedelta(minutes=60 * share)
        scribe.told(ended, person, "Webinar Attended", source="webinar", webinar=title, share=share)
