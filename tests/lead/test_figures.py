from django.utils import translation

from ripeline.server.figures import figure, signed, whole


def test_gains_have_a_plus_and_losses_a_real_minus() -> None:
    assert [signed(points) for points in (15, -8, 0, 2.55, -0.04)] == ["+15", "−8", "0", "+2.5", "0"]


def test_figures_follow_the_readers_language() -> None:
    with translation.override("pl"):
        assert figure(2.5) == "2,5"


def test_a_ring_below_the_gate_does_not_read_as_the_gate() -> None:
    assert whole(64.96, gate=65) == "64"
    assert whole(65.0, gate=65) == whole(64.96, gate=None) == "65"
