# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""An instance in; the answer, "Act now?", what to do and what else to know out."""

from __future__ import annotations

import datetime
import shlex

import click
import pytest

from invenio_cli_registry import cli

from ..instances import (
    PIP,
    PIPENV,
    POETRY,
    PROG,
    build,
    check,
    configure,
    ils,
    printed,
    rdm,
    rdm_poetry,
)
from ..tables import rows, site

HUB, CERN = "inveniosoftware", "registry.cern.ch/inveniosoftware"
C7_36, C7_37, C7_39 = (f"{HUB}/centos7-python:3.{minor}" for minor in (6, 7, 9))
C8_37, C8_38 = (f"{HUB}/centos8-python:3.{minor}" for minor in (7, 8))
ALMA = f"{CERN}/almalinux:1"
DEBIAN_13, DEBIAN_14 = (
    f"ghcr.io/{HUB}/invenio:{major}-debian" for major in ("13", "14")
)
#: pipenv installs into the ``python3`` on PATH.
WITH_312 = (
    "RUN dnf -y install python3.12 && ln -sfn /usr/bin/python3.12 "
    f"/usr/local/bin/python3\n{PIPENV}"
)
FAILS = f"RUN yum install -y gcc\n{PIPENV}"
COPY = "copies = docker.io/inveniosoftware=registry.example.org/invenio"

MIGRATE, VERIFY = f"{PROG} migrate", f"{PROG} migrate --verify"
SET_PYTHON, ASK = f"{PROG} migrate --set-python", f"{PROG} verify"
TO_ALMA, TO_SAME = f"{PROG} migrate --to almalinux", f"{PROG} migrate --to same"
LOCK, SKOPEO = "invenio-cli packages lock", "skopeo copy --all docker://docker.io/"


def at_cern(image):
    return image.replace(HUB, CERN, 1)


def docker(text, **others):
    """Return a Dockerfile as written, and others by the ends of their names."""
    more = {f"Dockerfile.{name}": text for name, text in others.items()}
    return {"Dockerfile": text, **more}


RDM_9, RDM_12, RDM_13 = rdm("9.1.7", "3.8"), rdm("12.0.19", "3.9"), rdm("13.1.2", "3.9")
RDM_13_312, RDM_14 = rdm("13.1.2", "3.12"), rdm("14.0.5", "3.14")
NINE, TWELVE = {**RDM_9, **build(C8_38)}, {**RDM_12, **build(ALMA)}
BASED = {
    **rdm("10.1.1", "3.9"),
    **docker(f"FROM my-site-base\n{PIPENV}", base=f"FROM {C7_39}\nRUN true\n"),
}

