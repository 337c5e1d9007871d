# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``verify`` says: for people, and for programs as ``verify.schema.json`` has it. Pure."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..decision import Checked, Judged
from ..image import Image
from ..model import Command, Finding, Problem, Way
from ..registries import CAUSES, EXISTS, NO_ANSWER, Answer, common_cause
from .json import describe_problem, describe_tool
from .layout import Layout, command_lines, encode, problem_lines, tie, wrap, wrap_all
from .text import title_of

VERSION = 1
#: What to say, once, when the same thing keeps every registry from being reached.
_ALL = {
    "no-name": "host names do not resolve. Offline, or behind a proxy? Set HTTPS_PROXY",
    "timeout": "none answered in time. Behind a proxy? Set HTTPS_PROXY, or wait longer "
    "with --timeout",
    "proxy": "the proxy did not answer, or refused. Check HTTPS_PROXY",
    "tls": "there is no secure connection. Set REQUESTS_CA_BUNDLE",
}
_WITHOUT = ", or run `migrate` without --verify"


def explain_silence(answers: Sequence[Answer], instead: str = _WITHOUT) -> list[str]:
    """Return why registries gave no answer: one cause of all once, else once a host.

    :param instead: what works without the network; it ends a sentence.
    """
    cause = common_cause(answers)
    if cause:
        why = _ALL.get(cause, f"{CAUSES[cause]}. Try again later")
        return [f"No registry could be reached: {why}{instead}."]
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
    def unclear(self) -> list[Finding]:
        """Return what has to be done about it that no registry answers."""
        counted = [one for one in self.judged.findings if one.act != "no"]
        return counted if self.why_not else []

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
    """One instance, its images, and what to type about it."""

    checked: Checked
    pairs: tuple[Pair, ...]
    refusals: tuple[str, ...]  #: why ``--to`` cannot be followed, whole sentences
    next: Command  #: when every image is there
    again: Command  #: when a registry gave no answer
    check: Command  #: when no registry was asked


class Verification(NamedTuple):
    """Every instance with its images, and the registries' answers."""

    instances: tuple[Verified, ...]
    answers: Mapping[Image, Answer]
    warnings: tuple[str, ...] = ()  #: about credentials, whole sentences
    problems: tuple[Problem, ...] = ()
    prog: str = "invenio-cli-registry"  #: how advised commands begin

    def answer(self, image: Image | None) -> Answer | None:
        """Return the answer for an image, None when no registry was asked for it."""
        return self.answers.get(image) if image else None

    def status(self, image: Image | None) -> str:
        """Return the status of that answer, empty when there is none."""
        answer = self.answer(image)
        return answer.status if answer else ""

    def same_digest(self, pair: Pair) -> bool | None:
        """Tell whether both images are identical, None when that is not known."""
        old, new = self.answer(pair.image), self.answer(pair.becomes)
        if not (old and new and old.digest and new.digest):
            return None
        return old.digest == new.digest

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
    silent = explain_silence(answers, f". `{found.prog} check` needs no network")
    blocks += [wrap(one, width) for one in (*silent, *found.warnings)]
    blocks.append(problem_lines(found.problems, layout))
    return "\n\n".join(filter(None, map("\n".join, blocks))) + "\n"


def _instance_lines(
    one: Verified, found: Verification, layout: Layout
) -> Iterator[str]:
    pairs = list({(pair.image, pair.becomes): pair for pair in one.pairs}.values())
    moving = [pair for pair in pairs if pair.becomes]
    still = [pair for pair in pairs if pair.image and not pair.becomes]
    shown = [
        pair for pair in still if layout.every or found.status(pair.image) != EXISTS
    ]
    answers = [_answer_moving(moving, one, found)] if moving else []
    if not moving or any(found.status(pair.image) != EXISTS for pair in still):
        answers.append(_answer_still(still, one, found))
    if one.refusals:
        answers = [(f"refused: {' '.join(one.refusals)}", ())]
    lead = f"{title_of(one.checked)}: "
    for text, commands in answers:
        yield from wrap(f"{lead}{text}", layout.width, "" if lead else "  ", "  ")
        for command in commands:
            yield from command_lines(command, layout)
        lead = ""
    for pair in (*moving, *shown):
        yield from _pair_lines(pair, found, layout)
    for pair in pairs:
        if pair.unclear or (pair.why_not and layout.every):
            name = tie(pair.judged.reference.text or str(pair.judged.reference.span))
            text = f"Not checked: {name} ({pair.why_not})."
            helps = [finding.help for finding in pair.unclear[:1]]
            yield from wrap_all([" ".join([text, *helps])], layout)
    yield from wrap_all([_rest(len(still) - len(shown), found)], layout)


