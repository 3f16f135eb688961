from django.utils import translation

from ripeline.server.figures import figure, shown_total, signed


def test_gains_have_a_plus_and_losses_a_real_minus() -> None:
    assert [signed(points) for points in (15, -8, 0, 2.55, -0.04)] == ["+15", "−8", "0", "+2.5", "0"]


def test_figures_follow_the_readers_language() -> None:
    with translation.override("pl"):
        assert figure(2.5) == "2,5"


def test_a_total_is_never_rounded_across_the_gate() -> None:
    assert shown_total(64.96, gate=65) == 64.9
    assert shown_total(65.04, gate=65) == 65.0
    assert shown_total(64.96, gate=None) == 65.0
