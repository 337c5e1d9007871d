# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The text of ``check``: order, places, colours, and what is never printed."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import pytest

from invenio_cli_registry.catalog import Evidence
from invenio_cli_registry.decision import Upgrade
from invenio_cli_registry.image import parse
from invenio_cli_registry.model import Command, EndOfLife, Option, Step, Way
from invenio_cli_registry.report import render
from invenio_cli_registry.report.layout import Layout

from ..tables import rows
from .records import (
    CERN,
    HUB,
    TODAY,
    checked,
    finding,
    option,
    recipe_of,
    report,
)

EVIDENCE = Evidence("named", "documented, not confirmed", "https://docs.example/")
MOVE = Way("same_at_cern", parse(CERN), parse(CERN), EVIDENCE, writes=True)
OLD = EndOfLife("CentOS 8", "base image", datetime.date(2021, 12, 31))
NEAR = EndOfLife("Python 3.8", "Pipfile", datetime.date(2027, 1, 31))


def say(*instances, layout=None, **fields):
    request = layout or Layout()
    return render("text", report(*instances, **fields), request)


def impacted(**fields):
    usual = {
        "answer": "impacted. Its base image is on Docker Hub.",
        "reasons": ("No removal has been announced.",),
        "options": (
            option("Use the same image.", "invenio-cli registry migrate"),
            option("Lasting fix: upgrade.", "invenio-cli x"),
            Option("AlmaLinux is not possible as it is."),
        ),
        "cautions": ("CERN does not guarantee uptime.",),
        "ends": (NEAR, OLD),
    }
    return checked(finding(image=HUB, way=MOVE), **{**usual, **fields})


WHOLE = f"""\
my-site: impacted. Its base image is on Docker Hub.

  Act now?  Soon. No removal has been announced.

  Do this: use the same image.
    invenio-cli registry migrate
  Lasting fix: upgrade.
    invenio-cli x
  AlmaLinux is not possible as it is.

  Dockerfile:1:6  {HUB}
              ->  {CERN}
                  documented, not confirmed

  No longer supported: CentOS 8 (base image) since 2021-12-31.
  Support ends soon: Python 3.8 (Pipfile) on 2027-01-31.

  CERN does not guarantee uptime.

Based on documentation of 2026-08; no registry was contacted. Test a new image
before you use it in production.
"""


def test_the_order():
    assert say(impacted()) == WHOLE


def test_what_is_ok_is_two_lines():
    plan = option(
        "Plan 14: fixes end in 75 days.", "invenio-cli registry check --for 14"
    )
    text = say(checked(options=[plan]))
    assert text == (
        "my-site: ok. InvenioRDM 9.1.7.\n  Plan 14: fixes end in 75 days.\n"
        "    invenio-cli registry check --for 14\n"
    )


def test_nothing_to_check():
    assert say(nothing="Nothing to check: no Dockerfile.") == (
        "Nothing to check: no Dockerfile.\n"
    )


@pytest.mark.parametrize("one", [checked(), impacted()], ids=["ok", "impacted"])
def test_facts_that_are_old_are_always_said_to_be(one):
    old = TODAY - datetime.timedelta(days=200)
    assert "pip install -U invenio-cli-registry" in say(one, catalogue=old)


UNRESOLVED = finding("unresolved", message="Cannot tell.", help="Write.", image="$X")
FAILS = finding("command-fails", "now", "`yum`: it fails.", help="Use dnf.")
PLACE = f"  Dockerfile:1:6  {HUB}"
WHERE = {
    "accepted": (
        checked(finding(image=HUB, accepted_until=TODAY)),
        [PLACE, f"{' ' * 18}accepted until {TODAY}"],
    ),
    "unresolved": (
        checked(UNRESOLVED, status="unresolved"),
        ["  Dockerfile:1:6  $X  unresolved", f"{' ' * 18}Cannot tell. Write."],
    ),
    "a command": (
        checked(FAILS),
        ["  Dockerfile:1:6  `yum`: it fails.", "    Use dnf."],
    ),
    "not built": (
        checked(finding(image=HUB), built=False),
        ["  Not built by any compose file:", PLACE],
    ),
}


@pytest.mark.parametrize(("one", "said"), rows(WHERE))
def test_where(one, said):
    lines = say(one).splitlines()
    at = lines.index(said[0])
    assert lines[at : at + len(said)] == said


