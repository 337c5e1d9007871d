# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``verify`` says of answers: text, exit code and JSON; no registry is asked."""

from __future__ import annotations

import datetime
import json

import jsonschema
import pytest

from invenio_cli_registry.image import parse
from invenio_cli_registry.model import Command, Problem, Way
from invenio_cli_registry.registries import CAUSES, Answer
from invenio_cli_registry.report import read_schema
from invenio_cli_registry.report.verify import (
    Pair,
    Verification,
    Verified,
    render_verify,
    render_verify_json,
)

from ..tables import rows
from .records import CERN, HOSTILE, HUB, PROG, checked, finding

OLD, NEW = parse(HUB), parse(CERN)
COPY = (Command(("skopeo", "copy", "a", "b")),)
MOVE = Way("same_at_cern", NEW, NEW, where="CERN's registry")
STAYS = Way("stays")
SCHEMA = json.loads(read_schema("verify"))


def answer(image, status, digest=None, **fields):
    return Answer(image, status, digest, 0.25, **fields)


def silent(image, cause, status="unreachable"):
    return answer(image, status, message=CAUSES[cause], cause=cause)


def verified(*answers, way=MOVE, image=HUB, status="impacted", refusals=(), **fields):
    """Return an instance with one image, and the answers about it."""
    one = checked(finding(image=image, way=way, help="Name it."), status=status)
    pairs = tuple(Pair(judged, way, COPY) for judged in one.judged)
    known = {each.image: each for each in answers}
    commands = [
        Command((*PROG.split(), name)) for name in ("migrate", "verify", "check")
    ]
    instance = Verified(one, pairs, refusals, *commands)
    return Verification((instance,), known, prog=PROG, **fields)


GONE = answer(NEW, "missing", message="no such image")
NOW, BECOMES = f"  now      {HUB}  exists, 0.2 s", f"  becomes  {CERN}"
SAFE = (
    "my-site: CERN's registry has your image. The move is safe today:",
    f"    {PROG} migrate",
)
PROBLEM = Problem("a", 1, "x", True)
ANSWERS = {
    "there": (
        verified(answer(OLD, "exists", "a"), answer(NEW, "exists", "a")),
        0,
        [
            *SAFE,
            NOW,
            f"{BECOMES}  exists, 0.2 s",
            f"{' ' * 11}same digest: identical image",
        ],
    ),
    "another digest": (
        verified(answer(OLD, "exists", "a"), answer(NEW, "exists", "b")),
        0,
        [
            *SAFE,
            NOW,
            f"{BECOMES}  exists, 0.2 s",
            f"{' ' * 11}another digest: not the same image",
        ],
    ),
    "not at CERN": (
        verified(answer(OLD, "exists"), GONE),
        1,
        [
            "my-site: CERN's registry does NOT have your image. Do not migrate. Copy what is",
            "  still available to your own registry:",
            "    skopeo copy a b",
            NOW,
            BECOMES,
            "           missing, 0.2 s, no such image",
        ],
    ),
    "nowhere": (
        verified(answer(OLD, "missing", message="gone"), GONE),
        1,
        [
            "my-site: neither the old image nor the new one is available. Images on this",
            "  machine still build. Keep them now:",
            f"    docker save --output base-images.tar {HUB}",
        ],
    ),
    "the old one has no name": (
        verified(GONE, image="inveniosoftware/centos8-python:$V"),
        1,
        [
            "my-site: CERN's registry does NOT have your image. Do not migrate. See what was",
            "  found:",
            f"    {PROG} check",
        ],
    ),
    "no answer for the old one": (
        verified(silent(OLD, "timeout"), GONE),
        2,
        [
            "my-site: CERN's registry does NOT have your image. Do not migrate. The registry",
            "  of the old one gave no answer. Check again:",
            f"    {PROG} verify",
        ],
    ),
    "no answer for the new one": (
        verified(answer(OLD, "exists"), silent(NEW, "refused")),
        2,
        [
            "my-site: CERN's registry gave no answer. Check again before you migrate:",
            f"    {PROG} verify",
            NOW,
            BECOMES,
            "           unreachable, 0.2 s",
            "",
            "registry.cern.ch: connection refused.",
        ],
    ),
    "offline": (
        verified(silent(OLD, "no-name"), silent(NEW, "no-name")),
        2,
        [
            "No registry could be reached: host names do not resolve. Offline, or behind a",
            f"proxy? Set HTTPS_PROXY. `{PROG} check` needs no network.",
        ],
    ),
    "slow": (
        verified(silent(OLD, "timeout"), silent(NEW, "timeout")),
        2,
        [
            "No registry could be reached: none answered in time. Behind a proxy? Set",
            f"HTTPS_PROXY, or wait longer with --timeout. `{PROG} check` needs",
            "no network.",
        ],
    ),
    "another common cause": (
        verified(silent(OLD, "broken"), silent(NEW, "broken")),
        2,
        [
            "No registry could be reached: the connection was closed without an answer. Try",
            f"again later. `{PROG} check` needs no network.",
        ],
    ),
    "it stays": (
        verified(answer(OLD, "exists", pulls=(90, 100)), way=STAYS),
        0,
        [
            "my-site: every image exists, and `migrate` would change none.",
            "  1 other image exists (--all). Docker Hub: 90 of 100 pulls left; this check",
            "  used none of them.",
        ],
    ),
    "it stays and needs a login": (
        verified(answer(OLD, "private", message="x"), way=STAYS),
        1,
        [
            "my-site: 1 image is not available. Log in, and check again:",
            "    docker login docker.io",
            f"    {PROG} verify",
            f"  now      {HUB}  private, 0.2 s, x",
        ],
    ),
    "it stays and is not there": (
        verified(answer(OLD, "missing", message="x"), way=STAYS),
        1,
        [
            "my-site: 1 image is not available. Correct the name in Dockerfile:1.",
            f"  now      {HUB}  missing, 0.2 s, x",
        ],
    ),
    "it stays and there is no answer": (
        verified(silent(OLD, "failing"), way=STAYS),
        2,
        [
            "my-site: no answer for 1 image. Check again:",
            f"    {PROG} verify",
            f"  now      {HUB}  unreachable, 0.2 s",
        ],
    ),
    "refused": (
        verified(answer(OLD, "exists"), way=STAYS, refusals=("No image has it.",)),
        1,
        [
            "my-site: refused: No image has it.",
            "  1 other image exists (--all).",
        ],
    ),
    "unresolved": (
        verified(image="$X", status="unresolved", way=STAYS),
        1,
        [
            "my-site: no image to check. See what was found:",
            f"    {PROG} check",
            "  Not checked: $X (its name is unknown). Name it.",
        ],
    ),
    "local": (
        verified(way=STAYS, status="local"),
        1,
        [
            "my-site: no image to check. See what was found:",
            f"    {PROG} check",
            f"  Not checked: {HUB} (built here). Name it.",
        ],
    ),
    "what else was wrong": (
        verified(
            answer(OLD, "exists"),
            warnings=("A helper failed.",),
            way=STAYS,
            problems=(PROBLEM,),
        ),
        2,
        [
            "my-site: every image exists, and `migrate` would change none.",
            "  1 other image exists (--all).",
            "",
            "A helper failed.",
            "",
            "Problems:",
            "  a:1  x",
        ],
    ),
}


