"""The colours of UI.md §4 keep their contrast: axe cannot judge text over SVG, so the tokens are judged here."""

import re
from itertools import product

import pytest

from ripeline.server.console import assets

STYLESHEET = (assets.OURS / "console/ripeline.css").read_text("utf-8")
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\);", STYLESHEET
    )
}
GROUNDS = ("bg", "surface", "raised", "sunken", "hover", "select")
TEXTS = ("tx", "tx2", "tx3", "acc", "good", "warn", "bad")
OVER_SURFACE = {
    "ctl": (3.65, 3.87), "tx": (17.7, 15.3), "tx2": (7.7, 8.3), "tx3": (5.7, 6.0), "acc": (6.8, 7.4),
    "good": (6.1, 8.5), "warn": (6.4, 9.9), "bad": (6.5, 8.2),
    "c-fit": (5.5, 5.8), "c-eng": (4.5, 7.1), "c-neg": (4.9, 6.6), "c-age": (3.7, 4.4),
}  # fmt: skip


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("token", OVER_SURFACE)
def test_a_token_has_the_contrast_it_was_chosen_for(token: str) -> None:
    found = tuple(contrast(TOKENS[token][scheme], TOKENS["surface"][scheme]) for scheme in ("light", "dark"))

    assert found == pytest.approx(OVER_SURFACE[token], abs=0.06)


@pytest.mark.parametrize(("text", "ground", "scheme"), list(product(TEXTS, GROUNDS, ("light", "dark"))))
def test_text_can_be_read_on_every_ground(text: str, ground: str, scheme: str) -> None:
    assert contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.88


@pytest.mark.parametrize(("tone", "scheme"), list(product(("good", "warn", "bad"), ("light", "dark"))))
def test_a_tone_can_be_read_on_its_own_ground(tone: str, scheme: str) -> None:
    assert contrast(TOKENS[tone][scheme], TOKENS[f"{tone}-bg"][scheme]) >= 4.88


@pytest.mark.parametrize(
    ("fill", "scheme"), list(product(("acc-fill", "acc-fill-hover", "bad-fill", "bad-fill-hover"), ("light", "dark")))
)
def test_white_can_be_read_on_a_filled_button(fill: str, scheme: str) -> None:
    assert contrast("#fff", TOKENS[fill][scheme]) >= 4.88


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_current_place_and_initials_can_be_read(scheme: str) -> None:
    assert contrast(TOKENS["tx"][scheme], TOKENS["line"][scheme]) >= 4.88
    assert contrast(TOKENS["leaf"][scheme], TOKENS["leaf-bg"][scheme]) >= 4.88
