import pytest
from argon2 import PasswordHasher, profiles
from markezy.accounts import passwords


@pytest.mark.usefixtures("costly_passwords")
def test_a_password_costs_whoever_guesses_it_what_the_standard_asks_for() -> None:
    stored = passwords.hash_password("correct horse battery")
    own = profiles.RFC_9106_LOW_MEMORY
    assert stored.startswith(f"$argon2id$v=19$m={own.memory_cost},t={own.time_cost},p={own.parallelism}$")
    assert passwords.is_right("correct horse battery", stored)
    assert not passwords.is_right("correct horse", stored)
    assert not passwords.is_outdated(stored)


@pytest.mark.usefixtures("costly_passwords")
def test_a_hash_that_was_cheaper_to_make_is_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse"))