@pytest.mark.parametrize(("found", "code", "lines"), rows(ANSWERS))
def test_the_answer(found, code, lines):
    text = render_verify(found)
    assert text.splitlines()[: len(lines)] == lines
    assert found.exit_code == code
    assert max(map(len, text.splitlines())) <= 80
    jsonschema.validate(json.loads(render_verify_json(found)), SCHEMA)


def test_all_lists_what_stays_and_when_it_was_made():
    day = datetime.datetime(2024, 12, 1, tzinfo=datetime.timezone.utc)
    found = verified(answer(OLD, "exists", created=day), way=STAYS)
    line = f"  now      {HUB}  exists, 0.2 s, made 2024-12-01"
    assert line in render_verify(found, every=True).splitlines()


def test_json_has_each_image_once():
    data = json.loads(
        render_verify_json(
            verified(answer(OLD, "exists", "a"), answer(NEW, "exists", "a"))
        )
    )
    old, new = data["images"]
    assert (old["image"], new["image"]) == (str(OLD), str(NEW))
    assert (old["becomes"], old["same_digest"]) == (str(NEW), True)
    assert (new["becomes"], new["same_digest"]) == (None, None)
    assert old["used_by"] == new["used_by"] == [{"path": "Dockerfile", "line": 1}]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_of_a_registry_moves_the_cursor(text):
    found = verified(
        answer(OLD, "missing", message=text),
        silent(NEW, "odd")._replace(message=text),
        warnings=(text,),
        problems=(Problem(text, 1, text),),
    )
    said = render_verify(found, width=10_000)
    assert {one for one in said if not one.isprintable()} <= {"\n"}
    assert "\n::" not in said
    assert render_verify_json(found).isascii()
