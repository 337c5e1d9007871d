# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``verify`` says: for people, and for programs by ``verify.schema.json``."""

from __future__ import annotations

from typing import Any, Iterator, NamedTuple, Sequence

from ..advice.words import copy_commands, count
from ..availability.answers import EXISTS, MISSING, NO_ANSWER, PRIVATE, Answer
from ..reference import Image
from ..terminal import printable
from ..verification import Pair, ProjectPairs, Verification
from .encode import encode
from .json import describe_problem
from .layout import problem_line, tie, wrap

VERSION = 1


class _Row(NamedTuple):
    """One image of a project: as it is, and what it would become."""

    now: Answer | None
    becomes: Answer | None

    @property
    def same_digest(self) -> bool | None:
        """Tell whether both are the same to the byte, None when that is not known."""
        if not self.now or not self.becomes:
            return None
        if not self.now.digest or not self.becomes.digest:
            return None
        return self.now.digest == self.becomes.digest


def render_verify(found: Verification, *, width: int = 80, every: bool = False) -> str:
    """Return the answers for people."""
    blocks = [
        "\n".join(_project_lines(project, found, width, every))
        for project in found.projects
    ]
    places = (problem_line(problem) for problem in found.problems)
    said = (*found.warnings, *places)
    rest = [line for text in said for line in wrap(text, width, "", "  ")]
    return "\n\n".join([*blocks, *(["\n".join(rest)] if rest else [])]) + "\n"


def _project_lines(
    project: ProjectPairs, found: Verification, width: int, every: bool
) -> Iterator[str]:
    rows = _list_rows(project, found)
    moving = [row for row in rows if row.becomes]
    still = [row for row in rows if not row.becomes]
    shown = [row for row in still if every or not _exists(row)]
    head = f"{tie(project.found.survey.project.title)}: {_answer(rows, project)}"
    yield from wrap(head, width, "", "  ")
    for refusal in project.refusals:
        yield from wrap(refusal, width, "  ", "  ")
    yield from _copy_lines(moving, project)
    column = max((len(str(name)) for row in rows for name in _names(row)), default=0)
    for row in (*moving, *shown):
        yield from _row_lines(row, min(column, width))
    for pair in project.pairs:
        why = _why_not_asked(pair, found, every)
        if why:
            text = pair.judged.reference.text or pair.judged.reference.span.path
            yield from wrap(f"not asked: {tie(text)} ({why})", width, "  ", "  ")
    yield from wrap(_rest(still, shown, found), width, "  ", "  ")


def _why_not_asked(pair: Pair, found: Verification, every: bool) -> str:
    """Return why no registry was asked for an image; nothing when that is no news."""
    judged = pair.judged
    if judged.status == "local":
        return "built here" if every else ""
    if judged.status == "unresolved":
        return "unresolved" if every or judged.act != "no" else ""
    return "" if judged.image in found.answers else "its tag is not known"


def _list_rows(project: ProjectPairs, found: Verification) -> list[_Row]:
    """Return each image of a project once, those that stay behind those that move."""
    rows: dict[_Row, None] = {}
    for pair in project.pairs:
        now = found.answers.get(pair.judged.image) if pair.judged.image else None
        becomes = found.answers.get(pair.becomes) if pair.becomes else None
        if now or becomes:
            rows[_Row(now, becomes)] = None
    return list(rows)


def _exists(row: _Row) -> bool:
    return row.now is not None and row.now.status == EXISTS


def _names(row: _Row) -> Iterator[str]:
    return (answer.image.familiar for answer in (row.now, row.becomes) if answer)


def _answer(rows: Sequence[_Row], project: ProjectPairs) -> str:
    """Return the one sentence that says whether the way is open."""
    moving = [row for row in rows if row.becomes]
    if not moving:
        return _answer_still(rows)
    where = _where(moving[0], project)
    statuses = {row.becomes.status for row in moving if row.becomes}
    if statuses == {EXISTS}:
        return f"{where} has your image. `migrate` is safe today."
    if statuses & NO_ANSWER:
        return f"{where} gave no answer. Ask again before you migrate."
    gone = [row for row in moving if row.becomes and row.becomes.status != EXISTS]
    return _answer_gone(where, {row.now.status for row in gone if row.now})


def _answer_gone(where: str, old: set[str]) -> str:
    """Return what to do where new images are not there, by the answers for the old ones."""
    if old & NO_ANSWER:
        return (
            f"{where} does NOT have your image, and the registry of the old one gave no "
            "answer. Do not migrate; ask again."
        )
    if old == {EXISTS}:
        return (
            f"{where} does NOT have your image. Do not migrate; copy it while it can be "
            "had:"
        )
    if EXISTS in old:
        return (
            f"{where} does NOT have your images. Do not migrate; copy what can be had, and "
            "`docker save` the rest:"
        )
    return (
        "neither the old image nor the new one is there. Images on this machine still "
        "build: `docker save` them now."
    )


