# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""From wanted images to edits of the files that name them. Pure.

Every edit is a place in the original text; nothing is printed from what was parsed. What
cannot be changed without a guess is left, with the reason.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence, Tuple

from .image import Image, named_image
from .model import Dockerfile, Edit, Instruction, Piece, Reference, Source, Span
from .terminal import Refused, printable

#: In a spelling, a value that is not in the files; no image's name can hold it.
_UNKNOWN = "\0"
#: What gives a value its name (``ARG NAME=``, ``NAME: ``), up to where the value begins.
_NAME_BEFORE = re.compile(
    r"\b([A-Za-z_]\w*)[\"']?[ \t]*[=:][ \t]*(?:[&!]\S*[ \t]+)*[\"']?[^\s\"']*$",
    re.ASCII,
)
#: The name of a variable where its value is put in.
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
_BY_HAND = "change it by hand"

_Key = Tuple[str, int, int]


class Wanted(NamedTuple):
    """A reference, and what it should become; None: it stays."""

    reference: Reference
    image: Image | None
    same_content: bool = False  #: the same bytes are served there: a digest stays


class Outcome(NamedTuple):
    """What becomes of one reference."""

    reference: Reference
    edits: tuple[Edit, ...] = ()  #: an edit of a shared value is in several outcomes
    new: str = ""  #: what it expands to after the edits
    note: str = ""  #: what is lost, with its place
    reason: str = ""  #: why it cannot be changed safely, a clause


class Plan(NamedTuple):
    """What will be changed."""

    outcomes: tuple[Outcome, ...]  #: of each reference given, in that order
    edits: tuple[Edit, ...]  #: each once, by place
    left: tuple[Outcome, ...]  #: those that cannot be changed safely
    notes: tuple[str, ...]  #: what is lost, each with its place


def plan_edits(
    wanted: Sequence[Wanted], dockerfiles: Sequence[Dockerfile] = ()
) -> Plan:
    """Return the edits that make each reference what it should become.

    :param wanted: every reference of the files, also those that stay: a value that two of
        them share is changed only when both want the same.
    :param dockerfiles: those that hold the references: a value that a command uses, too,
        is not changed.
    """
    outcomes = [_plan_one(item) for item in wanted]
    users = _find_users(outcomes, dockerfiles)
    for number, one in enumerate(outcomes):
        for span in (edit.span for edit in one.edits):
            found = users[span.key].items()
            other = next((place for edits, place in found if edits != one.edits), "")
            if other:
                reason = f"{_describe(span)} is also used at {other}: {_BY_HAND}"
                outcomes[number] = Outcome(one.reference, reason=reason)
    edits = {edit.span.key: edit for one in outcomes for edit in one.edits}
    return Plan(
        tuple(outcomes),
        tuple(edits[key] for key in sorted(edits)),
        tuple(one for one in outcomes if one.reason),
        tuple(one.note for one in outcomes if one.note),
    )


def _plan_one(item: Wanted) -> Outcome:
    """Return what one reference needs, regardless of the others."""
    reference, old = item.reference, _spell(item.reference.pieces)
    if item.image is None:
        return Outcome(reference)
    try:
        new, note = respell(old, item.image, item.same_content)
        if new == old:
            return Outcome(reference)
        if reference.fixed:
            raise Refused(reference.fixed)
        if reference.split:
            edits = tuple(_edit_parts(reference, item.image, new))
        else:
            edits = (_edit_piece(reference, old, new),)
    except Refused as error:
        return Outcome(reference, reason=error.message)
    return Outcome(reference, edits, new, f"{reference.span}: {note}" if note else "")


# How an image is spelt in another's place


def _spell(pieces: Iterable[Piece]) -> str:
    texts = (piece.text for piece in pieces)
    return "".join(_UNKNOWN if text is None else text for text in texts)


