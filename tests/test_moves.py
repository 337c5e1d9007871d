# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` makes of an instance: what moves, what is left, what is refused."""

from typing import NamedTuple

import pytest

from invenio_cli_registry.moves import Request, choose_moves
from invenio_cli_registry.project.manifests import load
from invenio_cli_registry.proposal import propose

from .instances import (
    PIPENV,
    UV,
    build,
    configure,
    ils,
    inspect_instance,
    instance,
    rdm,
    rdm_uv,
)
from .test_advice import (
    ALMA,
    C7_36,
    C7_37,
    C7_39,
    C8_37,
    C8_38,
    DEBIAN_13,
    DEBIAN_14,
    HUB,
    WITH_312,
    at_cern,
)

AUTO, SAME = Request("auto"), Request("same")
ALMALINUX, TO_DEBIAN = Request("almalinux"), Request("debian")
PIN = Request("auto", set_python=True)
YES = Request("auto", yes=True)
SHA = "sha256:" + "0" * 64

HUB_CACHE = "docker.io=harbor.example.org/hub"
CERN_CACHE = "registry.cern.ch=harbor.example.org/cern"
COPY = "docker.io/inveniosoftware=registry.example.org/invenio"


class Case(NamedTuple):
    """An instance, what is asked for, and what stands in for registries."""

    files: dict
    request: Request = AUTO
    mirrors: tuple = ()
    copies: tuple = ()


def choose(tmp_path, case):
    found = inspect_instance(
        tmp_path,
        case.files,
        every=bool(case.mirrors),
        mirrors=case.mirrors,
        copies=case.copies,
    )
    return found, choose_moves(found.advice.findings, case.request, found.setting)


def list_images(moves):
    return [str(move.image) if move.image else None for move in moves.moves]


NINE = {**rdm("9.1.7", "3.8"), **build(C8_38)}
THIRTEEN = {**rdm("13.1.2", "3.12"), **build(ALMA)}
BREAKS = "RUN yum-config-manager --enable PowerTools\n" + PIPENV


