# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""From wanted images to edits of the files that name them. Pure.

Every edit is a place in the original text; nothing is printed from what was parsed. What
cannot be changed without a guess is left, with the reason.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence, Tuple

from .errors import Refused
from .image import Image, named_image
from .model import Dockerfile, Edit, Instruction, Piece, Reference, Source, Span
from .terminal import printable

#: In a spelling, a value that is not in the files; no image's name can hold it.
_UNKNOWN = "\0"
#: What gives a value its name (``ARG NAME=``, ``NAME: ``), up to where the value begins.
_NAME_BEFORE = re.compile(
    r"\b([A-Za-z_]\w*)[\"']?[ \t]*[=:][ \t]*(?:[&!]\S*[ \t]+)*[\"']?[^\s\"']*$",
    re.ASCII,
)
#: Characters before a value in which its name is looked for.
_NEAR = 80
#: The name of a variable where its value is put in.
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
_BY_HAND = "change it by hand"
_SCATTERED = f"it is not written in one stretch: {_BY_HAND}"

_Key = Tuple[str, int, int]


class Wanted(NamedTuple):
    """A reference, and what it should become; None: it stays."""

    reference: Reference
    image: Image | None
    same_content: bool = False  #: the same bytes are served there: a digest stays


class Left(NamedTuple):
    """A reference that cannot be changed safely, and why, a clause."""

    reference: Reference
    reason: str


class Plan(NamedTuple):
    """What will be changed, and how every reference reads afterwards."""

    edits: tuple[Edit, ...]  #: each once, by place
    left: tuple[Left, ...]
    notes: tuple[str, ...]  #: what is lost, each with its place
    expected: tuple[str, ...]  #: spelling of each reference given, in that order
    #: The edits of each reference given, in that order; a shared one is in several.
    by_reference: tuple[tuple[Edit, ...], ...]


class CannotRespell(ValueError):
    """The new image cannot be written in the old one's place; the message says why."""


class _Draft(NamedTuple):
    """What one reference needs, regardless of the others."""

    reference: Reference
    edits: tuple[Edit, ...] = ()
    new: str = ""
    note: str = ""
    reason: str = ""  #: why it is left


def plan_edits(
    wanted: Sequence[Wanted], dockerfiles: Sequence[Dockerfile] = ()
) -> Plan:
    """Return the edits that make each reference what it should become.

    :param wanted: every reference of the files, also those that stay: a value that two of
        them share is changed only when both want the same.
    :param dockerfiles: those that hold the references: a value that a command uses, too,
        is not changed.
    """
    drafts = [_draft(item) for item in wanted]
    for number, reason in _find_conflicts(drafts, dockerfiles).items():
        drafts[number] = _Draft(drafts[number].reference, reason=reason)
    edits = {(edit.span.key, edit.new): edit for one in drafts for edit in one.edits}
    return Plan(
        tuple(edits[key] for key in sorted(edits)),
        tuple(Left(one.reference, one.reason) for one in drafts if one.reason),
        tuple(one.note for one in drafts if one.note),
        tuple(one.new if one.edits else spell(one.reference) for one in drafts),
        tuple(one.edits for one in drafts),
    )


def spell(reference: Reference) -> str:
    """Return what a reference expands to, with a mark for each unknown value."""
    return "".join(map(_spell, reference.pieces))


def _spell(piece: Piece) -> str:
    return _UNKNOWN if piece.text is None else piece.text


def _draft(item: Wanted) -> _Draft:
    reference, image = item.reference, item.image
    if image is None:
        return _Draft(reference)
    try:
        new, note = respell(spell(reference), image, item.same_content)
        if new == spell(reference):
            return _Draft(reference)
        if reference.fixed:
            raise CannotRespell(reference.fixed)
        if reference.split:
            edits = tuple(_edit_parts(reference, image, new))
        else:
            edits = (_edit_piece(reference, new),)
    except CannotRespell as error:
        return _Draft(reference, reason=str(error))
    return _Draft(reference, edits, new, f"{reference.span}: {note}" if note else "")


