"""What Kestrel's sales people did with each MQL: accepted, rejected with a reason, won, lost, or not yet answered."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Literal

import msgspec

from ripeline.demo.company.staff import SELLERS
from ripeline.demo.company.targets import FUNNEL, REJECT_MIX, WIN_LIFT


class Crossed(msgspec.Struct, frozen=True):
    """A lead that became an MQL: when, and which criteria of `WIN_LIFT` had given it points by then."""

    lead: str
    at: datetime
    marks: frozenset[str]


class Decision(msgspec.Struct, frozen=True):
    """An act of sales (`accept`, `reject`) or an outcome (`won`, `lost`) with its recorded moment."""

    lead: str
    act: Literal["accept", "reject", "won", "lost"]
    at: datetime
    by: str
    reason: str = ""
    amount: int | None = None


def answers(crossed: Sequence[Crossed], *, end: datetime, random: Random) -> list[Decision]:
    """What sales answered to each; the shares of `targets` are quotas, not chances."""
    drawn = sorted(crossed, key=lambda lead: (lead.at, lead.lead))
    random.shuffle(drawn)
    accepted = round(FUNNEL["accepted"] * len(drawn))
    return [*acceptances(drawn[:accepted], end, random), *rejections(drawn[accepted:], end, random)]


def acceptances(leads: Iterable[Crossed], end: datetime, random: Random) -> list[Decision]:
    return [Decision(lead.lead, "accept", answered_at(lead, end, random), random.choice(SELLERS)) for lead in leads]


def rejections(leads: Sequence[Crossed], end: datetime, random: Random) -> list[Decision]:
    reasons = quotas(REJECT_MIX, len(leads))
    random.shuffle(reasons)
    return [
        Decision(lead.lead, "reject", answered_at(lead, end, random), random.choice(SELLERS), reason)
        for lead, reason in zip(leads, reasons, strict=True)
    ]


def answered_at(lead: Crossed, end: datetime, random: Random) -> datetime:
    """Most answers come within two hours, one in eight after the four that were agreed."""
    return min(lead.at + timedelta(hours=random.lognormvariate(0.4, 0.9)), end - timedelta(seconds=1))


def quotas(mix: dict[str, float], total: int) -> list[str]:
    """`total` labels in the proportions of `mix`, by largest remainder.

    >>> quotas({"a": 0.5, "b": 0.3, "c": 0.2}, 4)
    ['a', 'a', 'b', 'c']
    """
    exact = {label: share * total for label, share in mix.items()}
    counts = {label: int(share) for label, share in exact.items()}
    short = total - sum(counts.values())
    for label in sorted(mix, key=lambda label: counts[label] - exact[label])[:short]:
        counts[label] += 1
    return [label for label, count in counts.items() for _ in range(count)]


def outcomes(
    accepted: Sequence[Crossed], answer_of: dict[str, Decision], *, end: datetime, random: Random
) -> Iterator[Decision]:
    """Won and lost deals. Which are won follows the lifts; who was accepted last stays open."""
    settled = [lead for lead in accepted if answer_of[lead.lead].at < end - timedelta(days=3)]
    won = winners(settled, round(FUNNEL["won"] * len(accepted)), random)
    others = [lead for lead in settled if lead.lead not in won]
    random.shuffle(others)
    lost = {lead.lead for lead in others[: round(FUNNEL["lost"] * len(accepted))]}
    for lead in sorted(won | lost):
        answer = answer_of[lead]
        left = (end - answer.at) / timedelta(days=1)
        at = answer.at + timedelta(days=min(random.lognormvariate(3.1, 0.6), random.uniform(0.5, 0.98) * left))
        amount = int(round(random.lognormvariate(9.6, 0.7), -2)) if lead in won else None
        yield Decision(lead, "won" if lead in won else "lost", at, answer.by, amount=amount)


def winners(leads: Sequence[Crossed], count: int, random: Random) -> set[str]:
    """`count` leads, chosen so that each mark's lift comes out as `WIN_LIFT` has it.

    The chances are fitted by proportional adjustment, then drawn systematically along leads sorted by their marks, so
    that every combination of marks wins as often as its chances add up to, give or take one.
    """
    chances = fitted_chances([lead.marks for lead in leads], count)
    order = sorted(range(len(leads)), key=lambda i: (sorted(leads[i].marks), leads[i].lead))
    running, won = random.random(), set()
    for i in order:
        running += chances[i]
        if running >= 1:
            running -= 1
            won.add(leads[i].lead)
    return won


def fitted_chances(marks: Sequence[frozenset[str]], count: int) -> list[float]:
    """A chance for each lead; they add up to about `count` and reproduce every lift of `WIN_LIFT`."""
    chances = [count / len(marks)] * len(marks) if marks else []
    for _ in range(60):
        for mark, target in WIN_LIFT.items():
            wanted = target / lift(mark, marks, chances)
            chances = [
                min(0.95, chance * (wanted if mark in own else 1.0)) for chance, own in zip(chances, marks, strict=True)
            ]
        scale = count / sum(chances) if chances else 1.0
        chances = [min(0.95, chance * scale) for chance in chances]
    return chances


def lift(mark: str, marks: Sequence[frozenset[str]], chances: Sequence[float]) -> float:
    """How much likelier those with the mark are to win; 1 where nobody has it or everybody."""
    having = [chance for chance, own in zip(chances, marks, strict=True) if mark in own]
    lacking = [chance for chance, own in zip(chances, marks, strict=True) if mark not in own]
    if not having or not lacking or not sum(having) or not sum(lacking):
        return 1.0
    return (sum(having) / len(having)) / (sum(lacking) / len(lacking))
