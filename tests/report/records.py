# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Reports made by hand, for tests of how they are laid out; no file is read.

``HUB`` at the sixth column of a Dockerfile is what most of them are about.
"""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any, Sequence

from invenio_cli_registry.catalog import Recipe
from invenio_cli_registry.decision import (
    Advice,
    Checked,
    Judged,
    Report,
)
from invenio_cli_registry.model import (
    Command,
    EndOfLife,
    Finding,
    Option,
    Piece,
    Reference,
    Source,
    Way,
)

TODAY = datetime.date(2026, 11, 24)
PROG = "invenio-cli registry"
HUB = "inveniosoftware/centos8-python:3.8"
CERN = f"registry.cern.ch/{HUB}"

#: What a file, or its name, may hold to reach further than it should.
HOSTILE = {
    "escape": "\x1b[31m",
    "terminal link": "\x1b]8;;https://evil.example\x1b\\x",
    "C1": "\x9b31m",
    "line feed": "\n::error::x",
    "return": "\r::error::x",
    "next line": "\x85::error::x",
    "line separator": "\u2028::error::x",
    "right to left": "\u202e",
    "invisible": "\u3164\ufe0f",
    "no UTF-8": "\udcff",
    "command": "::stop-commands::x",
    "command, encoded": "%0A::error::x",
    "older command": "##[error]x",
    "property": ",line=1,title=x::y",
    "link": "[x](https://evil.example)",
    "address": "https://evil.example www.evil.example a@evil.example",
    "HTML": "<img src=//evil.example/x>",
    "image": "![x](//evil.example/x)",
    "mention": "@everyone #1 !2 ~x",
    "table": "a | b |",
    "code": "```\n# x\n` `` x",
    "quote": '"}],"x":[{"',
}


def finding(
    rule: str = "docker-hub",
    act: str = "soon",
    message: str = "It is on Docker Hub and may be removed.",
    *,
    path: str = "Dockerfile",
    text: str = f"FROM {HUB}\n",
    at: str = HUB,
    image: str | None = None,
    **fields: Any,
) -> Finding:
    """Return a finding at a stretch of a file's text; with an image, of its reference."""
    start = text.find(at)
    span = Source(path, text).span(start, start + len(at))
    if image is not None:
        fields["reference"] = Reference("from", span, image, (Piece(image, span),))
        fields.setdefault("subject", image)
    return Finding(rule, act, span, message, **fields)


def checked(
    *findings: Finding,
    title: str = "my-site",
    version: str | None = "9.1.7",
    built: bool = True,
    status: str = "impacted",
    ends: Sequence[EndOfLife] = (),
    problems: Sequence[Any] = (),
    template: bool = False,
    way: Way = Way("stays"),  # noqa: B008
    **advice: Any,
) -> Checked:
    """Return an instance with findings, and an answer that is made for them."""
    project = SimpleNamespace(
        path="." if title == "my-site" else title,
        name=title,
        title=title,
        marker=True,
        flavour="RDM",
        version=version,
        version_source="Pipfile.lock",
        pins={},
        manager="pipenv",
        notes=(),
        problems=(),
        template=template,
    )
    instance = SimpleNamespace(
        project=project,
        path=project.path,
        builds=(),
        problems=tuple(problems),
        is_built=lambda path: built,
        builds_on=lambda reference: (),
    )
    judged = tuple(
        Judged(
            one.reference,
            status,
            one.reference.image,
            (one,),
            one.way or way,
        )
        for one in findings
        if one.reference
    )
    acts = [one.act for one in findings if not one.accepted_until]
    act = min(acts, key=("now", "soon", "plan", "no").index, default="no")
    leads = {"now": "Yes, before the next build.", "soon": "Soon."}
    usual = {
        "state": "impacted" if findings else "ok",
        "act": act,
        "answer": "impacted." if findings else "ok. InvenioRDM 9.1.7.",
        "lead": leads.get(act, "No."),
        "ends": tuple(ends),
    }
    answer = Advice(**{**usual, **advice})
    return Checked(instance, None, tuple(findings), judged, answer)


def report(*instances: Checked, **fields: Any) -> Report:
    """Return a report of some instances as on the tests' day."""
    usual = {
        "problems": (),
        "catalogue": TODAY,
        "facts_read": "2026-08",
        "today": TODAY,
        "prog": PROG,
    }
    return Report(instances, **{**usual, **fields})


def option(text: str, *commands: str, **fields: Any) -> Option:
    """Return a way to go on, with commands as words between blanks."""
    typed = tuple(Command(tuple(command.split())) for command in commands)
    return Option(text, typed, **fields)


def recipe_of(name: str, line: str, source: str, tested: str = "") -> Recipe:
    """Return a recipe of one line."""
    return Recipe("x", name, ("almalinux9",), (line,), tested, source)
