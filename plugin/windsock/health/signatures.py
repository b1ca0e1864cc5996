"""The fingerprint of a failure: the same for failures that a person would call the same.

What is out of reach, missing, late or killed is one failure wherever it strikes: it is told by the innermost
exception and by the places and codes that its message names. What is wrong in data or code is told by where in
the user's own code it happened, since its message changes with the data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from windsock.health.error_class import (
    CalledFrame,
    Classification,
    ExceptionFacts,
    LoggedFailure,
    Said,
    classify,
    said_in,
    short_type,
    unfolded,
)
from windsock.health.explain import Explanation
from windsock.health.frames import is_own_frame
from windsock.health.model import ErrorClass
from windsock.health.templating import place_in, template

VERSION: Final = "1"
"""Raised with every change that gives a failure another signature, so that old and new are never mixed up."""
MAX_TITLE: Final = 160
_MAX_FRAMES: Final = 200
_DIGEST: Final = 20

BY_PLACE: Final = frozenset(
    {ErrorClass.INFRASTRUCTURE, ErrorClass.DEPENDENCY, ErrorClass.TIMEOUT, ErrorClass.KILLED}
)
"""The classes whose failures are told by their message, and not by the code that met them."""

# Folders that begin anew for each version of the user's code, or differ between workers: what stands before
# them, and they themselves, do not tell a module.
_ROOTS: Final = frozenset(
    {"dags", "plugins", "include", "site-packages", "dist-packages", "src", "tracking_repo"}
)
_VERSIONS: Final = "versions"
_FALLBACK_DEPTH: Final = 3
_COMPILED: Final = (".pyx", ".pxi", ".pxd", ".rs", ".c", ".cpp")
"""Endings of the files that compiled libraries name in a traceback, without the folder they lie in."""
_ANONYMOUS: Final = frozenset({"<module>", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", None})


@dataclass(frozen=True, slots=True)
class Signature:
    """The fingerprint of one failure, with what a person reads of it."""

    value: str
    """Version and digest, as in ``1:0f3a…``; equal for failures that are the same."""
    title: str
    """In words, without variable parts."""
    error_class: ErrorClass
    evidence: str
    """The line that decided the class."""


def sign(
    failure: LoggedFailure, *, dag_file: str | None = None, own_packages: Sequence[str] = ()
) -> Signature | None:
    """Return the signature of a failure that left something in a log; None when it left nothing.

    :param dag_file: the Dag's file inside its bundle, always the user's own
    :param own_packages: installed packages that are the user's own
    """
    found = classify(failure)
    chain = unfolded(failure.chain)
    if failure.deciding_line and (failure.in_output or not chain):
        return _of_line(failure.deciding_line, found)
    if not chain:
        return None
    if found.error_class in BY_PLACE:
        return _of_root(chain, found)
    frames = _own_frames(chain, dag_file, own_packages)
    return _of_frames(chain, frames, found) if frames else _of_message(chain[0], found)


def sign_explanation(explanation: Explanation) -> Signature | None:
    """Return the signature of a failure without a log; None for what is no failure of its own."""
    if explanation.reason is None:
        return None
    found = Classification(explanation.error_class, explanation.evidence)
    return _of_line(explanation.reason, found)


def _made(parts: Iterable[str], title: str, found: Classification) -> Signature:
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
    title = " ".join(title.split())
    shown = title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"
    return Signature(f"{VERSION}:{digest[:_DIGEST]}", shown, found.error_class, found.evidence)


def _of_said(said: Said, place: str | None, found: Classification) -> Signature:
    words = template(said.message)
    title = ": ".join(part for part in (said.type, words) if part)
    if place or not words:
        # a root that says nothing is told by the place, or by what was made of it
        title = f"{title} ({place or found.evidence})"
    return _made(("message", said.type, words, place or ""), title, found)


def _of_line(line: str, found: Classification) -> Signature:
    return _of_said(said_in(line), None, found)


def _of_message(root: ExceptionFacts, found: Classification) -> Signature:
    return _of_said(Said(short_type(root.type), root.message), None, found)


def _of_root(chain: Sequence[ExceptionFacts], found: Classification) -> Signature:
    start = _root_position(chain, found)
    root = chain[start]
    # "Connection refused" alone names no place; the library that raised the next exception does
    place = None
    if place_in(root.message) is None:
        place = next((named for link in chain[start + 1 :] if (named := place_in(link.message))), None)
    return _of_said(Said(short_type(root.type), root.message), place, found)


def _root_position(chain: Sequence[ExceptionFacts], found: Classification) -> int:
    """Return where the root stands: the innermost exception.

    An exception that was merely being handled when another one was raised (a cache that had no entry before
    the database was asked) did not lead to it: then the root is the innermost one that did.
    """
    decided = found.decided_by or 0
    return decided if decided and not any(link.is_cause for link in chain[:decided]) else 0


def _own_frames(
    chain: Sequence[ExceptionFacts], dag_file: str | None, own_packages: Sequence[str]
) -> list[tuple[str, str]]:
    """Module and function of the user's own frames, outermost first, each once: recursion is no difference."""
    found: dict[tuple[str, str], None] = {}
    for exception in reversed(chain):
        for frame in _bounded(exception.frames):
            if frame.function in _ANONYMOUS or frame.file.endswith(_COMPILED):
                continue
            if is_own_frame(frame.file, dag_file=dag_file, own_packages=own_packages):
                found[module_of(frame.file), frame.function or ""] = None
    return list(found)


def _bounded(frames: Sequence[CalledFrame]) -> Sequence[CalledFrame]:
    if len(frames) <= _MAX_FRAMES:
        return frames
    return [*frames[: _MAX_FRAMES // 2], *frames[-_MAX_FRAMES // 2 :]]


def module_of(file: str) -> str:
    """Return what is the same of a file on every worker and in every version of its bundle."""
    parts = file.replace("\\", "/").strip("/").split("/")
    begin = max((at + 1 for at, part in enumerate(parts[:-1]) if part in _ROOTS), default=None)
    versions = max((at + 2 for at, part in enumerate(parts[:-2]) if part == _VERSIONS), default=None)
    if begin is None and versions is not None and versions < len(parts):
        begin = versions
    if begin is None:
        begin = max(0, len(parts) - _FALLBACK_DEPTH)
    return "/".join(parts[begin:])


def _of_frames(
    chain: Sequence[ExceptionFacts], frames: Sequence[tuple[str, str]], found: Classification
) -> Signature:
    types = [short_type(link.type) for link in reversed(chain)]
    module, function = frames[-1]
    title = f"{short_type(chain[0].type)} in {function}, {module}"
    words = template(chain[0].message)
    if words:
        title = f"{title}: {words}"
    return _made(
        ("frames", *types, "", *(f"{module}\x1e{function}" for module, function in frames)), title, found
    )