def _answer_moving(
    moving: Sequence[Pair], one: Verified, found: Verification
) -> tuple[str, Sequence[Command]]:
    """Return whether the new images are there, and what to do next."""
    image, way = moving[0].becomes, moving[0].way
    # A cache has no other name.
    where = way.where if way.image == image else image.registry if image else ""
    images = "image" if len(moving) == 1 else "images"
    gone = [pair for pair in moving if found.status(pair.becomes) != EXISTS]
    if not gone:
        return f"{where} has your {images}. The move is safe today:", [one.next]
    if any(found.status(pair.becomes) in NO_ANSWER for pair in gone):
        return f"{where} gave no answer. Check again before you migrate:", [one.again]
    lead = f"{where} does NOT have your {images}. Do not migrate."
    there = [pair for pair in gone if found.status(pair.image) == EXISTS]
    if there:
        text = "Copy what is still available to your own registry:"
        return f"{lead} {text}", [line for pair in there for line in pair.copy]
    if any(found.status(pair.image) in NO_ANSWER for pair in gone):
        text = "The registry of the old one gave no answer. Check again:"
        return f"{lead} {text}", [one.again]
    names = dict.fromkeys(pair.image.familiar for pair in gone if pair.image)
    if not names:
        return f"{lead} See what was found:", [one.check]
    text = "neither the old image nor the new one is available. Images on this machine"
    save = Command(("docker", "save", "--output", "base-images.tar", *names))
    return f"{text} still build. Keep them now:", [save]


def _answer_still(
    still: Sequence[Pair], one: Verified, found: Verification
) -> tuple[str, Sequence[Command]]:
    """Return whether images that stay are there, and what to do next."""
    if not still:
        return "no image to check. See what was found:", [one.check]
    silent = [pair for pair in still if found.status(pair.image) in NO_ANSWER]
    if silent:
        return f"no answer for {_count(silent)}. Check again:", [one.again]
    gone = [pair for pair in still if found.status(pair.image) != EXISTS]
    if not gone:
        return "every image exists, and `migrate` would change none.", []
    are = f"{_count(gone)} {'is' if len(gone) == 1 else 'are'} not available."
    locked = [pair.image for pair in gone if found.status(pair.image) == "private"]
    hosts = dict.fromkeys(image.registry for image in locked if image)
    if hosts:
        logins = [Command(("docker", "login", host)) for host in hosts]
        return f"{are} Log in, and check again:", [*logins, one.again]
    places = dict.fromkeys(tie(pair.judged.reference.span.at_line) for pair in gone)
    return f"{are} Correct the name in {', '.join(places)}.", []


def _count(pairs: Sequence[Pair]) -> str:
    return "1 image" if len(pairs) == 1 else f"{len(pairs)} images"


def _pair_lines(pair: Pair, found: Verification, layout: Layout) -> Iterator[str]:
    """Yield both images, each with its answer behind it or, too wide, below it."""
    indent = " " * 11
    for label, image in (("now", pair.image), ("becomes", pair.becomes)):
        answer = found.answer(image)
        if answer is None:
            continue
        parts = [answer.status, f"{answer.seconds:.1f} s"]
        if answer.created:
            parts.append(f"made {answer.created:%Y-%m-%d}")
        if answer.message and answer.status not in NO_ANSWER:
            parts.append(answer.message)
        line = (
            f"{label.ljust(7)}  {tie(answer.image.familiar)}  {tie(', '.join(parts))}"
        )
        yield from wrap(line, layout.width, "  ", indent)
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
        item = _describe(image, "local" if local else "unresolved", found)
        item = images.setdefault(str(image or reference.text), item)
        named = [item]
        if pair.becomes:
            item["becomes"] = str(pair.becomes)
            item["same_digest"] = found.same_digest(pair)
            new = _describe(pair.becomes, "", found)
            named.append(images.setdefault(str(pair.becomes), new))
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
    answer = found.answer(image)
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
