"""Compressed bodies, declared or not."""

import gzip
import zlib

import pytest

from ripeline.events.reason import Reason
from ripeline.events.unpacking import unpacked

BODY = b'{"batch": []}'


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "br"])
def test_gzip_is_known_by_its_bytes_whatever_the_header_says(encoding: str) -> None:
    assert unpacked(gzip.compress(BODY), encoding=encoding, at_most=100) == BODY
    assert unpacked(BODY, encoding=encoding, at_most=100) == BODY


def test_deflate_is_believed_of_what_is_no_json() -> None:
    assert unpacked(zlib.compress(BODY), encoding="deflate", at_most=100) == BODY


def test_gzip_in_several_members_is_one_body() -> None:
    assert unpacked(gzip.compress(BODY[:5]) + gzip.compress(BODY[5:]) + b"\0\0", at_most=100) == BODY


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_the_limit_is_of_the_unpacked_size(size: int, fits: bool) -> None:
    plain = b"x" * size

    assert (unpacked(plain, at_most=1000) == plain) is fits
    assert (unpacked(gzip.compress(plain), at_most=1000) == plain) is fits


def test_a_bomb_is_cut_off() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)

    assert unpacked(bomb, at_most=1_000_000) is Reason.TOO_LARGE