@pytest.mark.parametrize(
    ("case", "images", "python"),
    [
        # auto: the table's own choice.
        pytest.param(Case(NINE), [at_cern(C8_38)], None, id="the same image at CERN"),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(C7_39)}),
            *([ALMA], None),
            id="the release's own image",
        ),
        pytest.param(
            Case({**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, UV)}),
            *([DEBIAN_14], None),
            id="14: unsuitable ones, too",
        ),
        pytest.param(
            Case({**ils("1.0.0rc1", "3.9"), **build(C7_39)}),
            *([at_cern(C7_39)], None),
            id="ILS before 4.0",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.9"), **build(C8_38)}),
            *([at_cern(C8_38)], None),
            id="impacted and unsuitable: the same image",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.7"), **build(C8_37)}),
            *([None], None),
            id="nobody vouches for it",
        ),
        pytest.param(
            Case({**rdm("10.0.0", "3.7"), **build(C7_37)}),
            *([None], None),
            id="it may never have existed",
        ),
        pytest.param(
            Case(
                {**rdm("10.0.0", "3.7"), **build(C7_37)},
                Request("auto", verify=True),
            ),
            *([at_cern(C7_37)], None),
            id="it may never have existed: the registry is asked",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")}),
            *([None], None),
            id="an unknown image",
        ),
        pytest.param(Case(THIRTEEN), [None], None, id="the pin is not asked for"),
        pytest.param(Case(THIRTEEN, PIN), [None], "3.9", id="the pin alone"),
        pytest.param(
            Case({**rdm("12.0.19", "3.8"), **build(C8_38)}, PIN),
            *([ALMA], "3.9"),
            id="the image and the pin",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.9"), **build(C8_38)}, PIN),
            *([at_cern(C8_38)], "3.8"),
            id="impacted and unsuitable: the pin becomes the image's",
        ),
        pytest.param(
            Case({**rdm("11.0.6", "3.9"), **build(at_cern(C8_38))}),
            *([None], None),
            id="11 on CentOS: only by name",
        ),
        pytest.param(
            Case({**rdm("10.1.1", "3.9"), **build(at_cern(C7_39))}),
            *([None], None),
            id="outdated alone",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(ALMA)}), [None], None, id="fine"
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    "Dockerfile": f"# syntax={HUB}/frontend:1\nFROM {C8_38}\n",
                }
            ),
            *([None, at_cern(C8_38)], None),
            id="a syntax image never moves",
        ),
        pytest.param(
            Case(
                {
                    **rdm("13.1.2", "3.9"),
                    **build(C7_39, f"COPY --from={C7_39} /a /a\n{PIPENV}"),
                }
            ),
            *([ALMA, at_cern(C7_39)], None),
            id="what is copied from stays the same image",
        ),
        pytest.param(
            Case(
                {
                    **rdm("10.1.1", "3.9"),
                    "Dockerfile": f"FROM my-site-base\n{PIPENV}",
                    "Dockerfile.base": f"FROM {C7_39}\n",
                }
            ),
            *([None, at_cern(C7_39)], None),
            id="a local image never moves",
        ),
        # same
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(C7_39)}, SAME),
            *([at_cern(C7_39)], None),
            id="same: not the release's own",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.7"), **build(C8_37)}, SAME),
            *([at_cern(C8_37)], None),
            id="same: on nobody's word",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")}, SAME),
            *([at_cern(f"{HUB}/web-node:1")], None),
            id="same: an unknown image",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.12"), **build(C8_38)}, SAME),
            *([at_cern(C8_38)], None),
            id="same: a pin that did not fit before either",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.12"), **build(C8_38)},
                Request("same", set_python=True),
            ),
            *([at_cern(C8_38)], "3.8"),
            id="same: the pin becomes the image's",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.12"),
                    **build(C8_38, "RUN dnf install -y python3.11\n" + PIPENV),
                },
                Request("same", set_python=True),
            ),
            *([at_cern(C8_38)], None),
            id="same: no pin to a Python that the Dockerfile replaces",
        ),
        pytest.param(Case(THIRTEEN, SAME), [None], None, id="same: only impacted ones"),
        pytest.param(
            Case({**rdm("14.0.5", "3.14"), **build(f"{HUB}/invenio:14-debian")}, SAME),
            *([DEBIAN_14], None),
            id="same: where its makers publish it",
        ),
        # almalinux
        pytest.param(
            Case({**rdm("10.1.1", "3.9"), **build(C7_39)}, ALMALINUX),
            *([ALMA], None),
            id="almalinux: 10.1",
        ),
        pytest.param(
            Case({**rdm("10.1.1", "3.9"), **build(at_cern(C7_39))}, ALMALINUX),
            *([ALMA], None),
            id="almalinux: every base image",
        ),
        pytest.param(
            Case({**rdm("9.1.7"), **build(C8_38)}, ALMALINUX),
            *([ALMA], None),
            id="almalinux: Node is overridden by the name",
        ),
        pytest.param(
            Case({**rdm("6.0.5"), **build(C7_36)}, ALMALINUX),
            *([ALMA], None),
            id="almalinux: so is what the release supports",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), **build(C8_38)},
                Request("almalinux", set_python=True),
            ),
            *([ALMA], "3.9"),
            id="almalinux: with the pin",
        ),
        pytest.param(
            Case(
                {
                    **rdm("10.1.1", "3.9"),
                    **build(C7_39, f"COPY --from={C7_39} /a /a\n{PIPENV}"),
                },
                ALMALINUX,
            ),
            *([ALMA, at_cern(C7_39)], None),
            id="almalinux: only FROM",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(ALMA)}, ALMALINUX),
            *([None], None),
            id="almalinux: it is there",
        ),
        pytest.param(
            Case(
                {**rdm("12.0.19", "3.9"), **build(at_cern(f"{HUB}/almalinux:latest"))},
                ALMALINUX,
            ),
            *([None], None),
            id="almalinux: another tag of it stays",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(f"{HUB}/almalinux:1")}, ALMALINUX),
            *([ALMA], None),
            id="almalinux: it is on Docker Hub",
        ),
        pytest.param(
            Case(THIRTEEN, Request("almalinux", set_python=True)),
            *([None], "3.9"),
            id="almalinux: it is there, and the pin is not",
        ),
        pytest.param(
            Case({**rdm("13.1.2", "3.12"), **build(C7_39, WITH_312)}, ALMALINUX),
            *([ALMA], None),
            id="almalinux: under a Python of one's own",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")}, ALMALINUX),
            *([at_cern(f"{HUB}/web-node:1")], None),
            id="almalinux: what is no base image stays the same",
        ),
        # debian
        pytest.param(
            Case({**rdm("14.0.5", "3.14"), **build(DEBIAN_13)}, TO_DEBIAN),
            *([DEBIAN_14], None),
            id="debian: from 13-debian",
        ),
        pytest.param(
            Case({**rdm("14.0.5", "3.14"), **build(DEBIAN_14)}, TO_DEBIAN),
            *([None], None),
            id="debian: it is there",
        ),
        pytest.param(
            Case(
                {**rdm("14.0.5", "3.9"), **build(ALMA)},
                Request("debian", set_python=True),
            ),
            *([DEBIAN_14], "3.14"),
            id="debian: with the pin",
        ),
        # Copies and caches.
        pytest.param(
            Case(NINE, copies=(COPY,)),
            *(["registry.example.org/invenio/centos8-python:3.8"], None),
            id="a copy takes the image as it stands",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(C7_39)}, SAME, copies=(COPY,)),
            *(["registry.example.org/invenio/centos7-python:3.9"], None),
            id="a copy comes before same",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(C7_39)}, ALMALINUX, copies=(COPY,)),
            *([ALMA], None),
            id="a move by name comes before a copy",
        ),
        pytest.param(
            Case(
                {**rdm("12.0.19", "3.9"), **build(C7_39)},
                ALMALINUX,
                copies=("registry.cern.ch=registry.example.org/cern",),
            ),
            *(["registry.example.org/cern/inveniosoftware/almalinux:1"], None),
            id="a copy takes what the move by name leads to",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    **build("registry.example.org/invenio/centos8-python:3.8"),
                },
                copies=(COPY,),
            ),
            *([None], None),
            id="in a copy it is safe",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build("redis:7")}, copies=(COPY,)),
            *([None], None),
            id="a copy takes no other images",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")}, copies=(COPY,)),
            *([None], None),
            id="auto moves no unknown image, not to a copy either",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")},
                SAME,
                copies=(COPY,),
            ),
            *(["registry.example.org/invenio/web-node:1"], None),
            id="same: an unknown image is in the copy",
        ),
        pytest.param(
            Case(NINE, mirrors=(CERN_CACHE,)),
            *([f"harbor.example.org/cern/{C8_38}"], None),
            id="a cache takes what the image has become",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build("redis:7")}, mirrors=(HUB_CACHE,)),
            *(["harbor.example.org/hub/library/redis:7"], None),
            id="a cache takes every image of its upstream",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    **build("harbor.example.org/hub/library/redis:7"),
                },
                mirrors=(HUB_CACHE,),
            ),
            *([None], None),
            id="what comes through the cache stays",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")},
                mirrors=(HUB_CACHE,),
            ),
            *([f"harbor.example.org/hub/{HUB}/web-node:1"], None),
            id="a cache takes what no move does",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), **build(f"harbor.example.org/hub/{C8_38}")},
                mirrors=(HUB_CACHE,),
            ),
            *([at_cern(C8_38)], None),
            id="out of a cache of Docker Hub",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), **build(f"harbor.example.org/hub/{C8_38}")},
                mirrors=(HUB_CACHE, CERN_CACHE),
            ),
            *([f"harbor.example.org/cern/{C8_38}"], None),
            id="from a cache of Docker Hub to one of CERN",
        ),
        pytest.param(
            Case(NINE, copies=(COPY,), mirrors=("registry.example.org=h.org/x",)),
            *(["h.org/x/invenio/centos8-python:3.8"], None),
            id="a cache of a copy",
        ),
    ],
)
def test_choice(case, images, python, tmp_path):
    _, moves = choose(tmp_path, case)
    assert (list_images(moves), moves.python) == (images, python)