#: Files, act, the first command that is no preview, what the images become.
ROWS = {
    "9.1 on an image that a page names": (NINE, "soon", VERIFY, at_cern(C8_38)),
    "Docker Hub by another name": (
        *({**RDM_9, **build(f"registry.hub.docker.com/{C8_38}")}, "soon"),
        *(VERIFY, at_cern(C8_38)),
    ),
    "through a configured cache": (
        configure(
            {**RDM_9, **build(f"harbor.example.org/hub/{C8_38}")},
            "mirrors = docker.io=harbor.example.org/hub",
        ),
        *("soon", VERIFY, at_cern(C8_38)),
    ),
    "a cache of CERN comes in between": (
        configure(NINE, "mirrors = registry.cern.ch=harbor.example.org/cern"),
        *("soon", VERIFY, f"harbor.example.org/cern/{C8_38}"),
    ),
    "COPY --from": (
        {**RDM_13, **build(ALMA, f"COPY --from={C8_38} /a /a\n{PIPENV}")},
        *("soon", VERIFY, at_cern(C8_38)),
    ),
    "a compose service": (
        {**RDM_9, "docker-compose.yml": f"services:\n  web:\n    image: {C8_38}\n"},
        *("soon", VERIFY, at_cern(C8_38)),
    ),
    "a range that accepts the image": (
        {**rdm_poetry("9.1.7", "^3.8"), **build(C8_38, POETRY)},
        *("soon", VERIFY, at_cern(C8_38)),
    ),
    "not known at CERN": (site("9.1.7", "3.7", C8_37), "soon", SKOPEO, ""),
    "a copy that is configured": (
        configure(site("9.1.7", "3.7", C8_37), COPY),
        *("soon", MIGRATE, "registry.example.org/invenio/centos8-python:3.7"),
    ),
    "another image has the Python": (
        site("9.1.7", "3.9", C8_38),
        *("now", TO_SAME, at_cern(C7_39)),
    ),
    "no image has the Python": (
        site("9.1.7", "3.11", C8_38),
        *("now", VERIFY, at_cern(C8_38)),
    ),
    "poetry refuses a newer Python": (
        {**rdm_poetry("9.1.7", "3.8"), **build(C7_39, POETRY)},
        *("now", TO_SAME, at_cern(C8_38)),
    ),
    "pip reads no pin": (
        site("9.1.7", "3.9", C8_38, PIP),
        *("soon", VERIFY, at_cern(C8_38)),
    ),
    "13.1 on an almalinux of Docker Hub": (
        {**RDM_13, **build(f"{HUB}/almalinux")},
        *("soon", MIGRATE, ALMA),
    ),
    "12 for 3.8": (site("12.0.19", "3.8", C8_38), "now", SET_PYTHON, ALMA),
    "13.1 as its template makes it": (
        {**RDM_13_312, **build(ALMA)},
        *("now", SET_PYTHON, ""),
    ),
    "11 on CentOS at CERN": (
        site("11.0.6", "3.8", at_cern(C8_38)),
        *("now", SET_PYTHON, ALMA),
    ),
    "13.1 with its own Python": (
        {**RDM_13_312, **build(ALMA, WITH_312)},
        "plan",
        None,
        "",
    ),
    "14 on 13-debian": ({**RDM_14, **build(DEBIAN_13)}, "now", MIGRATE, DEBIAN_14),
    "14 on almalinux with another Python": (
        {**RDM_14, **build(ALMA, WITH_312)},
        *("now", None, ""),
    ),
    "14 on its own image": ({**RDM_14, **build(DEBIAN_14)}, "no", None, ""),
    "ILS before 4": (
        {**ils("3.0.0rc1", "3.9"), **build(C7_39)},
        *("soon", VERIFY, at_cern(C7_39)),
    ),
    "ILS 4.5": ({**ils("4.5.0", "3.9"), **build(C7_39)}, "soon", MIGRATE, ALMA),
    "a release that is not in the catalogue": (
        site("15.0.0b1", "3.9", C7_39),
        *("soon", VERIFY, at_cern(C7_39)),
    ),
    "an image that is not in the catalogue": (
        {**RDM_9, **build(f"{HUB}/web-node:1")},
        *("soon", f"{TO_SAME} --verify", ""),
    ),
    "a tag that depends on a variable": (
        {**RDM_9, **docker(f"ARG V\nFROM {HUB}/centos8-python:$V\n{PIPENV}")},
        *("soon", f"{TO_SAME} --verify", ""),
    ),
    "a name that depends on a variable": (
        {**RDM_9, **docker(f"ARG N\nFROM {HUB}/$N:3.8\n{PIPENV}")},
        *("soon", None, ""),
    ),
    "a comment behind FROM": (
        {**RDM_9, **docker(f"FROM {at_cern(C8_38)} # ok\n{PIPENV}")},
        *("now", None, ""),
    ),
    "at CERN, where a page names it": (
        {**RDM_9, **build(at_cern(C8_38))},
        *("plan", ASK, ""),
    ),
    "a Node that the assets do not build with": (
        site("9.1.7", "3.9", ALMA),
        *("now", None, ""),
    ),
    "a lock for another Python": (
        {**rdm("13.1.2", "3.9", lock_python="3.12"), **build(ALMA)},
        *("now", LOCK, ""),
    ),
    "a lock that the build does not read": (
        {**rdm("13.1.2", "3.9", lock_python="3.12"), **build(ALMA, PIP)},
        *("plan", None, ""),
    ),
    "a lock is more urgent than Docker Hub": (
        {**rdm("9.1.7", "3.8", lock_python="3.7"), **build(C8_38)},
        *("now", LOCK, at_cern(C8_38)),
    ),
    "below a local base": (BASED, "soon", VERIFY, at_cern(C7_39)),
    "a local base that is not there": (
        {**RDM_14, **docker(f"FROM my-site-base\n{PIPENV}")},
        *("no", None, ""),
    ),
    "a Dockerfile that nothing builds": (
        {
            **RDM_13_312,
            **build("almalinux:10.1"),
            "Dockerfile_old": f"FROM {ALMA}\n{PIPENV}",
            "docker-compose.yml": "services:\n  web:\n    build: .\n",
        },
        *("plan", None, ""),
    ),
}


