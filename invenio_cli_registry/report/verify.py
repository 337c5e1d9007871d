# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``verify`` says: for people, and for programs as ``verify.schema.json`` has it. Pure."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..decision import Checked, Judged
from ..image import Image
from ..model import Command, Problem, Way
from ..registries import (
    CAUSES,
    EXISTS,
    MISSING,
    NO_ANSWER,
    PRIVATE,
    Answer,
    common_cause,
)
from ..terminal import printable
from .json import describe_problem, describe_tool
from .layout import Layout, command_lines, encode, problem_lines, tie, wrap, wrap_all
from .text import title_of

VERSION = 1
#: What to say, once, when the same thing keeps every registry from being reached.
_ALL = {
    "no-name": "host names do not resolve. Offline, or behind a proxy? Set HTTPS_PROXY",
    "timeout": "none answered in time. Behind a proxy? Set HTTPS_PROXY, wait longer with "
    "--timeout",
    "proxy": "the proxy did not answer, or refused. Check HTTPS_PROXY",
    "tls": "there is no secure connection. Set REQUESTS_CA_BUNDLE",
}


def explain_silence(answers: Sequence[Answer]) -> list[str]:
    """Return why registries gave no answer: one cause of all once, else once a host."""
    cause = common_cause(answers)
    if cause:
        why = _ALL.get(cause, f"{CAUSES[cause]}. Try again later")
        said = (
            f"No registry could be reached: {why}, or run `migrate` without --verify."
        )
        return [said]
    texts = [
        f"{tie(one.image.registry)}: {one.message or one.status}."
        for one in answers
        if one.status in NO_ANSWER
    ]
    return list(dict.fromkeys(texts))


class Pair(NamedTuple):
    """A reference, what becomes of it, and how its image is copied while it is there."""

    judged: Judged
    way: Way
    copy: tuple[Command, ...] = ()

    @property
    def why_not(self) -> str:
        """Return why no registry is asked for its image, a clause, empty when one is."""
        if self.judged.status == "local":
            return "built here"
        if self.judged.status == "unresolved" or not self.judged.image:
            return "its name is unknown"
        return "its tag is unknown" if self.judged.reference.tag_unknown else ""

    @property
    def unclear(self) -> bool:
        """Tell whether something has to be done about it that no registry answers."""
        counts = any(finding.act != "no" for finding in self.judged.findings)
        return counts and bool(self.why_not)

    @property
    def image(self) -> Image | None:
        """Return the image as it is, None when no registry is asked for it."""
        return None if self.why_not else self.judged.image

    @property
    def becomes(self) -> Image | None:
        """Return the image that it would become, None when it stays or is unknown."""
        image = self.way.becomes or self.way.image
        tag = image and (image.tag or not self.judged.reference.tag_unknown)
        return image if tag else None


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

    def status(self, image: Image | None) -> str:
        """Return the answer for an image, empty when no registry was asked for it."""
        answer = self.answers.get(image) if image else None
        return answer.status if answer else ""

    def same_digest(self, pair: Pair) -> bool | None:
        """Tell whether both images are identical, None when that is not known."""
        old, new = (
            self.answers[image].digest if image and image in self.answers else None
            for image in (pair.image, pair.becomes)
        )
        return old == new if old and new else None

    @property
    def exit_code(self) -> int:
        """Return 2 without an answer, 1 when an image is not there or not known, else 0."""
        statuses = {answer.status for answer in self.answers.values()}
        if statuses & NO_ANSWER or any(problem.fatal for problem in self.problems):
            return 2
        unclear = any(pair.unclear for one in self.instances for pair in one.pairs)
        refused = any(one.refusals for one in self.instances)
        return int(bool(statuses - {EXISTS}) or unclear or refused)


def render_verify(found: Verification, *, width: int = 80, every: bool = False) -> str:
    """Return the answers for people.

    :param every: also the images that exist and stay where they are.
    """
    layout, answers = Layout(width, every), tuple(found.answers.values())
    blocks: list[Iterable[str]] = []
    if not common_cause(answers):
        blocks += [_instance_lines(one, found, layout) for one in found.instances]
    blocks += [wrap(one, width) for one in (*explain_silence(answers), *found.warnings)]
    blocks.append(problem_lines(found.problems, layout))
    return "\n\n".join(filter(None, map("\n".join, blocks))) + "\n"


def _instance_lines(
    one: Verified, found: Verification, layout: Layout
) -> Iterator[str]:
    pairs = list({(pair.image, pair.becomes): pair for pair in one.pairs}.values())
    moving = [pair for pair in pairs if found.status(pair.becomes)]
    still = [pair for pair in pairs if pair not in moving and found.status(pair.image)]
    shown = [
        pair for pair in still if layout.every or found.status(pair.image) != EXISTS
    ]
    head = f"{title_of(one.checked)}: {_answer(moving, still, found)}"
    yield from wrap(head, layout.width, "", "  ")
    yield from wrap_all(one.refusals, layout)
    for pair in moving:
        gone = found.status(pair.becomes) in (MISSING, PRIVATE)
        for command in pair.copy if gone and found.status(pair.image) == EXISTS else ():
            yield from command_lines(command, layout)
    for pair in (*moving, *shown):
        yield from _pair_lines(pair, found, layout)
    for pair in pairs:
        if pair.unclear or (pair.why_not and layout.every):
            name = tie(pair.judged.reference.text or str(pair.judged.reference.span))
            yield from wrap_all([f"Not checked: {name} ({pair.why_not})."], layout)
    yield from wrap_all([_rest(len(still) - len(shown), found)], layout)


