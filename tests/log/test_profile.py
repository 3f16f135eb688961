"""What is known of a lead, for people's eyes."""

from tests.scoring.happened import day, said

from ripeline.server.log import profile


def test_only_the_newest_facts_are_kept_and_those_that_lists_show() -> None:
    facts: profile.Facts = {}
    for number in range(3):
        many = {f"f{number}x{place}": place for place in range(1_000)}
        profile.learn(facts, said(day(number), **{"email": "ann@firm.example"} if number == 0 else {}, **many))

    assert len(facts) == profile.MOST_KNOWN
    assert facts["email"].value == "ann@firm.example"
    assert not any(field.startswith("f0") for field in facts)


def test_what_two_leads_are_known_for_together_is_bounded_too() -> None:
    one, other = (
        profile.learnt([said(day(number), **{f"f{number}x{place}": place for place in range(1_500)})])
        for number in range(2)
    )

    joined = profile.joined(one, other)

    assert len(joined) == profile.MOST_KNOWN
    assert set(other) <= set(joined)