def advise(folder, files, day="2026-11-24", **options):
    today = datetime.date.fromisoformat(day)
    return check(folder, files, today=today, **options).instances[0].advice


def list_options(advice):
    return advice.options


def list_commands(advice):
    return [line.line for one in list_options(advice) for line in one.commands]


@pytest.mark.parametrize(("files", "act", "first", "becomes"), ROWS.values(), ids=ROWS)
def test_act_and_first_command(tmp_path, files, act, first, becomes):
    (one,) = check(tmp_path, files).instances
    lines = [
        line
        for line in list_commands(one.advice)
        if not line.startswith(f"{PROG} check")
    ]
    ways = [found.way for found in one.findings if found.way]
    said = {str(way.becomes or way.image) for way in ways if way.becomes or way.image}
    line = lines[0] if lines else None
    assert (one.advice.act, said) == (act, {becomes} - {""})
    assert line == first or (first == SKOPEO and line.startswith(SKOPEO))


@pytest.mark.parametrize("files", [row[0] for row in ROWS.values()], ids=ROWS)
def test_what_holds_for_every_answer(tmp_path, files):
    advice = advise(tmp_path, files)
    options, commands = list_options(advice), list_commands(advice)
    sentences = (*advice.reasons, *advice.cautions, advice.lead)
    texts = (*sentences, advice.answer, *(one.text for one in options))
    assert all(text.strip() == text and text[-1] in ".:" for text in texts), texts
    assert len(set(commands)) == len(commands)
    # A thing is said once.
    assert len(set(texts)) == len(texts)
    for line in commands:
        if line.startswith(PROG) and "YOUR.REGISTRY" not in line:
            name, *words = shlex.split(line)[2:]
            command = cli.registry.commands[name]
            parent = click.Context(cli.registry, **cli.registry.context_settings)
            assert command.make_context(name, words, parent=parent)