def test_verbose_has_the_lines_to_add_and_the_commands_behind_a_remark():
    recipe = recipe_of(
        "Python 3.12", "RUN dnf install python3.12", "https://x.example/"
    )
    copy = Option(
        "Copy it:",
        (Command(("check", "--verbose"), "shows the commands"),),
        details=(Command(("skopeo", "copy", "a", "b")),),
    )
    one = impacted(options=[copy])
    one = one._replace(findings=(one.findings[0]._replace(recipe=recipe),))
    assert "shows the commands" in say(one)
    text = say(one, layout=Layout(verbose=True))
    assert "\n    skopeo copy a b\n" in text
    assert "shows the commands" not in text
    assert (
        "  Lines to add:\n    Python 3.12 (not tested), Dockerfile:1:\n"
        "      RUN dnf install python3.12\n      https://x.example/\n"
    ) in text


def change(what, old, new, *, by_hand=False, path="Pipfile", remark=""):
    step = Step(what, old, new, by_hand, remark)
    return finding("package", "plan", path=path, text="x" * 9, at="x", step=step)


UPGRADE = Upgrade(
    release=SimpleNamespace(label="14"),
    steps=(),
    changes=(
        change("Python", "3.9", "3.14"),
        change("invenio-app-rdm", "~=13.1.0", "~=14.0.0", by_hand=True),
        change(
            "base image",
            CERN,
            f"{CERN}-debian",
            path="Dockerfile",
            remark="The image is for amd64 machines only.",
        ),
        change("dnf install x", "dnf install x", "Use apt.", path="b", by_hand=True),
    ),
    services=(change("PostgreSQL", "postgres:12", "PostgreSQL 15", path="a.yml"),),
    compatible=("opensearch:2.17.1 (a.yml:3)",),
    unknown=("Node",),
    pages=("https://docs.example/13/", "https://docs.example/14/"),
)


def test_an_upgrade_is_a_numbered_list():
    typed = Command(("migrate", "--for", "14"), "makes changes 1 and 3")
    text = say(
        checked(
            state="upgrade",
            answer="the upgrade from 13.1.2 to 14 takes 4 changes.",
            options=[Option("Make the changes in this order:", (typed,))],
            upgrade=UPGRADE,
        )
    )
    assert (
        text.rpartition("\n\n")[0]
        == f"""\
my-site: the upgrade from 13.1.2 to 14 takes 4 changes.

  1. Python           Pipfile:1     3.9 -> 3.14
  2. invenio-app-rdm  Pipfile:1     ~=13.1.0 -> ~=14.0.0 (by hand)
  3. base image       Dockerfile:1  {CERN}
                      -> {CERN}-debian
     The image is for amd64 machines only.
  4. b:1              dnf install x -> Use apt. (by hand)

  Make the changes in this order:
    migrate --for 14                            # makes changes 1 and 3

  Also needed:
    PostgreSQL 15 (a.yml:1 runs postgres:12)
  Already compatible:
    opensearch:2.17.1 (a.yml:3)
  Not documented:
    Node
  Full instructions:
    https://docs.example/13/
    https://docs.example/14/"""
    )


def test_an_instance_that_is_on_the_release_is_one_line():
    there = UPGRADE._replace(
        changes=(), services=(), compatible=(), unknown=(), pages=()
    )
    one = checked(state="already", answer="already 14.0.", upgrade=there)
    assert say(one) == "my-site: already 14.0.\n"


@pytest.mark.parametrize(
    ("act", "word"), [("now", "<red>Yes</>,"), ("soon", "<yellow>Soon</>.")]
)
def test_colours(act, word):
    one = checked(finding(act=act, image=HUB), status="unsuitable")
    layout = Layout(paint=lambda text, colour: f"<{colour}>{text}</>")
    text = say(one, layout=layout)
    assert f"  Act now?  {word}" in text
    assert f"{HUB}  <red>wrong Python</>" in text
    assert re.sub(r"<\w+>|</>", "", text) == say(one)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_width_cuts_no_word(width):
    path = "a folder/" + "with-a-name-that-goes-on-and-on/" * 3 + "my Dockerfile"
    one = checked(
        finding(image=HUB, path=path, way=MOVE),
        finding("command-fails", message="word " * 30, path=path),
        title=path,
        reasons=("word " * 30,),
    )
    text = say(one, layout=Layout(width))
    assert text.split() == say(one, layout=Layout(1000)).split()
    assert f"  {path}:1:6  {HUB}\n" in text
    wide = [line for line in text.splitlines() if len(line) > width]
    assert all(path in line or CERN in line for line in wide)
