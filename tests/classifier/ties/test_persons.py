"""Full names that are one, and what two addresses must share beside them."""

import pytest

from classifier.ties.persons import is_personal_address, key_in_address, name_key, same_organisation


@pytest.mark.parametrize(
    "other",
    [
        "Fox, Jo",
        "Dr. Jo P. Fox",
        "JO FOX",
        "Jo Fox (Harbour Office)",
        "'Jo Fox' via LinkedIn",
        "Jó Fox",
        "Jo Fox – Quay Ltd",
    ],
)
def test_a_full_name_is_known_in_any_dress(other: str) -> None:
    assert name_key(other) == name_key("Jo Fox") != 0


@pytest.mark.parametrize("name", ["", "Jo", "Mr Fox", "jo.fox@x.example", "J. F.", "Jo Fox@x.example"])
def test_less_than_a_full_name_says_nothing(name: str) -> None:
    assert name_key(name) == 0


def test_another_name_is_another() -> None:
    assert name_key("Jo Fox") != name_key("Jo Foxley")
    assert name_key("Jo Fox") != name_key("Jo Anne Fox")


def test_an_address_may_spell_out_the_name() -> None:
    assert key_in_address("jo.fox@x.example") == name_key("Jo Fox")
    assert key_in_address("jofox@x.example") == 0
    assert key_in_address("sales.team@x.example") == 0


def test_an_organisation_is_what_was_registered_and_never_free_mail() -> None:
    assert same_organisation("jo@lab.quay.co.uk", "j.fox@quay.co.uk") == "quay.co.uk"
    assert same_organisation("jo@quay.co.uk", "jo@pier.co.uk") == ""
    assert same_organisation("jo@gmail.com", "j.fox@gmail.com") == ""
    assert same_organisation("jo", "jo") == ""


def test_a_roles_mailbox_is_nobody() -> None:
    assert is_personal_address("jo@quay.example")
    assert not is_personal_address("info@quay.example")