@pytest.mark.parametrize(
    ("case", "refusals"),
    [
        pytest.param(Case(NINE), [], id="nothing to refuse"),
        pytest.param(
            Case({**rdm("12.0.19", "3.8"), **build(C8_38)}),
            [
                "the pin does not accept Python 3.9, which the new image has: "
                "`invenio-cli registry migrate --set-python`"
            ],
            id="auto: the image does not fit the pin",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(C8_38)}, ALMALINUX),
            [
                "the pin does not accept Python 3.9, which the new image has: "
                "`invenio-cli registry migrate --to almalinux --set-python`"
            ],
            id="almalinux: a name overrides everything but the pin",
        ),
        pytest.param(
            Case({**rdm("14.0.5", "3.9"), **build(ALMA)}, TO_DEBIAN),
            [
                "the pin does not accept Python 3.14, which the new image has: "
                "`invenio-cli registry migrate --to debian --set-python`"
            ],
            id="debian: the pin",
        ),
        pytest.param(Case(THIRTEEN, ALMALINUX), [], id="the pin alone is only left"),
        pytest.param(Case(THIRTEEN), [], id="auto: the pin alone is only left"),
        pytest.param(
            Case({**rdm("13.1.2", "3.12"), **build(C7_39)}, SAME),
            [],
            id="same is never refused for a pin",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(ALMA)}, TO_DEBIAN),
            [
                "the Debian image is made for InvenioRDM 14 and Python 3.14. Upgrade "
                "first: 12 > 13.1 > 14; `invenio-cli registry check --for 14` says what "
                "that changes."
            ],
            id="debian: 12 is to be upgraded first",
        ),
        pytest.param(
            Case(build(C7_36), TO_DEBIAN),
            ["the Debian image is made for InvenioRDM 14 and Python 3.14."],
            id="debian: no release",
        ),
        pytest.param(
            Case({**rdm("14.0.5", "3.14"), **build(DEBIAN_13)}, ALMALINUX),
            [
                "AlmaLinux 9 has no Python 3.14, which this release needs: "
                "`invenio-cli registry migrate --to debian`"
            ],
            id="almalinux: not for 14",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(C7_39, BREAKS)}, YES),
            [
                "the move breaks lines of the Dockerfile; ask for it by name: "
                "`invenio-cli registry migrate --to almalinux --yes`"
            ],
            id="auto, --yes, and lines that would break",
        ),
        pytest.param(
            Case(
                {
                    **rdm_uv("14.0.5", "==3.14.*"),
                    **build(ALMA, "RUN dnf install -y gcc\n" + UV),
                },
                YES,
            ),
            [
                "the move breaks lines of the Dockerfile; ask for it by name: "
                "`invenio-cli registry migrate --to debian --yes`"
            ],
            id="14, --yes, and lines that would break",
        ),
        pytest.param(
            Case({**rdm("12.0.19", "3.9"), **build(C7_39, BREAKS)}),
            [],
            id="lines that would break, and a person to ask",
        ),
        pytest.param(
            Case(
                {**rdm("12.0.19", "3.9"), **build(C7_39, BREAKS)},
                Request("almalinux", yes=True),
            ),
            [],
            id="by name, --yes, and lines that would break",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(C8_38, BREAKS)}, YES),
            [],
            id="the system stays: no line breaks",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.9"),
                    "Dockerfile": f"FROM {C8_38}\n{PIPENV}",
                    "Dockerfile.worker": f"FROM {C7_36}\n{PIPENV}",
                },
                PIN,
            ),
            ["the images have different Pythons (3.6, 3.8): set it by hand"],
            id="two images, two Pythons, one pin",
        ),
    ],
)
def test_refusals(case, refusals, tmp_path):
    _, moves = choose(tmp_path, case)
    assert list(moves.refusals) == refusals


