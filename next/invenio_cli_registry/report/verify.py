# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``verify`` says: for people, and for programs as ``verify.schema.json`` has it. Pure."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple, Sequence

from ..decision.model import Checked, Judged
from ..image import Image
from ..model import Command, Problem, Way
from ..registries import (
    CAUSES,
    EXISTS,
    MISSING,
    NO_ANSWER,
    NO_NAME,
    PRIVATE,
    PROXY,
    TIMEOUT,
    TLS,
    Answer,
    common_cause,
)
from ..terminal import printable
from .json import describe_problem, describe_tool
from .layout import Layout, command_lines, encode, problem_lines, tie, wrap
from .text import title_of

VERSION = 1
_WITHOUT = "or run `migrate` without --verify."
#: What to say, once, when the same thing keeps every registry from being reached.
_ALL = {
    NO_NAME: "host names do not resolve. Offline, or behind a proxy? Set HTTPS_PROXY, "
    + _WITHOUT,
    TIMEOUT: "none answered in time. Behind a proxy? Set HTTPS_PROXY, wait longer with "
    f"--timeout, {_WITHOUT}",
    PROXY: f"the proxy did not answer, or refused. Check HTTPS_PROXY, {_WITHOUT}",
    TLS: f"there is no secure connection. Set REQUESTS_CA_BUNDLE, {_WITHOUT}",
}


class Pair(NamedTuple):
    """A reference, what becomes of it, and how its image is copied while it is there."""

    judged: Judged
    way: Way
    copy: tuple[Command, ...] = ()

    @property
    def image(self) -> Image | None:
        """Return the image to ask for, None when it is built here or not known."""
        known = self.judged.image and not self.judged.reference.tag_unknown
        asked = known and self.judged.status not in ("local", "unresolved")
        return self.judged.image if asked else None

    @property
    def becomes(self) -> Image | None:
        """Return the image that it would become, None when it stays or is not known."""
        image = self.way.becomes or self.way.image
        unknown = image and self.judged.reference.tag_unknown and not image.tag
        return None if unknown else image


class Verified(NamedTuple):
    """One instance, and its images."""

    checked: Checked
    pairs: tuple[Pair, ...]
    refusals: tuple[str, ...] = ()  #: why ``--to`` cannot be followed, whole sentences


