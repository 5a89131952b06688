"""Glob patterns for the operator `matches`: `*` any text, `?` one character, `[a-z]` one of a set, `[!a-z]` none of it.

The matcher remembers only the last star, so its time is bounded by the length of the pattern times that of the text: a
rule must never hold up the assignment, which a backtracking regular expression could."""

from functools import lru_cache

_Token = tuple[frozenset[str], tuple[tuple[str, str], ...], bool]
"""What one character of the text may be: one of these, or within one of these ranges; turned around where true."""

_STAR: _Token = (frozenset(), (), False)
_ANY_CHARACTER: _Token = (frozenset(), (), True)


def glob_matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern; upper and lower case differ."""
    tokens = _tokens(pattern)
    token = position = 0
    star, resume = -1, 0
    while position < len(text):
        if token < len(tokens) and tokens[token] is _STAR:
            star, resume = token, position
            token += 1
        elif token < len(tokens) and _accepts(tokens[token], text[position]):
            token += 1
            position += 1
        elif star >= 0:
            resume += 1
            token, position = star + 1, resume
        else:
            return False
    return all(rest is _STAR for rest in tokens[token:])


def _accepts(token: _Token, character: str) -> bool:
    characters, ranges, negated = token
    found = character in characters or any(first <= character <= last for first, last in ranges)
    return found is not negated


@lru_cache(maxsize=1024)
def _tokens(pattern: str) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        end = _end_of_set(pattern, position) if character == "[" else -1
        if character == "*":
            tokens.append(_STAR)
        elif character == "?":
            tokens.append(_ANY_CHARACTER)
        elif end > 0:
            tokens.append(_set(pattern[position + 1 : end]))
            position = end
        else:
            tokens.append((frozenset(character), (), False))
        position += 1
    return tuple(tokens)


def _end_of_set(pattern: str, start: int) -> int:
    """Where the set that begins at `start` is closed, or -1: then the bracket stands for itself."""
    first = start + 2 if pattern.startswith("!", start + 1) else start + 1
    return pattern.find("]", first + 1)


def _set(content: str) -> _Token:
    negated = content.startswith("!")
    content = content.removeprefix("!")
    characters, ranges = set[str](), list[tuple[str, str]]()
    position = 0
    while position < len(content):
        if content[position + 1 : position + 2] == "-" and position + 2 < len(content):
            ranges.append((content[position], content[position + 2]))
            position += 3
        else:
            characters.add(content[position])
            position += 1
    return frozenset(characters), tuple(ranges), negated
