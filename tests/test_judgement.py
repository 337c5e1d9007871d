# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The status of each reference, with every reason that applies, in order."""

import pytest

from .instances import (
    PIP,
    PIPENV,
    POETRY,
    UV,
    build,
    configure,
    ils,
    inspect_instance,
    plain,
    rdm,
    rdm_poetry,
    rdm_uv,
)
from .test_advice import (
    ALMA,
    C7_36,
    C7_39,
    C8_38,
    DEBIAN_13,
    DEBIAN_14,
    HUB,
    at_cern,
)

ON_HUB = ("impacted", "it lies on Docker Hub, with no promise to stay", "soon")
C7_ENDED = ("outdated", "CentOS 7 has had no fixes since 2024-06-30", "plan")
C8_ENDED = ("outdated", "CentOS 8 has had no fixes since 2021-12-31", "plan")
COMMENT = "a comment is not allowed behind FROM's image"
NINE = rdm("9.1.7", "3.8")
#: A release that no image here is wrong for.
FINE = rdm("14.0.5", "3.14")


def judge(tmp_path, files):
    return inspect_instance(tmp_path, files, every=True).judged


def show(judged):
    return judged.reference.text, judged.status


@pytest.mark.parametrize(
    ("files", "status", "reasons"),
    [
        # unresolved
        pytest.param(
            {**NINE, "Dockerfile": f"ARG N\nFROM {HUB}/$N:3.8\n"},
            "unresolved",
            [("unresolved", "N has no value", "soon")],
            id="a name that has no value",
        ),
        pytest.param(
            {**NINE, "Dockerfile": "ARG N\nFROM $N\n"},
            "unresolved",
            [("unresolved", "N has no value", "no")],
            id="the organisation is not in it",
        ),
        pytest.param(
            {**NINE, "Dockerfile": f"ARG O={HUB}\nFROM $O/$N:3.8\n"},
            "unresolved",
            [("unresolved", "N has no value", "soon")],
            id="the organisation is in a value",
        ),
        pytest.param(
            {**NINE, "Dockerfile": f"FROM {at_cern(C8_38)} # x\n"},
            "unresolved",
            [("unresolved", f"Docker refuses the line: {COMMENT}", "now"), C8_ENDED],
            id="refused, on no Docker Hub",
        ),
        pytest.param(
            {**NINE, "Dockerfile": "RUN true\n"},
            "unresolved",
            [("unresolved", "it has no FROM line, and Docker refuses it", "now")],
            id="no FROM",
        ),
        pytest.param(
            {**FINE, "Dockerfile": "FROM redis:7 # x\n"},
            "other",
            [],
            id="refused, and not the organisation's",
        ),
        # impacted
        pytest.param({**FINE, **build(f"{HUB}/a:1")}, "impacted", [ON_HUB], id="x/y"),
        *(
            pytest.param(
                {**FINE, **build(f"{host}/{HUB}/a:1")},
                "impacted",
                [ON_HUB],
                id=host,
            )
            for host in (
                "docker.io",
                "index.docker.io",
                "registry-1.docker.io",
                "registry.hub.docker.com",
                "registry.cern.ch/docker.io",
            )
        ),
        pytest.param(
            configure(
                {**FINE, **build(f"harbor.example.org/hub/{HUB}/a:1")},
                "mirrors =",
                "    quay.io=harbor.example.org/quay",
                "    docker.io=harbor.example.org/hub",
            ),
            *("impacted", [ON_HUB]),
            id="through a configured cache",
        ),
        pytest.param(
            configure(
                {**FINE, **build("registry.example.org/ours/a:1")},
                "copies = docker.io/inveniosoftware=registry.example.org/ours",
            ),
            *("other", []),
            id="in a copy",
        ),
        pytest.param(
            {**FINE, **build(f"{HUB}/demo-inveniordm/x:1")},
            *("impacted", [ON_HUB]),
            id="any image of the organisation",
        ),
        pytest.param(
            {**FINE, **build("someone/inveniosoftware:1")},
            *("other", []),
            id="somebody else's",
        ),
        pytest.param(
            {**FINE, "Dockerfile": f"ARG V\nFROM {HUB}/almalinux:$V\n"},
            "impacted",
            [ON_HUB, ("impacted", "its tag is unknown", "no")],
            id="an unknown tag",
        ),
        pytest.param(
            {**FINE, "Dockerfile": f"FROM {HUB}/almalinux:{{{{ tag }}}}\n"},
            "impacted",
            [ON_HUB, ("impacted", "its tag is unknown", "no")],
            id="a template's tag is not refused",
        ),
        pytest.param(
            {**FINE, "Dockerfile": f"FROM {HUB}/a:1 # x\n"},
            "impacted",
            [ON_HUB, ("impacted", f"Docker refuses the line: {COMMENT}", "now")],
            id="refused, on Docker Hub",
        ),
        pytest.param(
            {**NINE, **build(C8_38)},
            *("impacted", [ON_HUB, C8_ENDED]),
            id="impacted and outdated",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(C8_38)},
            "impacted",
            [
                ON_HUB,
                ("unsuitable", "Pipfile asks for 3.9, the image has 3.8", "now"),
                C8_ENDED,
            ],
            id="impacted, unsuitable and outdated",
        ),
        # unsuitable
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            "unsuitable",
            [
                ("unsuitable", "Pipfile asks for 3.12, the image has 3.9", "now"),
                ("ok", "13.1 asks for Node 18 or later; the image has 16", "no"),
            ],
            id="older than the pin",
        ),
        pytest.param(
            {**rdm("11.0.6", "3.8"), **build(ALMA)},
            "unsuitable",
            [("unsuitable", "Pipfile asks for 3.8, the image has 3.9", "soon")],
            id="newer than the pin",
        ),
        pytest.param(
            {**rdm("13.1.2"), **build(at_cern(C8_38))},
            "unsuitable",
            [
                (
                    "unsuitable",
                    "InvenioRDM 13.1 supports 3.9, 3.11, 3.12, the image has 3.8",
                    "now",
                ),
                C8_ENDED,
                ("ok", "13.1 asks for Node 18 or later; the image has 14", "no"),
            ],
            id="older than the release",
        ),
        pytest.param(
            {**rdm("10.1.1"), **build(DEBIAN_13)},
            "unsuitable",
            [
                (
                    "unsuitable",
                    "InvenioRDM 10.1 supports 3.7, 3.8, 3.9, the image has 3.11",
                    "soon",
                )
            ],
            id="newer than the release",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.8"), **build(DEBIAN_13)},
            "unsuitable",
            [
                ("unsuitable", "Pipfile asks for 3.8, the image has 3.11", "now"),
                ("ok", "14 asks for Node 24 or later; the image has 22", "no"),
            ],
            id="newer than the pin, older than the release",
        ),
        pytest.param(
            {**ils("4.5.0", "3.11"), **build(ALMA)},
            "unsuitable",
            [("unsuitable", "Pipfile asks for 3.11, the image has 3.9", "now")],
            id="ILS",
        ),
        pytest.param(
            {**plain("3.12"), **build(ALMA)},
            "unsuitable",
            [("unsuitable", "Pipfile asks for 3.12, the image has 3.9", "now")],
            id="no release",
        ),
        pytest.param(
            {**rdm_uv("10.1.1", "==3.8.*"), **build(ALMA, UV)},
            "unsuitable",
            [
                (
                    "unsuitable",
                    "pyproject.toml asks for ==3.8.*, the image has 3.9",
                    "now",
                )
            ],
            id="uv: newer is refused as well",
        ),
        pytest.param(
            {**rdm_poetry("10.1.1", "~3.8"), **build(ALMA, POETRY)},
            "unsuitable",
            [("unsuitable", "pyproject.toml asks for ~3.8, the image has 3.9", "now")],
            id="poetry: newer is refused as well",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                **build(DEBIAN_13, "RUN uv python install 3.10\n" + PIPENV),
            },
            "unsuitable",
            [
                (
                    "unsuitable",
                    "Pipfile asks for 3.12, the Dockerfile installs 3.10",
                    "now",
                )
            ],
            id="the Dockerfile installs another one",
        ),
        # outdated
        pytest.param(
            {**NINE, **build(at_cern(C8_38))}, "outdated", [C8_ENDED], id="outdated"
        ),
        pytest.param(
            {**NINE, **build(f"harbor.example.org/hub/{C8_38}")},
            *("outdated", [C8_ENDED]),
            id="outdated below an unknown host",
        ),
        pytest.param(
            {**FINE, **build("python:3.14", f"COPY --from={at_cern(C7_36)} /a /a\n")},
            *("outdated", [C7_ENDED]),
            id="what is copied from is never unsuitable",
        ),
        # ok
        pytest.param({**FINE, **build(DEBIAN_14)}, "ok", [], id="ok"),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            "ok",
            [("ok", "12 asks for Node 18 or later; the image has 16", "no")],
            id="Node is too old for npm to be quiet",
        ),
        pytest.param(
            {
                **rdm("12.0.19", "3.9"),
                **build(ALMA, "RUN dnf module install -y nodejs:18\n" + PIPENV),
            },
            *("ok", []),
            id="a Node of one's own",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(ALMA)},
            "ok",
            [
                (
                    "ok",
                    "9.1 builds its assets with node-sass 4, which ends at Node 14; "
                    "the image has 16",
                    "now",
                )
            ],
            id="Node is too new for node-sass",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build(ALMA)}, "ok", [], id="10 has no node-sass"
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                **build(DEBIAN_13, "RUN uv python install 3.12\n" + PIPENV),
            },
            *("ok", []),
            id="the Dockerfile installs the Python asked for",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                **build(
                    DEBIAN_13,
                    "RUN uv python install 3.12\nRUN uv python install 3.13\n" + PIPENV,
                ),
            },
            *("ok", []),
            id="one of those that it installs is asked for",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(DEBIAN_13, PIP)},
            *("ok", []),
            id="a pin that pip does not read",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(DEBIAN_13, UV)},
            *("ok", []),
            id="a pin that uv does not read",
        ),
        pytest.param(
            {**rdm_poetry("13.1.2", ">=3.9,<3.12"), **build(DEBIAN_13, POETRY)},
            *("ok", []),
            id="a range that holds the image's",
        ),
        pytest.param(
            {**ils("9.0.0", "3.9"), **build(ALMA)},
            *("ok", []),
            id="a release whose Pythons and Node are unknown",
        ),
        # other
        pytest.param({**FINE, **build("redis:7")}, "other", [], id="other"),
        pytest.param(
            {**FINE, **build(f"quay.io/{HUB}/web-node:1")},
            *("other", []),
            id="no base image below an unknown host",
        ),
        pytest.param(
            {**FINE, **build(f"{at_cern(HUB)}/web-node:1")},
            *("other", []),
            id="no base image at CERN",
        ),
        pytest.param(
            {**FINE, "Dockerfile": f"ARG V\nFROM {at_cern(HUB)}/almalinux:$V\n"},
            *("other", []),
            id="an unknown tag at CERN",
        ),
        # local
        pytest.param(
            {**FINE, "Dockerfile": "FROM my-site-base\n"},
            "local",
            [
                (
                    "local",
                    "its Dockerfile was not found: what it is built on is not judged",
                    "no",
                )
            ],
            id="a local base that is not there",
        ),
    ],
)
def test_status(files, status, reasons, tmp_path):
    judged = judge(tmp_path, files)[-1]
    assert (judged.status, list(judged.reasons)) == (status, reasons)