# How an image is spelt in another's place


def respell(old: str, image: Image, same_content: bool = False) -> tuple[str, str]:
    """Return the spelling of an image in place of an old one, and a note on what is lost.

    The same image comes back as it was written. A missing tag stays missing when it would
    be ``latest``, an unknown one stays whatever it is.

    :param same_content: the same bytes are served there, so that a digest stays true.
    :raises CannotRespell: when it would be a guess.
    """
    now, rest = named_image((old,)), old[_find_tag(old) :]
    if now is None:
        raise CannotRespell("its name depends on a value that is not in the files")
    if now.tag is None and rest.startswith(":"):
        return _respell_name(now, rest, image, same_content) or old, ""
    tag = None if now.tag is None and image.tag == "latest" else image.tag
    if (now.name, now.tag) == (image.name, tag):
        return old, ""
    digest = now.digest if same_content else None
    new = str(image._replace(tag=tag, digest=digest)) if tag or digest else image.name
    if now.digest == digest:
        return new, ""
    if now.tag is None:
        raise CannotRespell("it has a digest and no tag: it names this one image")
    if now.tag != tag:
        raise CannotRespell("it has a digest, which another tag would not have")
    return new, "the digest was dropped: it belongs to the old registry"


def _respell_name(now: Image, rest: str, image: Image, same_content: bool) -> str:
    """Return the spelling where the tag is unknown, nothing when it stays as it is."""
    if now.name == image.name:
        return ""
    if image.tag is not None:
        raise CannotRespell("its tag is unknown: it can only be the same tag elsewhere")
    if "@" in rest and not same_content:
        raise CannotRespell("its tag is unknown, and it has a digest")
    return image.name + rest


def _find_tag(spelling: str) -> int:
    """Return where the tag's colon is, or where it would be."""
    head = spelling.partition("@")[0]
    colon = head.find(":", head.rfind("/") + 1)
    return colon if colon >= 0 else len(head)


def _edit_piece(reference: Reference, new: str) -> Edit:
    """Return the one edit that takes a reference to its new spelling.

    :raises CannotRespell: when it takes more than one, or would overwrite a variable.
    """
    old = spell(reference)
    tag, stays = _find_tag(old), old[_find_tag(old) :] == new[_find_tag(new) :]
    at = 0
    for piece in reference.pieces:
        before, after = old[:at], old[at + len(_spell(piece)) :]
        # What another piece holds of the tag is right by chance where the tag changes.
        if piece.text and (stays or not after):
            value = new[len(before) : len(new) - len(after)]
            if before + value + after == new:
                break
        at += len(_spell(piece))
    else:
        raise CannotRespell(f"it is put together from several values: {_BY_HAND}")
    if piece.span and at >= tag and not _is_in_place(reference, piece.span):
        reason = "holds its tag only, and may be used elsewhere"
        raise CannotRespell(f"{_describe(piece.span)} {reason}")
    return _replace(piece, value)


def _edit_parts(reference: Reference, image: Image, new: str) -> Iterator[Edit]:
    """Yield the edits of registry, repository and, if there is one, tag of Helm's values."""
    parts, mark = {}, ""
    for piece in reference.pieces:
        if piece.span is None and piece.text in ("/", ":"):
            mark = piece.text
        else:
            parts[mark] = piece
    path = _spell(parts["/"])
    host = image.name[: -len(path) - 1]
    if image.name != f"{host}/{path}":
        host, path = image.registry, image.repository
    rest = new[len(image.name) + 1 :]
    if rest and ":" not in parts:
        raise CannotRespell(f"there is no tag alongside it: {_BY_HAND}")
    for mark, text in (("", host), ("/", path), (":", rest)):
        if mark in parts and _spell(parts[mark]) != text:
            yield _replace(parts[mark], text)