def _answer(moving: Sequence[Pair], still: Sequence[Pair], found: Verification) -> str:
    """Return whether the images are there and ``migrate`` is safe."""
    if not moving:
        return _answer_still([found.status(pair.image) for pair in still])
    image = moving[0].becomes
    where = moving[0].way.where or (image.registry if image else "")
    images = "image" if len(moving) == 1 else "images"
    gone = [pair for pair in moving if found.status(pair.becomes) != EXISTS]
    old = {found.status(pair.image) for pair in gone}
    if not gone:
        return f"{where} has your {images}. `migrate` is safe today."
    if any(found.status(pair.becomes) in NO_ANSWER for pair in gone):
        return f"{where} gave no answer. Check again before you migrate."
    lead = f"{where} does NOT have your {images}. Do not migrate."
    if EXISTS in old:
        return f"{lead} Copy what is still available to your own registry:"
    if old & NO_ANSWER:
        return f"{lead} The registry of the old one gave no answer: check again."
    return (
        "neither the old image nor the new one is available. Images on this machine "
        "still build: keep them with `docker save` now."
    )


def _answer_still(statuses: Sequence[str]) -> str:
    silent = sum(status in NO_ANSWER for status in statuses)
    number = silent or sum(status != EXISTS for status in statuses)
    images = "1 image is" if number == 1 else f"{number} images are"
    if silent:
        return f"no answer for {images.rpartition(' ')[0]}."
    if number:
        return f"{images} not available."
    return "every image exists." if statuses else "no image to check."


def _pair_lines(pair: Pair, found: Verification, layout: Layout) -> Iterator[str]:
    """Yield both images, each with its answer behind it or, too wide, below it."""
    indent = " " * 11
    for label, image in (("now", pair.image), ("becomes", pair.becomes)):
        answer = found.answers.get(image) if image else None
        if answer is None:
            continue
        parts = [answer.status, f"{answer.seconds:.1f} s"]
        if answer.created:
            parts.append(f"made {answer.created:%Y-%m-%d}")
        if answer.message and answer.status not in NO_ANSWER:
            parts.append(answer.message)
        verdict = printable(", ".join(parts))
        line = f"  {label.ljust(7)}  {printable(answer.image.familiar)}"
        if len(f"{line}  {verdict}") <= layout.width:
            yield f"{line}  {verdict}"
        else:
            yield line
            yield from wrap_all([verdict], layout, indent)
    same = found.same_digest(pair)
    if same is not None:
        other = "another digest: not the same image"
        yield indent + ("same digest: identical image" if same else other)


def _rest(more: int, found: Verification) -> str:
    """Say how many more images exist, and how many pulls Docker Hub leaves."""
    others = "other image exists" if more == 1 else "other images exist"
    said = f"{more} {others} (--all). " if more else ""
    pulls = [answer.pulls for answer in found.answers.values() if answer.pulls]
    if pulls:
        left, limit = min(pulls)
        said += (
            f"Docker Hub: {left} of {limit} pulls left; this check used none of them."
        )
    return said


def render_verify_json(found: Verification) -> str:
    """Return the answers for programs: each image once, as it is or as it would be."""
    images: dict[str, dict[str, Any]] = {}
    for pair in (pair for one in found.instances for pair in one.pairs):
        reference, local = pair.judged.reference, pair.judged.status == "local"
        image = pair.judged.image if local else pair.image
        becomes = pair.becomes if found.status(pair.becomes) else None
        item = _describe(image, "local" if local else "unresolved", found)
        item = images.setdefault(str(image or reference.text), item)
        named = [item]
        if becomes:
            item["becomes"] = str(becomes)
            item["same_digest"] = found.same_digest(pair)
            new = _describe(becomes, "", found)
            named.append(images.setdefault(str(becomes), new))
        for item in named:
            place = {"path": reference.span.path, "line": reference.span.line}
            item["used_by"].append(place)
    return encode(
        {
            "version": VERSION,
            "tool": describe_tool(),
            "images": list(images.values()),
            "warnings": found.warnings,
            "problems": [describe_problem(problem) for problem in found.problems],
        }
    )


def _describe(image: Image | None, other: str, found: Verification) -> dict[str, Any]:
    answer = found.answers.get(image) if image else None
    return {
        "image": str(image) if image else None,
        "status": answer.status if answer else other,
        "digest": answer.digest if answer else None,
        "created": answer.created.isoformat() if answer and answer.created else None,
        "seconds": round(answer.seconds, 3) if answer else None,
        "message": answer.message if answer else "",
        "cause": answer.cause if answer else "",
        "becomes": None,
        "same_digest": None,
        "used_by": [],
    }
