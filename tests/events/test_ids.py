"""Under which sixteen bytes a message counts once."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ripeline.events.ids import message_key, new_message_id


@given(st.uuids())
def test_a_canonical_uuid_is_its_own_bytes(id: UUID) -> None:
    assert message_key(str(id)) == id.bytes


@given(st.text(), st.text())
def test_two_ids_share_a_key_only_if_they_are_one(one: str, other: str) -> None:
    assert (message_key(one) == message_key(other)) == (one == other)
    assert len(message_key(one)) == 16


def test_other_spellings_of_a_uuid_are_other_ids() -> None:
    plain = "6f1f2c3e-aaaa-4000-8000-0123456789ab"
    spellings = [plain, plain.upper(), plain.replace("-", ""), f"{{{plain}}}", plain[:-1] + " ", plain[:-2] + "  "]

    assert len({message_key(spelling) for spelling in spellings}) == len(spellings)


def test_a_new_id_is_like_no_other() -> None:
    assert new_message_id() != new_message_id()
