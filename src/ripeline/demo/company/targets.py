"""What the demo company's history must show; `tests/demo` asserts each figure within 10 % of what the fold finds.

The generator aims at these: quotas decide who is accepted, rejected and won, and weights are fitted so that each
criterion's win lift comes out as listed. A share is of the step before it.
"""

VISITORS = 16_000  # people who came to the site, leads among them
LEADS = 5_000
EVENTS = 300_000
DAYS = 182

# Minutes before the end at which somebody asks for a demo and is still waiting; Kestrel answers within four hours.
WAITING = (282, 212, 189, 110, 75, 52, 16, 3)

FUNNEL = {
    "lead": LEADS / VISITORS,  # left a way to reach them
    "mql": 0.26,  # of leads: ever crossed the gate
    "accepted": 0.70,  # of those whom sales has answered
    "won": 0.26,  # of the accepted
    "lost": 0.44,  # of the accepted; the others are still open
}

REJECT_MIX = {"not_now": 0.34, "no_answer": 0.28, "not_a_fit": 0.26, "bad_contact_details": 0.12}

# How much likelier an accepted lead with the mark was won than one without it.
WIN_LIFT = {
    "decides": 1.8,
    "right_size": 1.5,
    "webinar": 1.6,
    "pricing_page": 1.4,
    "free_mailbox": 0.5,
    "newsletter": 1.0,  # the points Kestrel gives it are not earned: a review should notice
}

# Who the leads are.
PERSONAS = {
    "buyer": 0.44,
    "small_firm": 0.19,
    "reader": 0.13,
    "job_seeker": 0.10,
    "student": 0.05,
    "competitor": 0.03,
    "returning_customer": 0.06,
}