def _replace(piece: Piece, text: str) -> Edit:
    """Return the edit that gives a piece another text."""
    span = piece.span
    if span is None or span.text != piece.text:
        raise CannotRespell(_SCATTERED)
    quoted = span.start > 0 and span.source.text[span.start - 1] in "'\""
    if "[" in text and not quoted and span.path.lower().endswith((".yml", ".yaml")):
        raise CannotRespell(f"[ in the new name would need quotes here: {_BY_HAND}")
    return Edit(span, text)


def _is_in_place(reference: Reference, span: Span) -> bool:
    """Tell whether a value is written where the image is named, not in a variable."""
    used = reference.span
    return used.path == span.path and used.start <= span.start and span.end <= used.end


def _name_of(span: Span) -> str | None:
    """Return the name of the variable whose value is written there."""
    near = max(0, span.start - _NEAR)
    named = _NAME_BEFORE.search(span.source.text, near, span.start)
    return named[1] if named else None


def _describe(span: Span) -> str:
    return f"{_name_of(span) or 'the value'} ({span})"


# Values that serve several uses: one edit changes them all, or none


def _find_conflicts(
    drafts: Sequence[_Draft], dockerfiles: Sequence[Dockerfile]
) -> Mapping[int, str]:
    """Return the drafts that would change more than their own image, and why."""
    users, changes = _index_places(drafts)
    commands: dict[str, dict[str, Instruction]] = {}
    for dockerfile in dockerfiles:
        commands.setdefault(dockerfile.path, {}).update(find_uses(dockerfile))
    blocked: dict[int, str] = {}
    waiting = list(changes)[::-1]
    while waiting:
        key = waiting.pop()
        wanting = changes[key]
        reason = wanting and _find_reason(wanting, users[key], drafts, commands)
        if reason:
            # One that is left leaves those, too, that share a value with it. A place that
            # has failed is empty, so that all of it takes linear time.
            changes[key] = {}
            for number in wanting:
                blocked.setdefault(number, reason)
                for edit in drafts[number].edits:
                    changes[edit.span.key].pop(number, None)
                    waiting.append(edit.span.key)
    return blocked


def _index_places(
    drafts: Sequence[_Draft],
) -> tuple[dict[_Key, list[int]], dict[_Key, dict[int, Edit]]]:
    """Return, by place, the number of each draft that uses it, and those that change it."""
    users: dict[_Key, list[int]] = {}
    changes: dict[_Key, dict[int, Edit]] = {}
    for number, draft in enumerate(drafts):
        for piece in draft.reference.pieces:
            if piece.span:
                users.setdefault(piece.span.key, []).append(number)
        for edit in draft.edits:
            changes.setdefault(edit.span.key, {})[number] = edit
    return users, changes


def _find_reason(
    wanting: Mapping[int, Edit],
    users: Sequence[int],
    drafts: Sequence[_Draft],
    commands: Mapping[str, Mapping[str, Instruction]],
) -> str:
    """Return why a value has to stay as it is, a clause; nothing when it may change."""
    span = next(iter(wanting.values())).span
    for number in users:
        if number not in wanting:
            place = drafts[number].reference.span
            return f"{_describe(span)} is also used at {place}, which stays"
    if len({edit.new for edit in wanting.values()}) > 1:
        return f"{_describe(span)} is used by images that become different ones"
    if len(users) > len(wanting):
        return f"{_describe(span)} is used more than once in one name"
    name = _name_of(span) or ""
    for reference in (drafts[number].reference for number in wanting):
        command = commands.get(reference.span.path, {}).get(name)
        if command and not _is_in_place(reference, span):
            where = f"{command.span.at_line} by {command.keyword}"
            return f"{_describe(span)} is also used at {where}: {_BY_HAND}"
    return ""