@pytest.mark.parametrize(
    ("case", "held"),
    [
        pytest.param(Case(NINE), [], id="nothing is left"),
        pytest.param(
            Case({**rdm("9.1.7", "3.7"), **build(C8_37)}),
            [
                f"Dockerfile:1:6  {C8_37}: nobody vouches that CERN's registry has it; --to same writes "
                "it all the same"
            ],
            id="nobody vouches for it",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.7"), **build(C8_37)}, copies=(COPY,)),
            [],
            id="a copy has it",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.7"), **build(C8_37)}, mirrors=(HUB_CACHE,)),
            [
                f"Dockerfile:1:6  {C8_37}: nobody vouches that CERN's registry has it; --to same writes "
                "it all the same"
            ],
            id="through a cache it is as impacted as before",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")}),
            [
                f"Dockerfile:1:6  {HUB}/web-node:1: no counterpart of this image is known; --to same "
                "moves it all the same"
            ],
            id="an unknown image",
        ),
        pytest.param(
            Case({**rdm("9.1.7"), "Dockerfile": f"ARG V\nFROM {HUB}/almalinux:$V\n"}),
            [
                f"Dockerfile:2:6  {HUB}/almalinux:$V: nobody knows its tag; --to same moves it all the "
                "same"
            ],
            id="an unknown tag",
        ),
        pytest.param(
            Case({**rdm("9.1.7"), "Dockerfile": f"ARG N\nFROM {HUB}/$N:1\n"}),
            [f"Dockerfile:2:6  {HUB}/$N:1: N has no value"],
            id="unresolved",
        ),
        pytest.param(
            Case({**rdm("9.1.7"), "Dockerfile": "ARG N\nFROM $N\nRUN true\n"}),
            [],
            id="unresolved, and not the organisation's",
        ),
        pytest.param(
            Case({**rdm("6.0.5", "3.9"), "Dockerfile": PIPENV}),
            ["Dockerfile:1:1  no FROM: it has no FROM line, and Docker refuses it"],
            id="no FROM",
        ),
        pytest.param(
            Case(THIRTEEN),
            [
                f"Dockerfile:1:6  {ALMA}: Pipfile asks for 3.12, the image has 3.9; the pin has to "
                "change, not the image: add --set-python"
            ],
            id="the pin",
        ),
        pytest.param(Case(THIRTEEN, PIN), [], id="the pin is set"),
        pytest.param(
            Case({**rdm("9.1.7", "3.9"), **build(C8_38)}),
            [
                f"Dockerfile:1:6  {C8_38}: Pipfile asks for 3.9, the image has 3.8; another Python is "
                "another image: change it by hand"
            ],
            id="safe, and its Python is as wrong as before",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.9"), **build(C8_38)}, SAME),
            [
                f"Dockerfile:1:6  {C8_38}: Pipfile asks for 3.9, the image has 3.8; another Python is "
                "another image: change it by hand"
            ],
            id="same: its Python is as wrong as before",
        ),
        pytest.param(
            Case(
                {
                    **rdm("13.1.2", "3.12"),
                    **build(C7_39, "RUN dnf install -y python3.11\n" + PIPENV),
                }
            ),
            [
                f"Dockerfile:1:6  {C7_39}: Pipfile asks for 3.12, the Dockerfile installs 3.11"
            ],
            id="the Dockerfile installs the wrong Python",
        ),
        pytest.param(
            Case({**rdm("11.0.6", "3.9"), **build(at_cern(C8_38))}),
            [
                f"Dockerfile:1:6  {at_cern(C8_38)}: Pipfile asks for 3.9, the image has 3.8; ask "
                "for it by name: --to almalinux"
            ],
            id="11 on CentOS",
        ),
        pytest.param(
            Case({**rdm("11.0.6", "3.9"), **build(at_cern(C8_38))}, ALMALINUX),
            [],
            id="11 on CentOS, by name",
        ),
        pytest.param(
            Case({**rdm("8.0.0"), **build(at_cern(C7_36))}),
            [
                f"Dockerfile:1:6  {at_cern(C7_36)}: InvenioRDM 8 supports 3.7, 3.8, 3.9, the image has "
                "3.6; another Python is another image: change it by hand"
            ],
            id="an image by hand",
        ),
        pytest.param(
            Case({**rdm("10.1.1", "3.9"), **build(at_cern(C7_39))}),
            [],
            id="an ended system is no finding to repair",
        ),
    ],
)
def test_held(case, held, tmp_path):
    _, moves = choose(tmp_path, case)
    assert list(moves.held) == held