FIRST_SENTENCE = {
    "impacted": (NINE, "impacted. Its base image is on Docker Hub and may be removed."),
    "impacted and refused": (
        {**RDM_9, **docker(f"FROM {C8_38} # old\n{PIPENV}")},
        f"impacted, and not buildable. Docker refuses the line {C8_38}: a comment is not "
        "allowed behind FROM's image.",
    ),
    "impacted and failing": (
        {**RDM_9, **build(C8_38, FAILS)},
        "impacted, and some commands of its Dockerfile no longer work.",
    ),
    "COPY --from": (
        {**RDM_9, **build("python:3.8", f"COPY --from={C8_38} /a /a\n")},
        "impacted. An image that it uses is on Docker Hub and may be removed.",
    ),
    "wrong Python for the release": (
        {**rdm("8.0.0"), **build(at_cern(C7_36))},
        "wrong Python. InvenioRDM 8 requires Python 3.7, 3.8 or 3.9, the base image "
        "has 3.6.",
    ),
    "no FROM": (
        {**rdm("6.0.5", "3.9"), **docker(PIPENV)},
        "not buildable. The Dockerfile has no FROM line, and Docker refuses it.",
    ),
    "unresolved": (
        {**RDM_9, **docker(f"ARG N\nFROM {HUB}/$N:1\n")},
        "cannot tell. An inveniosoftware image depends on a variable with no value.",
    ),
    "failing": (
        {**RDM_9, **build(at_cern(C8_38), "RUN dnf update -y\n")},
        "the images need not move, but some commands of its Dockerfile no longer work.",
    ),
    "Node": (
        site("9.1.7", "3.9", ALMA),
        "wrong Node. InvenioRDM 9.1 builds its assets with node-sass 4, up to Node "
        "14; the base image has Node 16.",
    ),
    "lock": (
        {**rdm("13.1.2", "3.9", lock_python="3.12"), **build(ALMA)},
        "the lock file does not fit. Pipfile requires Python 3.9, Pipfile.lock was "
        "made for 3.12.",
    ),
    "outdated": (
        site("10.1.1", "3.9", at_cern(C7_39)),
        "no need to move the image, but its operating system is no longer "
        "maintained: CentOS 7 has had no fixes since 2024-06-30.",
    ),
    "not in the catalogue": (
        {**RDM_13, **build(f"ghcr.io/{HUB}/demo-inveniordm/demo-inveniordm:13.0.0")},
        f"check the image. ghcr.io/{HUB}/demo-inveniordm/demo-inveniordm:13.0.0 is "
        "not in the catalogue. It is the image of the demo site, not a base image.",
    ),
    "the release is over": (
        TWELVE,
        "the image need not move, but InvenioRDM 12.0.19 has had no fixes since "
        "2026-01-24.",
    ),
    "a local base that is not there": (
        {**RDM_12, **build("my-site-base")},
        "cannot tell. The Dockerfile of my-site-base was not found.",
    ),
    "ok, with the place of the Python": (
        {**RDM_13_312, **build(ALMA, WITH_312)},
        "ok. InvenioRDM 13.1.2 on almalinux:1 with Python 3.12 (Dockerfile:2).",
    ),
    "ok, where packages are installed": (
        {**RDM_13, **docker(f"FROM python:3.12 AS a\nRUN true\nFROM {ALMA}\n{PIPENV}")},
        "ok. InvenioRDM 13.1.2 on almalinux:1 with Python 3.9.",
    ),
    "a pre-release": (
        site("14.0.0b5", "3.14", DEBIAN_14),
        "ok. InvenioRDM 14.0.0b5 on invenio:14-debian with Python 3.14. InvenioRDM "
        "14.0.0b5 is a pre-release, and the final 14.0.5 is out.",
    ),
    "not in the catalogue, a release": (
        site("15.0.0b2", "3.14", DEBIAN_14),
        "release not known. Its build is on invenio:14-debian with Python 3.14. "
        "InvenioRDM 15.0.0b2 is a pre-release, and not in the catalogue.",
    ),
    "release unknown": (
        {".invenio": "[cli]\nflavour = RDM\n", **build("python:3.14")},
        "release unknown. No file names a version of InvenioRDM. Its build is on "
        "python:3.14 with Python 3.14.",
    ),
    "14 on almalinux, with its Node": (
        {**RDM_14, **build(ALMA, WITH_312.replace("3.12", "3.14"))},
        "wrong Node. InvenioRDM 14 requires Node 24 or later; the base image has Node 16.",
    ),
    "made for another release": (
        site("9.1.7", "3.11", DEBIAN_13, PIP),
        f"check the image. {DEBIAN_13} is made for release 13, the instance is "
        "InvenioRDM 9.1.",
    ),
}


@pytest.mark.parametrize(("files", "answer"), rows(FIRST_SENTENCE))
def test_first_sentence(tmp_path, files, answer):
    assert advise(tmp_path, files).answer == answer


STAYS = "No removal has been announced, but nothing guarantees that the image stays."
SKIPS = (
    "pipenv skips packages that are locked for a newer Python, without an error, and"
)
LEAD_NOW = "Yes, before the next build."


ACT_NOW = {
    "impacted": (NINE, "2026-11-24", "Soon.", [STAYS]),
    "in one project": (
        TWELVE,
        "2026-11-24",
        "No, but plan for it.",
        [
            "Plan the upgrade 12 -> 13.1 -> 14 in one project, because 13 itself "
            "ends in 75 days (2027-02-07)."
        ],
    ),
    "commands fail": (
        {**RDM_9, **build(C8_38, "RUN yum -y install a\nRUN yum -y install b\n")},
        "2026-11-24",
        "Yes, before you rebuild: 2 commands fail, whatever the registry.",
        [STAYS],
    ),
    "the template's mistake": (
        {**RDM_13_312, **build(ALMA)},
        "2026-11-24",
        LEAD_NOW,
        [
            f"{SKIPS} `invenio collect` fails. The v13 template creates this "
            "mismatch; it is not your mistake."
        ],
    ),
    "a newer pipenv stops": (
        site("14.0.5", "3.13", DEBIAN_14),
        "2026-11-24",
        LEAD_NOW,
        ["pipenv stops, because the Python is not the one that the Pipfile requires."],
    ),
    "no FROM": (
        {**rdm("6.0.5", "3.9"), **docker(PIPENV)},
        "2026-11-24",
        LEAD_NOW,
        ["The build does not start."],
    ),
    "a system near its end": (
        {**RDM_14, **build(DEBIAN_14)},
        "2028-03-01",
        "No, but plan for it.",
        ["Fixes for Debian 13 end on 2028-08-09 (in 161 days)."],
    ),
}


