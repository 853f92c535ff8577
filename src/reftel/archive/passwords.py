"""Names and passwords of users: how they are written, hashed and checked. The hash is Argon2id."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from reftel.archive.accounts import Accounts
from reftel.errors import ReftelError

LEAST, MOST = 10, 1000  # characters of a password
_LONGEST = 64  # of a name


def fold_name(name: str) -> str:
    """A user's name as it is kept: however it is typed, "Ana" and "ANA" are one. ReftelError if it is no name."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())
    if not folded[:1].isalnum() or not all(c.isalnum() or c in "._-@+" for c in folded) or len(folded) > _LONGEST:
        raise ReftelError(
            f"{name!r} can be no user's name. Take up to {_LONGEST} letters and digits, with . _ - @ + between them."
        )
    return folded


def hash_password(name: str, password: str, hasher: PasswordHasher) -> str:
    """What is kept of a new password. ReftelError if it is too easy."""
    if not LEAST <= len(password) <= MOST:
        raise ReftelError(f"A password has at least {LEAST} characters, and at most {MOST:,}. Several words are best.")
    if _normal(password).decode("utf-8", "replace").casefold() == name:
        raise ReftelError("The password is the name. Take another.")
    return hasher.hash(_normal(password))


def check_password(accounts: Accounts, name: str, password: str, hasher: PasswordHasher) -> bool:
    """Whether a password is the user's. For a name that nobody has the answer takes as long.

    name: folded. A hash of another cost than the hasher's is renewed.
    """
    secret = accounts.secret(name)
    said = _normal(password[:MOST])
    try:
        hasher.verify(secret or nobodys(hasher), said)
    except VerifyMismatchError:
        return False
    if secret is None:
        return False
    if hasher.check_needs_rehash(secret):
        accounts.renew_secret(name, secret, hasher.hash(said))
    return True


@cache
def nobodys(hasher: PasswordHasher) -> str:
    """The hash that is checked for names that nobody has. Made once, and better before the first of them comes."""
    return hasher.hash(secrets.token_bytes(32))


def _normal(password: str) -> bytes:
    """However a keyboard composes its accents, the same bytes."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