def _answer_still(rows: Sequence[_Row]) -> str:
    if not rows:
        return "no image to ask for."
    bad = [row for row in rows if row.now and row.now.status != EXISTS]
    silent = [row for row in bad if row.now and row.now.status in NO_ANSWER]
    if silent:
        return f"no answer for {count(len(silent), 'image')}."
    if bad:
        return f"{count(len(bad), 'image')} cannot be had."
    return "every image exists."


def _where(row: _Row, project: ProjectPairs) -> str:
    registry = row.becomes.image.registry if row.becomes else ""
    known = project.found.setting.catalog.registries.get(registry)
    return known.name if known else registry


def _copy_lines(moving: Sequence[_Row], project: ProjectPairs) -> Iterator[str]:
    """Yield the two lines that make a copy, where the new image is not and the old is."""
    for row in moving:
        gone = row.becomes and row.becomes.status in (MISSING, PRIVATE)
        if gone and row.now and row.now.status == EXISTS:
            for command in copy_commands(row.now.image, project.found.setting):
                yield from (
                    f"    {printable(line)}" for line in command.line.split("\n")
                )


def _row_lines(row: _Row, column: int) -> Iterator[str]:
    for label, answer in (("now", row.now), ("becomes", row.becomes)):
        if answer:
            name = printable(answer.image.familiar).ljust(column)
            yield f"  {label.ljust(7)}  {name}  {_verdict(answer)}"
    if row.same_digest is not None:
        same = "same digest: the same image to the byte"
        yield f"           {same if row.same_digest else 'another digest: not the same bytes'}"


def _verdict(answer: Answer) -> str:
    parts = [answer.status.ljust(8), f"{answer.seconds:.1f} s"]
    if answer.created:
        parts.append(f"made {answer.created:%Y-%m-%d}")
    if answer.message and answer.status != EXISTS:
        parts.append(printable(answer.message))
    return "  ".join(parts)


def _rest(still: Sequence[_Row], shown: Sequence[_Row], found: Verification) -> str:
    """Say how many more images exist, and how many pulls Docker Hub leaves."""
    more = len(still) - len(shown)
    parts = []
    if more:
        others = "other image exists" if more == 1 else "other images exist"
        parts.append(f"{more} {others} (--all).")
    pulls = [answer.pulls for answer in found.answers.values() if answer.pulls]
    if pulls:
        left, limit = min(pulls)
        parts.append(f"Docker Hub: {left} of {limit} pulls left; HEAD is free.")
    return " ".join(parts)


def render_verify_json(found: Verification) -> str:
    """Return the answers for programs, every character beyond ASCII escaped."""
    images: dict[str, dict[str, Any]] = {}
    for project in found.projects:
        for pair in project.pairs:
            for item in _items(pair, found):
                known = images.setdefault(item["image"] or item["text"], item)
                if not known["becomes"]:
                    # It may have been met as what another one becomes.
                    known.update(
                        becomes=item["becomes"], same_digest=item["same_digest"]
                    )
                place = _place(pair, project)
                if place not in known["used_by"]:
                    known["used_by"].append(place)
    for item in images.values():
        del item["text"]
    data = {
        "version": VERSION,
        "images": list(images.values()),
        "problems": [describe_problem(problem) for problem in found.problems],
    }
    return encode(data)


def _items(pair: Pair, found: Verification) -> Iterator[dict[str, Any]]:
    """Yield the entry of an image as it is, then of what it would become."""
    image, becomes = pair.judged.image, pair.becomes
    now = found.answers.get(image) if image else None
    new = found.answers.get(becomes) if becomes else None
    if now or pair.judged.status == "local":
        status = now.status if now else "local"
        yield _item(image, status, now, pair, becomes, _Row(now, new).same_digest)
    else:
        # Its tag may be all that is not known; none is made up.
        yield _item(None, "unresolved", None, pair, None, None)
    if new:
        yield _item(becomes, new.status, new, pair, None, None)


def _item(
    image: Image | None,
    status: str,
    answer: Answer | None,
    pair: Pair,
    becomes: Image | None,
    same_digest: bool | None,
) -> dict[str, Any]:
    created = answer.created if answer else None
    return {
        "image": str(image) if image else None,
        "text": pair.judged.reference.text,
        "status": status,
        "digest": answer.digest if answer else None,
        "created": created.isoformat() if created else None,
        "seconds": round(answer.seconds, 3) if answer else None,
        "message": (answer.message if answer else "") or None,
        "becomes": str(becomes) if becomes else None,
        "same_digest": same_digest,
        "used_by": [],
    }


def _place(pair: Pair, project: ProjectPairs) -> dict[str, Any]:
    span = pair.judged.reference.span
    return {"path": span.path, "line": project.found.setting.locate(*span[:2])[0]}