STAGES = f"FROM {at_cern(C7_39)} AS a\n%s\nFROM {ALMA}\n%s\n"


@pytest.mark.parametrize(
    ("steps", "statuses"),
    [
        pytest.param(
            ("RUN true", "RUN true"),
            ["outdated", "unsuitable"],
            id="the last stage, whatever it runs",
        ),
        pytest.param(
            ("RUN pipenv install", "RUN true"),
            ["unsuitable", "unsuitable"],
            id="a stage that installs packages",
        ),
        pytest.param(
            ("RUN npm install", f"RUN dnf install -y python3.12\n{PIPENV}"),
            ["outdated", "ok"],
            id="a stage that installs none",
        ),
        pytest.param(
            ("RUN dnf install -y python3.12\nRUN pipenv install", "RUN true"),
            ["outdated", "unsuitable"],
            id="each stage has its own Python",
        ),
    ],
)
def test_only_stages_that_install_packages_and_the_last_are_unsuitable(
    steps, statuses, tmp_path
):
    files = {**rdm("13.1.2", "3.12"), "Dockerfile": STAGES % steps}
    assert [judged.status for judged in judge(tmp_path, files)] == statuses


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "Dockerfile": f"FROM my-site-base\n{PIPENV}",
                "Dockerfile.base": f"FROM {ALMA}\nRUN true\n",
            },
            [("my-site-base", "local"), (ALMA, "unsuitable")],
            id="a base is judged by the build upon it",
        ),
        pytest.param(
            {
                "Dockerfile": f"FROM my-site-base\n{PIP}",
                "Dockerfile.base": f"FROM {ALMA}\nRUN true\n",
            },
            [("my-site-base", "local"), (ALMA, "ok")],
            id="not by itself",
        ),
        pytest.param(
            {
                "Dockerfile": f"FROM my-site-base\n{PIP}",
                "Dockerfile.base": f"FROM {ALMA}\n{PIPENV}",
            },
            [("my-site-base", "local"), (ALMA, "unsuitable")],
            id="by itself when it installs packages",
        ),
        pytest.param(
            {
                "Dockerfile": f"FROM my-site-base\nRUN dnf install -y python3.12\n{PIPENV}",
                "Dockerfile.base": f"FROM {ALMA}\nRUN true\n",
                "Dockerfile.worker": f"FROM my-site-base\n{PIPENV}",
            },
            [
                ("my-site-base", "local"),
                (ALMA, "unsuitable"),
                ("my-site-base", "local"),
            ],
            id="by the worst of the builds upon it",
        ),
        pytest.param(
            {
                "docker-compose.yml": f"services:\n  w:\n    image: {C8_38}\n"
                "  v:\n    image: my-site\n    build: .\n  u:\n    image: my-site\n",
                "Dockerfile": f"FROM {DEBIAN_14}\n",
            },
            [
                (DEBIAN_14, "unsuitable"),
                (C8_38, "impacted"),
                ("my-site", "local"),
            ],
            id="a compose file: the result of a build is local",
        ),
    ],
)
def test_local_bases(files, expected, tmp_path):
    judged = judge(tmp_path, {**rdm("13.1.2", "3.12"), **files})
    assert [show(one) for one in judged] == expected


@pytest.mark.parametrize(
    ("image", "unknown"),
    [
        pytest.param(f"harbor.example.org/hub/{C8_38}", True, id="below a path"),
        pytest.param(f"quay.io/{HUB}/almalinux:1", True, id="the same repository"),
        pytest.param(ALMA, False, id="CERN"),
        pytest.param(C8_38, False, id="Docker Hub"),
        pytest.param("quay.io/other:1", False, id="no base image"),
    ],
)
def test_unknown_host(image, unknown, tmp_path):
    (judged,) = judge(tmp_path, {**NINE, **build(image)})
    assert judged.unknown_host is unknown


def test_a_configured_host_is_known(tmp_path):
    files = {**NINE, **build(f"harbor.example.org/hub/{C8_38}")}
    line = "copies = docker.io=harbor.example.org/hub"
    (judged,) = judge(tmp_path, configure(files, line))
    assert (judged.unknown_host, judged.safe, judged.status) == (
        False,
        True,
        "outdated",
    )