def find_uses(dockerfile: Dockerfile) -> dict[str, Instruction]:
    """Return the first instruction that uses each ARG for something else than an image.

    An ARG from before the first FROM is visible in a stage that declares it again without
    a value of its own, and in the stages below; all that follow are taken for those.
    """
    uses: dict[str, Instruction] = {}
    declared: set[str] = set()
    for step in dockerfile.instructions:
        if step.stage is None or step.keyword == "FROM":
            continue
        text = " ".join([step.text, *(heredoc.text for heredoc in step.heredocs)])
        for name in declared.intersection(_VARIABLE.findall(text)):
            uses.setdefault(name, step)
        if step.keyword == "ARG":
            declared.update(word for word in step.text.split() if "=" not in word)
    outside = (step for step in dockerfile.instructions if step.stage is None)
    words = [word for step in outside for word in step.text.split()]
    # ``ARG A=x`` and ``ARG B=$A``: what uses B uses A.
    for name, _, value in (word.partition("=") for word in reversed(words)):
        for used in _VARIABLE.findall(value) if name in uses else ():
            uses.setdefault(used, uses[name])
    return uses


# Edits to texts


def apply_edits(source: Source, edits: Iterable[Edit]) -> str:
    """Return the text with the edits of this file made.

    :raises Refused: when two overlap, or the text is not what they were planned for.
    """
    own = {(e.span.key, e.new): e for e in edits if e.span.path == source.path}
    parts, end = [], 0
    for _, edit in sorted(own.items()):
        span = edit.span
        if span.start < end or source.text[span.start : span.end] != edit.old:
            raise Refused(f"{span}: the change does not fit the text")
        parts += [source.text[end : span.start], edit.new]
        end = span.end
    return "".join([*parts, source.text[end:]])


def change_files(edits: Iterable[Edit]) -> tuple[tuple[Source, str], ...]:
    """Return each file that edits change, by path, and its new text."""
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.span.path, []).append(edit)
    files = ((own[0].span.source, own) for _, own in sorted(by_path.items()))
    return tuple((source, apply_edits(source, own)) for source, own in files)


def check_edits(
    wanted: Sequence[Wanted],
    plan: Plan,
    read: Callable[[Mapping[str, str]], Sequence[Reference]],
) -> tuple[tuple[Source, str], ...]:
    """Return each file that changes and its new text, after reading all of it again.

    :param read: given the changed texts by path, reads all the files again and returns
        their references in the order of ``wanted``.
    :raises Refused: when anything but the intended references would have changed.
    """
    changed = change_files(plan.edits)
    after = read({source.path: text for source, text in changed})
    for item, expected, found in zip(wanted, plan.expected, after):
        if _identity(item.reference) != _identity(found) or spell(found) != expected:
            place = item.reference.span
            raise Refused(f"{place}: the changed file would be read differently here")
    if len(after) != len(wanted):
        paths = ", ".join(source.path for source, _ in changed)
        raise Refused(f"{paths}: the changed files would name other images than before")
    return changed


def _identity(reference: Reference) -> tuple[object, ...]:
    """Return what no change of a name may touch."""
    # Behind its pieces: stage, service, and what is said of it.
    return (reference.span.path, reference.kind, *reference[4:])


def show_diff(source: Source, text: str) -> str:
    """Return the unified diff from a file to a changed text, safe to print.

    There is no context, and nothing to align: an edit stays within its line, so that the
    lines of both texts have the same numbers. It is empty when nothing changes.
    """
    olds, news = source.text.split("\n"), text.split("\n")
    runs: list[range] = []
    for at, (old, new) in enumerate(zip(olds, news)):
        if old != new and runs and runs[-1].stop == at:
            runs[-1] = range(runs[-1].start, at + 1)
        elif old != new:
            runs.append(range(at, at + 1))
    path = printable(source.path)
    shown = [f"--- {path}", f"+++ {path}"]
    for run in runs:
        lines = f"{run.start + 1},{len(run)}" if len(run) > 1 else f"{run.start + 1}"
        shown.append(f"@@ -{lines} +{lines} @@")
        for sign, side in (("-", olds), ("+", news)):
            # The carriage return of a line's end is no part of what changes.
            shown += [sign + printable(side[at].rstrip("\r")) for at in run]
            if run.stop == len(olds):
                shown.append("\\ No newline at end of file")
    return "\n".join(shown) + "\n" if runs else ""