@pytest.mark.parametrize(("files", "day", "lead", "reasons"), rows(ACT_NOW))
def test_act_now(tmp_path, files, day, lead, reasons):
    advice = advise(tmp_path, files, day)
    assert advice.lead == lead
    assert len(advice.reasons) == len(reasons)
    assert all(text.startswith(part) for text, part in zip(advice.reasons, reasons)), (
        advice.reasons
    )


SAME = (
    "Use the same image from CERN's registry. Python and the lock file do not change."
)
IF_NOT = "If CERN's registry does not have it, copy it to your own registry:"
LASTING = "Lasting fix: upgrade 9.1 -> 10.1 -> 11 -> 12 -> 13.1 -> 14."
ALMA_TOO = (
    "Or move to AlmaLinux, which has Python 3.9 and fixes for it until 2032-05-31:"
)
NOT_ALMA = "AlmaLinux, which the documentation page names, is not possible as it is:"
NO_NODE = f"{NOT_ALMA} 9.1 needs Node 14 to build its assets, almalinux:1 has Node 16."
LASTING_10 = "Lasting fix: upgrade 10.1 -> 11 -> 12 -> 13.1 -> 14."


TO_DO = {
    "9.1: no AlmaLinux": (NINE, [SAME, IF_NOT, NO_NODE, LASTING]),
    "10.1: AlmaLinux": (
        site("10.1.1", "3.9", C7_39),
        [SAME, IF_NOT, ALMA_TOO, LASTING_10],
    ),
    "10.1: the pin does not accept it": (
        site("10.1.1", "3.8", C8_38),
        [
            *(SAME, IF_NOT),
            f"{NOT_ALMA} Pipfile requires Python 3.8, almalinux:1 has 3.9.",
            LASTING_10,
        ],
    ),
    "a portal without a pin": (
        build(C7_36, PIP),
        ["Use the same image from CERN's registry.", IF_NOT, ALMA_TOO],
    ),
    "a copy first": (
        site("9.1.7", "3.7", C8_37),
        [
            "Copy the image to your own registry while Docker Hub has it: it is not "
            "confirmed that CERN's registry has it.",
            NO_NODE,
            "CERN's registry may have it under the same name (unconfirmed):",
            LASTING,
        ],
    ),
    "another image has the Python": (
        site("9.1.7", "3.9", C8_38),
        [
            f"Change {C8_38} by hand to {at_cern(C7_39)}, which has the Python that "
            "is required.",
            "Or only move the same image to CERN's registry:",
            LASTING,
        ],
    ),
    "what fails comes first": (
        {**RDM_9, **build(C8_38, FAILS)},
        [
            "Add lines to the Dockerfile (`--verbose` shows them).",
            *(f"Then {SAME[:1].lower()}{SAME[1:]}", IF_NOT, NO_NODE, LASTING),
        ],
    ),
    "the image's Python": (
        {**RDM_13_312, **build(ALMA)},
        [
            "Use the image's Python 3.9, which 13.1 supports.",
            "Or keep Python 3.12 and install it in the Dockerfile (`--verbose` shows "
            "the lines).",
            "Or upgrade to 14, which uses Python 3.14:",
        ],
    ),
    "the release's image and Python": (
        site("12.0.19", "3.8", C8_38),
        [
            "Use the release's own image, almalinux:1, and its Python 3.9.",
            "Lasting fix: upgrade 12 -> 13.1 -> 14.",
        ],
    ),
    "an image that is not in the catalogue": (
        {**RDM_9, **build(f"{HUB}/web-node:1")},
        [
            f"No replacement for {HUB}/web-node:1 is known: ask its maintainer for one, "
            "or keep a copy in your own registry.",
            "CERN's registry may have it under the same name (unconfirmed):",
            LASTING,
        ],
    ),
    "no FROM": (
        {**RDM_13, **docker(PIPENV)},
        [f"Begin it with `FROM {ALMA}`.", "Or upgrade to 14, which uses Python 3.14:"],
    ),
    "outdated: the release's own system": (
        {**RDM_12, **build(at_cern(C7_39))},
        ["Preview the upgrade (changes nothing):", ALMA_TOO],
    ),
    "near its end": (
        {**RDM_13, **build(ALMA)},
        ["Plan 14: fixes for 13 end on 2027-02-07 (in 75 days)."],
    ),
    "ILS": (
        {**ils("4.5.0", "3.9"), **build(ALMA)},
        ["Plan the upgrade to 6; InvenioILS publishes no end-of-life dates."],
    ),
    "Node": (
        {**RDM_14, **build(ALMA, WITH_312.replace("3.12", "3.14"))},
        ["Install Node 24 or later in the Dockerfile (`--verbose` shows the lines)."],
    ),
    "nothing to do": ({**RDM_14, **build(DEBIAN_14)}, []),
}


