"""Passwords as argon2id hashes. Hashing is slow and hungry on purpose, so two threads do it for everybody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_ARGON2 = PasswordHash((Argon2Hasher(),))
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


async def hashed(password: str) -> str:
    """What is stored of a password."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _ARGON2.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one that was hashed. None, for somebody who has none, takes as long to say no."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _matches, password, password_hash)


def _matches(password: str, password_hash: str | None) -> bool:
    is_right = _ARGON2.verify(password, password_hash or _nobodys())
    return is_right and password_hash is not None


@cache
def _nobodys() -> str:
    return _ARGON2.hash("nobody has this password")