def respell(old: str, image: Image, same_content: bool = False) -> tuple[str, str]:
    """Return the spelling of an image in place of an old one, and a note on what is lost.

    The same image comes back as it was written. A missing tag stays missing when it would
    be ``latest``, an unknown one stays whatever it is.

    :param same_content: the same bytes are served there, so that a digest stays true.
    :raises Refused: when it would be a guess.
    """
    now, rest = named_image((old,)), old[_find_tag(old) :]
    if now is None:
        raise Refused("its name depends on a value that is not in the files")
    tag = None if now.tag is None and image.tag == "latest" else image.tag
    unknown = now.tag is None and rest.startswith(":")
    if now.name == image.name and (unknown or now.tag == tag):
        return old, ""
    if unknown:
        if image.tag is not None or ("@" in rest and not same_content):
            raise Refused("its tag is unknown: it can only be the same image elsewhere")
        return image.name + rest, ""
    digest = now.digest if same_content else None
    new = str(image._replace(tag=tag, digest=digest)) if tag or digest else image.name
    if now.digest == digest:
        return new, ""
    if now.tag is None or now.tag != tag:
        raise Refused("it has a digest, which names this one image")
    return new, "the digest was dropped: it belongs to the old registry"


def _find_tag(spelling: str) -> int:
    """Return where the tag's colon is, or where it would be."""
    head = spelling.partition("@")[0]
    colon = head.find(":", head.rfind("/") + 1)
    return colon if colon >= 0 else len(head)


def _edit_piece(reference: Reference, old: str, new: str) -> Edit:
    """Return the one edit that does it; more than one would overwrite a variable."""
    tag, stays = _find_tag(old), old[_find_tag(old) :] == new[_find_tag(new) :]
    at = 0
    for piece in reference.pieces:
        end = at + len(_spell([piece]))
        before, after = old[:at], old[end:]
        # What another piece holds of the tag is right by chance where the tag changes.
        if piece.text and (stays or not after):
            value = new[at : len(new) - len(after)]
            if before + value + after == new:
                break
        at = end
    else:
        raise Refused(f"it is put together from several values: {_BY_HAND}")
    if piece.span and at >= tag and not _is_in_place(reference, piece.span):
        reason = "holds its tag only, and may be used elsewhere"
        raise Refused(f"{_describe(piece.span)} {reason}")
    if piece.span and reference.pieces.count(piece) > 1:
        reason = "is used more than once in one name"
        raise Refused(f"{_describe(piece.span)} {reason}")
    return _edit(piece.span, piece.text, value)


def _edit_parts(reference: Reference, image: Image, new: str) -> Iterator[Edit]:
    """Yield the edits of registry, repository and, if there is one, tag of Helm's values."""
    registry, repository, *tags = reference.pieces[::2]
    path = repository.text or ""
    host = image.name[: -len(path) - 1]
    if image.name != f"{host}/{path}":
        host, path = image.registry, image.repository
    tag = new[len(image.name) + 1 :]
    if tag and not tags:
        raise Refused(f"there is no tag alongside it: {_BY_HAND}")
    for piece, text in zip((registry, repository, *tags), (host, path, tag)):
        if _spell([piece]) != text:
            yield _edit(piece.span, piece.text, text)


def _edit(span: Span | None, old: str | None, new: str) -> Edit:
    """Return the edit of a value that is written there as it is used."""
    if span is None or span.text != old:
        raise Refused(f"it is not written in one stretch: {_BY_HAND}")
    quoted = span.start > 0 and span.source.text[span.start - 1] in "'\""
    if "[" in new and not quoted and span.path.lower().endswith((".yml", ".yaml")):
        raise Refused(f"[ in the new name would need quotes here: {_BY_HAND}")
    return Edit(span, new)


def _is_in_place(reference: Reference, span: Span) -> bool:
    """Tell whether a value is written where the image is named, not in a variable."""
    used = reference.span
    return used.path == span.path and used.start <= span.start and span.end <= used.end


def _name_of(span: Span) -> str:
    """Return the name of the variable whose value is written there, if it has one."""
    named = _NAME_BEFORE.search(span.source.text[max(0, span.start - 80) : span.start])
    return named[1] if named else ""


def _describe(span: Span) -> str:
    return f"{_name_of(span) or 'the value'} ({span})"


# Values that serve several uses: one edit changes them all, or none


