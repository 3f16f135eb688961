"""Who comes to Kestrel's site: names, firms and what they say of themselves."""

from random import Random

import msgspec

from ripeline.demo.company.targets import PERSONAS

NAMES = {
    "PL": (["Marek", "Agnieszka", "Paweł", "Katarzyna", "Tomasz", "Zofia", "Łukasz", "Magdalena"],
           ["Nowak", "Kowalczyk", "Wójcik", "Zając", "Król", "Woźniak", "Mazur", "Krawczyk"]),
    "SE": (["Ingrid", "Lars", "Astrid", "Erik", "Sofia", "Nils", "Karin", "Björn"],
           ["Sandström", "Lindqvist", "Bergström", "Nyström", "Åkesson", "Holm", "Ekdahl", "Wallin"]),
    "IT": (["Giulia", "Marco", "Chiara", "Luca", "Elena", "Matteo", "Sara", "Davide"],
           ["Ferrante", "Bianchi", "Moretti", "Gallo", "Conti", "Rinaldi", "Marchetti", "De Luca"]),
    "NO": (["Kari", "Ole", "Silje", "Henrik", "Ingvild", "Sindre", "Marit", "Jonas"],
           ["Hansen", "Solberg", "Bakken", "Haugen", "Moen", "Lie", "Strand", "Myhre"]),
    "DE": (["Anke", "Jürgen", "Lena", "Stefan"], ["Schröder", "Krüger", "Vogel", "Brandt"]),
    "GB": (["Tom", "Olivia", "Daniel", "Grace"], ["Okafor", "Hughes", "Patel", "Barker"]),
    "UA": (["Олена", "Андрій", "Катерина", "Дмитро"], ["Шевченко", "Бондаренко", "Коваленко", "Мельник"]),
}  # fmt: skip
COUNTRIES = {"PL": 30, "SE": 18, "IT": 16, "NO": 12, "DE": 10, "GB": 9, "UA": 5}

TITLES = {
    "decides": ["Head of Logistics", "Chief Operating Officer", "Transport Director", "VP Supply Chain", "Owner",
                "Director of Operations", "Head of Sales", "Founder"],
    "works": ["Freight Planner", "Transport Coordinator", "Operations Analyst", "Warehouse Supervisor", "Buyer",
              "Logistics Specialist", "Accountant", "IT Administrator"],
    "outside": ["Student", "Consultant", "Journalist", "Job applicant", "Research Assistant"],
}  # fmt: skip
FIRM_FIRST = ["Nord", "Pol", "Alba", "Bright", "Fjäll", "Kvadrat", "Balt", "Terra", "Vesta", "Silva", "Meri", "Orla",
              "Gran", "Sol", "Vela", "Aqua", "Ferro", "Lumi", "Karpat", "Adria"]  # fmt: skip
FIRM_LAST = ["havn", "metal", "ceramica", "foods", "textil", "logistik", "trade", "systems", "papir", "mobil"]
INDUSTRIES = ["manufacturing", "logistics", "retail", "food", "software", "public", "construction"]
FREE_MAIL = {"PL": "wp.pl", "IT": "libero.it", "SE": "outlook.com", "NO": "outlook.com"}
COMPETITORS = ["freightmind.example", "routewise.example", "cargologic.example"]
TRANSLITERATED = str.maketrans("ąćęłńóśźżåäöøæüß", "acelnoszzaaooaus")


class Person(msgspec.Struct, frozen=True):
    """A lead to be: `interest` 0..1 says how often and how deeply they come back."""

    number: int
    persona: str
    interest: float
    facts: dict[str, str | int]

    @property
    def user_id(self) -> str:
        return f"kestrel-{self.number}"


def person(number: int, random: Random, *, persona: str = "") -> Person:
    """Somebody; of a given persona, or of any as often as `PERSONAS` says."""
    persona = persona or random.choices(list(PERSONAS), list(PERSONAS.values()))[0]
    country = random.choices(list(COUNTRIES), list(COUNTRIES.values()))[0]
    first, last = (random.choice(part) for part in NAMES[country])
    firm = random.choice(FIRM_FIRST) + random.choice(FIRM_LAST)
    facts: dict[str, str | int] = {"first_name": first, "last_name": last, "country": country}
    facts["email"] = f"{mailbox(first, last, number)}@{domain(persona, firm, country, random)}"
    facts |= work(persona, firm, random)
    if random.random() < 0.55:
        facts["phone"] = f"+46 31 555 {number // 100 % 100:02} {number % 100:02}"
    return Person(number, persona, interest(persona, random), facts)


def mailbox(first: str, last: str, number: int) -> str:
    """A mailbox in plain letters; the number keeps namesakes apart."""
    plain = f"{first}.{last}".casefold().translate(TRANSLITERATED).replace(" ", "")
    return f"{plain}{number}" if plain.isascii() else f"office{number}"


def domain(persona: str, firm: str, country: str, random: Random) -> str:
    if persona == "competitor":
        return random.choice(COMPETITORS)
    if persona == "student":
        return f"student.{firm.casefold().translate(TRANSLITERATED)}.example"
    if persona == "job_seeker" or random.random() < (0.45 if persona == "small_firm" else 0.12):
        return FREE_MAIL.get(country, "gmail.com")
    return f"{firm.casefold().translate(TRANSLITERATED)}.example"


def work(persona: str, firm: str, random: Random) -> dict[str, str | int]:
    """Title and company; job seekers and students rarely have them."""
    if persona in ("job_seeker", "student"):
        return {"title": random.choice(TITLES["outside"])} if random.random() < 0.5 else {}
    decides = random.random() < {"buyer": 0.55, "returning_customer": 0.6}.get(persona, 0.3)
    small = persona == "small_firm" or (persona == "buyer" and random.random() < 0.2)
    employees = random.randint(1, 49) if small else int(50 * 10 ** random.uniform(0, 2.1))
    return {
        "title": random.choice(TITLES["decides" if decides else "works"]),
        "company": firm,
        "company.employees": employees,
        "company.industry": random.choice(INDUSTRIES[:4] if random.random() < 0.6 else INDUSTRIES),
    }


def interest(persona: str, random: Random) -> float:
    """Most people look once or twice; a few come back for weeks."""
    mean = {"buyer": 0.34, "returning_customer": 0.55, "small_firm": 0.25, "competitor": 0.35}.get(persona, 0.15)
    return min(1.0, random.betavariate(mean * 3, (1 - mean) * 3))