@pytest.mark.parametrize(("files", "texts"), rows(TO_DO))
def test_what_to_do(tmp_path, files, texts):
    options = list_options(advise(tmp_path, files))
    assert [one.text for one in options] == texts


CERN_TEXT = "CERN does not guarantee the uptime of its registry."
HOST = "InvenioRDM 9.1 works with invenio-cli 1.0.5 to 1.11."


ELSE_TO_KNOW = {
    "CERN, and a host that has a last one": (NINE, [CERN_TEXT, HOST]),
    "AlmaLinux": (
        site("11.0.6", "3.9", C7_39),
        [CERN_TEXT, f"{HUB}/almalinux:1 needs Docker 20.10.10 or later"],
    ),
    "Debian": (
        {**RDM_14, **build(DEBIAN_13)},
        [
            f"{HUB}/invenio:14-debian needs Docker 20.10.10 or later",
            f"{HUB}/invenio:14-debian is built for amd64 machines only.",
        ],
    ),
    "a cache": (
        configure(NINE, "mirrors = registry.cern.ch=harbor.example.org/cern"),
        ["Your cache covers outages of CERN's registry;", HOST],
    ),
    "local base": (BASED, [CERN_TEXT, "Build my-site-base first, then"]),
    "a service": (
        {
            **RDM_14,
            **build(DEBIAN_14),
            "compose.yml": "services:\n  db:\n    image: postgres:12.4\n",
        },
        [
            "InvenioRDM 14 requires PostgreSQL 15 or later; the compose file runs "
            "postgres:12.4. Upgrade the service by hand: https://"
        ],
    ),
    "not built": (
        ROWS["a Dockerfile that nothing builds"][0],
        [
            "Dockerfile_old is not built by any compose file. Pipfile requires "
            "Python 3.12, the base image has 3.9.",
        ],
    ),
    "nothing else to know": (site("11.0.6", "3.9", ALMA), []),
}


@pytest.mark.parametrize(("files", "cautions"), rows(ELSE_TO_KNOW))
def test_what_else_to_know(tmp_path, files, cautions):
    said = advise(tmp_path, files).cautions
    assert len(said) == len(cautions)
    assert all(text.startswith(part) for text, part in zip(said, cautions)), said


COMMANDS = {
    "Pipfile": (
        {**RDM_13_312, **build(ALMA)},
        [
            (SET_PYTHON, "Pipfile:5  3.12 -> 3.9"),
            (LOCK, "needs Python 3.9 on this machine"),
        ],
    ),
    "a copy": (
        site("9.1.7", "3.7", C8_37),
        [
            (f"{SKOPEO}{C8_37} docker://YOUR.REGISTRY/invenio/centos8-python:3.7", ""),
            (f"{MIGRATE} --copy docker.io/inveniosoftware=YOUR.REGISTRY/invenio", ""),
        ],
    ),
}


@pytest.mark.parametrize(("files", "lines"), rows(COMMANDS))
def test_commands(tmp_path, files, lines):
    recommended, *_ = advise(tmp_path, files).options
    assert [(one.line, one.remark) for one in recommended.commands] == lines


def test_commands_name_the_instance(tmp_path):
    files = {
        f"a site/{name}": text for name, text in {**RDM_13_312, **build(ALMA)}.items()
    }
    first, lock = advise(tmp_path, files).options[0].commands
    assert first.line == f"{SET_PYTHON} 'a site'"
    assert lock.line == f"(cd 'a site' && {LOCK})"


def test_without_a_lock_file_none_is_spoken_of(tmp_path):
    files = {**RDM_13_312, **build(ALMA)}
    del files["Pipfile.lock"]
    text = printed(tmp_path, files)
    assert not [said for said in ("lock file", "Pipfile.lock", LOCK) if said in text]