def _find_users(
    outcomes: Sequence[Outcome], dockerfiles: Sequence[Dockerfile]
) -> dict[_Key, dict[tuple[Edit, ...], str]]:
    """Return who uses each place, by the edits that it wants; a command wants none."""
    users: dict[_Key, dict[tuple[Edit, ...], str]] = {}
    commands: dict[tuple[str, str], Instruction] = {}
    for dockerfile in dockerfiles:
        commands.update(_find_commands(dockerfile))
    for one in outcomes:
        reference = one.reference
        for span in (piece.span for piece in reference.pieces if piece.span):
            own = users.setdefault(span.key, {})
            own.setdefault(one.edits, str(reference.span))
            command = commands.get((reference.span.path, _name_of(span)))
            if command and not _is_in_place(reference, span):
                own.setdefault((), f"{command.span.at_line} by {command.keyword}")
    return users


def _find_commands(dockerfile: Dockerfile) -> dict[tuple[str, str], Instruction]:
    """Return the first instruction that uses each ARG for something else than an image.

    An ARG from before the first FROM is visible in a stage that declares it again without
    a value of its own, and in the stages below; all that follow are taken for those.
    """
    uses: dict[tuple[str, str], Instruction] = {}
    declared: set[str] = set()
    for step in dockerfile.instructions:
        if step.stage is None or step.keyword == "FROM":
            continue
        text = " ".join([step.text, *(heredoc.text for heredoc in step.heredocs)])
        for name in declared.intersection(_VARIABLE.findall(text)):
            uses.setdefault((dockerfile.path, name), step)
        if step.keyword == "ARG":
            declared.update(word for word in step.text.split() if "=" not in word)
    return uses


# Edits to texts


def change_files(edits: Iterable[Edit]) -> tuple[tuple[Source, str], ...]:
    """Return each file that edits change, by path, and its new text.

    :raises Refused: when two of them overlap.
    """
    ordered = sorted(set(edits), key=lambda edit: edit.span.key)
    changed = []
    for _, group in groupby(ordered, key=lambda edit: edit.span.path):
        own = list(group)
        source, parts, end = own[0].span.source, [], 0
        for span, new in own:
            if span.start < end:
                raise Refused(f"{span}: two changes overlap here")
            parts += [source.text[end : span.start], new]
            end = span.end
        changed.append((source, "".join([*parts, source.text[end:]])))
    return tuple(changed)


def check_edits(
    plan: Plan, read: Callable[[Mapping[str, str]], Sequence[Reference]]
) -> tuple[tuple[Source, str], ...]:
    """Return each file that changes and its new text, after reading all of it again.

    :param read: given the changed texts by path, reads all the files again and returns
        their references in the order of the plan.
    :raises Refused: when anything but the intended references would have changed.
    """
    changed = change_files(plan.edits)
    after = read({source.path: text for source, text in changed})
    for outcome, found in zip(plan.outcomes, after):
        before = outcome.reference
        # No change of a name may touch its file, its stage, its service and the like.
        same = before._replace(span=found.span, text=found.text, pieces=found.pieces)
        expected = outcome.new or _spell(before.pieces)
        if (found, found.span.path) != (same, before.span.path) or (
            _spell(found.pieces) != expected
        ):
            place = before.span
            raise Refused(f"{place}: the changed file would be read differently here")
    if len(after) != len(plan.outcomes):
        paths = ", ".join(source.path for source, _ in changed)
        raise Refused(f"{paths}: the changed files would name other images than before")
    return changed


def show_diff(source: Source, text: str) -> str:
    """Return the unified diff from a file to a changed text, safe to print.

    An edit stays within its line, so that both texts have the same lines and numbers.
    """
    olds, news = source.text.split("\n"), text.split("\n")
    path = printable(source.path)
    shown = [f"--- {path}", f"+++ {path}"]
    for differs, run in groupby(range(len(olds)), lambda at: olds[at] != news[at]):
        if not differs:
            continue
        first, *more = run
        end = first + len(more) + 1
        lines = f"{first + 1},{end - first}" if more else f"{first + 1}"
        shown.append(f"@@ -{lines} +{lines} @@")
        for sign, side in (("-", olds), ("+", news)):
            # The carriage return of a line's end is no part of what changes.
            shown += [sign + printable(line.rstrip("\r")) for line in side[first:end]]
            if end == len(olds):
                shown.append("\\ No newline at end of file")
    return "\n".join(shown) + "\n" if len(shown) > 2 else ""