class Verification(NamedTuple):
    """Every instance with its images, and the registries' answers."""

    instances: tuple[Verified, ...]
    answers: Mapping[Image, Answer]
    warnings: tuple[str, ...] = ()  #: about credentials, whole sentences
    problems: tuple[Problem, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 2 without an answer, 1 when an image is not there or not known, else 0."""
        statuses = {answer.status for answer in self.answers.values()}
        if statuses & NO_ANSWER or any(problem.fatal for problem in self.problems):
            return 2
        unclear = any(
            pair.judged.status == "unresolved" or pair.judged.reference.tag_unknown
            for one in self.instances
            for pair in one.pairs
            if any(finding.act != "no" for finding in pair.judged.findings)
        )
        refused = any(one.refusals for one in self.instances)
        return int(bool(statuses - {EXISTS}) or unclear or refused)


class _Row(NamedTuple):
    """One image of an instance: as it is, and what it would become."""

    now: Answer | None
    becomes: Answer | None
    where: str = ""  #: what people call the registry of ``becomes``
    copy: tuple[Command, ...] = ()

    @property
    def same_digest(self) -> bool | None:
        """Tell whether both are identical, None when that is not known."""
        if not (self.now and self.becomes and self.now.digest and self.becomes.digest):
            return None
        return self.now.digest == self.becomes.digest


def render_verify(found: Verification, *, width: int = 80, every: bool = False) -> str:
    """Return the answers for people.

    :param every: also the images that exist and stay where they are.
    """
    layout = Layout(width, every)
    cause = common_cause(found.answers.values())
    if cause:
        why = _ALL.get(cause, f"{CAUSES[cause]}. Try again later, {_WITHOUT}")
        blocks = [wrap(f"No registry could be reached: {why}", width)]
    else:
        blocks = [list(_instance_lines(one, found, layout)) for one in found.instances]
        blocks.append(list(_unreachable_lines(found, layout)))
    blocks += [wrap(text, width, "", "  ") for text in found.warnings]
    blocks.append(list(problem_lines(found.problems, layout)))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _unreachable_lines(found: Verification, layout: Layout) -> Iterator[str]:
    """Yield why registries gave no answer, each reason once for a host."""
    silent = [one for one in found.answers.values() if one.status in NO_ANSWER]
    said = dict.fromkeys(
        f"{tie(one.image.registry)}: {one.message or one.status}." for one in silent
    )
    for text in said:
        yield from wrap(text, layout.width, "", "  ")


def _instance_lines(
    one: Verified, found: Verification, layout: Layout
) -> Iterator[str]:
    rows = _list_rows(one, found)
    moving = [row for row in rows if row.becomes]
    still = [row for row in rows if not row.becomes]
    shown = [row for row in still if layout.every or not _exists(row.now)]
    head = f"{title_of(one.checked)}: {_answer(moving, still)}"
    yield from wrap(head, layout.width, "", "  ")
    for refusal in one.refusals:
        yield from wrap(refusal, layout.width, "  ", "  ")
    for row in moving:
        gone = row.becomes and row.becomes.status in (MISSING, PRIVATE)
        for command in row.copy if gone and _exists(row.now) else ():
            yield from command_lines(command, layout)
    for row in (*moving, *shown):
        yield from _row_lines(row, layout)
    for pair in one.pairs:
        why = _why_not_asked(pair, layout.every)
        if why:
            name = tie(pair.judged.reference.text or str(pair.judged.reference.span))
            text = f"Not checked: {name} ({why})."
            yield from wrap(text, layout.width, "  ", "  ")
    yield from wrap(_rest(len(still) - len(shown), found), layout.width, "  ", "  ")


def _list_rows(one: Verified, found: Verification) -> list[_Row]:
    """Return each image of an instance once."""
    rows: dict[tuple[object, ...], _Row] = {}
    for pair in one.pairs:
        now = found.answers.get(pair.image) if pair.image else None
        becomes = found.answers.get(pair.becomes) if pair.becomes else None
        if now or becomes:
            where = pair.way.where or (becomes.image.registry if becomes else "")
            rows.setdefault(
                (pair.image, pair.becomes), _Row(now, becomes, where, pair.copy)
            )
    return list(rows.values())


def _exists(answer: Answer | None) -> bool:
    return answer is not None and answer.status == EXISTS


def _answer(moving: Sequence[_Row], still: Sequence[_Row]) -> str:
    """Return whether the images are there and ``migrate`` is safe, in a sentence or two."""
    if not moving:
        return _answer_still([row.now for row in still if row.now])
    where = moving[0].where
    new = [row.becomes for row in moving if row.becomes]
    old = {row.now.status for row in moving if row.now and not _exists(row.becomes)}
    images = "image" if len(new) == 1 else "images"
    if all(map(_exists, new)):
        return f"{where} has your {images}. `migrate` is safe today."
    if any(answer.status in NO_ANSWER for answer in new):
        return f"{where} gave no answer. Check again before you migrate."
    lead = f"{where} does NOT have your {images}."
    if old & NO_ANSWER:
        return f"{lead} The registry of the old one gave no answer. Do not migrate."
    if EXISTS in old:
        rest = "" if old == {EXISTS} else ", and keep the others with `docker save`"
        return (
            f"{lead} Do not migrate. Copy what is still available to your own "
            f"registry{rest}:"
        )
    return (
        "neither the old image nor the new one is available. Images on this machine "
        "still build: keep them with `docker save` now."
    )


def _answer_still(answers: Sequence[Answer]) -> str:
    if not answers:
        return "no image to check."
    silent = sum(answer.status in NO_ANSWER for answer in answers)
    bad = sum(not _exists(answer) for answer in answers)
    number = silent or bad
    images = "1 image" if number == 1 else f"{number} images"
    if silent:
        return f"no answer for {images}."
    if bad:
        return f"{images} {'is' if bad == 1 else 'are'} not available."
    return "every image exists."


def _row_lines(row: _Row, layout: Layout) -> Iterator[str]:
    """Yield the images of a row, each with its answer behind it or, too wide, below."""
    for label, answer in (("now", row.now), ("becomes", row.becomes)):
        if answer is None:
            continue
        line = f"  {label.ljust(7)}  {printable(answer.image.familiar)}"
        verdict = _verdict(answer)
        if len(f"{line}  {verdict}") <= layout.width:
            yield f"{line}  {verdict}"
        else:
            yield line
            yield from wrap(verdict, layout.width, " " * 11, " " * 11)
    if row.same_digest is not None:
        same = "same digest: identical image"
        yield f"           {same if row.same_digest else 'another digest: not the same image'}"


def _verdict(answer: Answer) -> str:
    """Return the answer in words; why there is none is said once for each registry."""
    parts = [answer.status, f"{answer.seconds:.1f} s"]
    if answer.created:
        parts.append(f"made {answer.created:%Y-%m-%d}")
    if answer.message and answer.status not in (EXISTS, *NO_ANSWER):
        parts.append(answer.message)
    return ", ".join(parts)


def _why_not_asked(pair: Pair, every: bool) -> str:
    """Return why no registry was asked for an image, nothing when that is no news."""
    judged = pair.judged
    if judged.status == "local":
        return "built here" if every else ""
    if judged.status == "unresolved":
        urgent = any(finding.act != "no" for finding in judged.findings)
        return "its name is unknown" if every or urgent else ""
    return "its tag is unknown" if judged.reference.tag_unknown else ""


def _rest(more: int, found: Verification) -> str:
    """Say how many more images exist, and how many pulls Docker Hub leaves."""
    parts = []
    if more:
        parts.append(
            f"{more} other image{'s exist' if more > 1 else ' exists'} (--all)."
        )
    pulls = [answer.pulls for answer in found.answers.values() if answer.pulls]
    if pulls:
        left, limit = min(pulls)
        parts.append(
            f"Docker Hub: {left} of {limit} pulls left; this check used none of them."
        )
    return " ".join(parts)


def render_verify_json(found: Verification) -> str:
    """Return the answers for programs, every character beyond ASCII escaped."""
    images: dict[str, dict[str, Any]] = {}
    for one in found.instances:
        for pair in one.pairs:
            for key, item in _items(pair, found):
                known = images.setdefault(key, item)
                if not known["becomes"]:
                    # It may have been met as what another image becomes.
                    known.update(
                        becomes=item["becomes"], same_digest=item["same_digest"]
                    )
                span = pair.judged.reference.span
                place = {"path": span.path, "line": span.line}
                if place not in known["used_by"]:
                    known["used_by"].append(place)
    data = {
        "version": VERSION,
        "tool": describe_tool(),
        "images": list(images.values()),
        "warnings": list(found.warnings),
        "problems": [describe_problem(problem) for problem in found.problems],
    }
    return encode(data)


def _items(pair: Pair, found: Verification) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entry of an image as it is, then of what it would become, by a key."""
    now = found.answers.get(pair.image) if pair.image else None
    new = found.answers.get(pair.becomes) if pair.becomes else None
    image, status = pair.image, now.status if now else "unresolved"
    if pair.judged.status == "local":
        image, status = pair.judged.image, "local"
    item = _item(image, status, now)
    if now:
        item["becomes"] = str(pair.becomes) if pair.becomes else None
        item["same_digest"] = _Row(now, new).same_digest
    yield str(image) if image else pair.judged.reference.text, item
    if new:
        yield str(pair.becomes), _item(pair.becomes, new.status, new)


def _item(image: Image | None, status: str, answer: Answer | None) -> dict[str, Any]:
    created = answer.created if answer else None
    return {
        "image": str(image) if image else None,
        "status": status,
        "digest": answer.digest if answer else None,
        "created": created.isoformat() if created else None,
        "seconds": round(answer.seconds, 3) if answer else None,
        "message": (answer.message if answer else "") or None,
        "cause": (answer.cause if answer else "") or None,
        "becomes": None,
        "same_digest": None,
        "used_by": [],
    }
