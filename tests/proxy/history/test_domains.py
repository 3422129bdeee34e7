"""Who is a colleague where no configuration says so."""

from proxy.history.domains import free_mail, hermetic_owner, is_free_mail


def test_the_owners_domain_and_its_subdomains_are_internal() -> None:
    owner = hermetic_owner(["Ann+mail@Quay.example"])
    assert owner.is_own("ann@quay.example")
    assert owner.is_internal("bo@quay.example")
    assert owner.is_internal("bo@lab.quay.example")
    assert not owner.is_internal("bo@bluequay.example")


def test_a_free_mail_domain_makes_nobody_a_colleague() -> None:
    owner = hermetic_owner(["ann@gmail.com", "ann@quay.example"])
    assert not owner.is_internal("bo@gmail.com")
    assert owner.is_internal("bo@quay.example")


def test_given_domains_replace_the_guess() -> None:
    owner = hermetic_owner(["ann@quay.example"], ["pier.example"])
    assert owner.is_internal("bo@pier.example")
    assert not owner.is_internal("bo@quay.example")


def test_the_list_is_clean() -> None:
    assert all(d == d.lower().strip() and "." in d and "@" not in d for d in free_mail())
    assert is_free_mail("mail.gmx.net")
    assert not is_free_mail("net")