@pytest.mark.parametrize(
    ("case", "notes"),
    [
        pytest.param(Case(NINE), [], id="nothing to say"),
        pytest.param(
            Case(
                configure(
                    {
                        **rdm("9.1.7", "3.8"),
                        **build(f"harbor.example.org/hub/{C8_38}"),
                    },
                    f"mirrors = {HUB_CACHE}",
                )
            ),
            [
                f"{at_cern(C8_38)} does not come through your cache "
                "harbor.example.org/hub any more; one of registry.cern.ch needs the "
                "line: mirrors = registry.cern.ch=harbor.example.org/PATH"
            ],
            id="the move leaves a cache of Docker Hub: the missing line",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {C8_38} # old\n{PIPENV}"}
            ),
            ["Dockerfile:1:6: Docker still refuses the line: a comment is not allowed"],
            id="a refused line moves, and stays refused",
        ),
        pytest.param(
            Case(NINE, mirrors=(CERN_CACHE,)),
            [
                "To have this remembered, in [registry] of .invenio: "
                f"mirrors = {CERN_CACHE}"
            ],
            id="a cache of the command line",
        ),
        pytest.param(
            Case(NINE, copies=(COPY,)),
            [f"To have this remembered, in [registry] of .invenio: copies = {COPY}"],
            id="a copy of the command line",
        ),
        pytest.param(
            Case(build(C8_38), mirrors=(CERN_CACHE,)),
            [
                "To have this remembered, in [registry] of .invenio, or "
                "[tool.invenio-cli-registry] of pyproject.toml: "
                f"mirrors = {CERN_CACHE}"
            ],
            id="a cache for no instance",
        ),
        pytest.param(
            Case(configure(NINE, f"mirrors = {CERN_CACHE}"), mirrors=(CERN_CACHE,)),
            [],
            id="a cache that is remembered",
        ),
        pytest.param(
            Case(NINE, mirrors=("quay.io=harbor.example.org/quay",)),
            [],
            id="a cache that takes nothing",
        ),
    ],
)
def test_notes(case, notes, tmp_path):
    _, moves = choose(tmp_path, case)
    assert len(moves.notes) == len(notes), moves.notes
    assert all(text.startswith(part) for text, part in zip(moves.notes, notes))


def rewrite(tmp_path, case):
    """Return the changed lines of the diff, and the proposal."""
    found, moves = choose(tmp_path, case)
    with instance(tmp_path, {}):
        proposal = propose(found, load(tmp_path / "my-site", "."), moves)
    lines = proposal.diff.splitlines()
    new = [line[1:] for line in lines if line[:1] == "+" and line[:3] != "+++"]
    return new, proposal


@pytest.mark.parametrize(
    ("case", "new"),
    [
        pytest.param(Case(NINE), [f"FROM {at_cern(C8_38)}"], id="FROM"),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {C8_38} # old\n{PIPENV}"}
            ),
            [f"FROM {at_cern(C8_38)} # old"],
            id="a refused line",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    "Dockerfile": f"ARG V\nFROM {HUB}/centos8-python:$V\n",
                },
                SAME,
            ),
            ["FROM registry.cern.ch/inveniosoftware/centos8-python:$V"],
            id="an unknown tag: the literal part only",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    "Dockerfile": f"ARG V\nFROM {HUB}/centos8-python:$V\n",
                },
                copies=(COPY,),
                request=SAME,
            ),
            ["FROM registry.example.org/invenio/centos8-python:$V"],
            id="an unknown tag, to a copy",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    "Dockerfile": f"ARG V\nFROM {HUB}/almalinux:$V\n{PIPENV}",
                },
                ALMALINUX,
            ),
            ["FROM registry.cern.ch/inveniosoftware/almalinux:$V"],
            id="an unknown tag is no base image that could be left",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), "Dockerfile": f"ARG B={C8_38}\nFROM $B\n"},
            ),
            [f"ARG B={at_cern(C8_38)}"],
            id="the default that holds the image",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{C8_38}@{SHA}")}),
            [f"FROM {at_cern(C8_38)}"],
            id="a digest is dropped with the tag kept",
        ),
        pytest.param(
            Case(
                {**rdm("9.1.7", "3.8"), **build(f"redis@{SHA}")}, mirrors=(HUB_CACHE,)
            ),
            [f"FROM harbor.example.org/hub/library/redis@{SHA}"],
            id="a digest stays true in a cache",
        ),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), **build(f"{C8_38}@{SHA}")}, copies=(COPY,)),
            [f"FROM registry.example.org/invenio/centos8-python:3.8@{SHA}"],
            id="a digest stays true in a copy",
        ),
        pytest.param(
            Case(
                {
                    **rdm("9.1.7", "3.8"),
                    **build(f"registry.cern.ch/docker.io/{C8_38}@{SHA}"),
                },
            ),
            [f"FROM {at_cern(C8_38)}"],
            id="a digest of CERN's cache is dropped, too",
        ),
        pytest.param(Case(THIRTEEN, PIN), ['python_version = "3.9"'], id="the pin"),
        pytest.param(
            Case({**rdm("9.1.7", "3.8"), "values.yaml": f"run:\n  by: {C8_38}\n"}),
            [],
            id="a scalar that only names the organisation",
        ),
        pytest.param(Case({**rdm("12.0.19", "3.8"), **build(C8_38)}), [], id="refused"),
    ],
)
def test_rewrite(case, new, tmp_path):
    assert rewrite(tmp_path, case)[0] == new


def test_a_scalar_that_only_names_the_organisation_is_left_by_name(tmp_path):
    files = {**rdm("9.1.7", "3.8"), "values.yaml": f"run:\n  by: {C8_38}\n"}
    (left,) = rewrite(tmp_path, Case(files))[1].left
    assert left.startswith(f"values.yaml:2:7  {C8_38}: no place of an image is known")


def test_a_dropped_digest_is_said(tmp_path):
    files = {**rdm("9.1.7", "3.8"), **build(f"{C8_38}@{SHA}")}
    (note,) = rewrite(tmp_path, Case(files))[1].notes
    assert (
        note == "Dockerfile:1:6: the digest was dropped: it belongs to the old registry"
    )


def test_a_second_run_changes_nothing(tmp_path):
    first, proposal = rewrite(tmp_path, Case(NINE))
    moved = {**NINE, "Dockerfile": proposal.changes[0].new.decode()}
    assert first
    assert rewrite(tmp_path, Case(moved))[0] == []
