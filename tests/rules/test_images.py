# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where images are, and what is known of them."""

from __future__ import annotations

import pytest

from ..instances import PIPENV, build, check, configure, rdm
from . import ALMA, C7_36, C8_38, CERN, DEBIAN_13, DEBIAN_14, HUB, at_cern, findings

NINE, FOURTEEN = rdm("9.1.7", "3.8"), rdm("14.0.5", "3.14")
CACHE = "mirrors = docker.io=harbor.example.org/hub"
COPY = "copies = docker.io/inveniosoftware=registry.example.org/ours"
HUB_HOSTS = (
    *("docker.io", "index.docker.io", "registry-1.docker.io"),
    *("registry.hub.docker.com", "registry.cern.ch/docker.io"),
)


def template(image):
    return {
        "{{a}}/.invenio": "[cli]\nflavour = RDM\n",
        "{{a}}/Dockerfile": f"FROM {image}\n",
    }


ON_HUB = {
    "as it is written": ({**NINE, **build(C8_38)}, C8_38),
    **{
        host: ({**NINE, **build(f"{host}/{C8_38}")}, f"{host}/{C8_38}")
        for host in HUB_HOSTS
    },
    "any image of the organisation": (
        {**NINE, **build(f"{HUB}/web-node:1")},
        f"{HUB}/web-node:1",
    ),
    "a tag that is not known": (
        {**NINE, "Dockerfile": f"ARG V\nFROM {HUB}/almalinux:$V\n"},
        f"{HUB}/almalinux:$V",
    ),
    "a template's tag": (
        {**NINE, "Dockerfile": f"FROM {HUB}/almalinux:{{{{ tag }}}}\n"},
        f"{HUB}/almalinux:{{{{ tag }}}}",
    ),
    "through a configured cache": (
        configure({**NINE, **build(f"harbor.example.org/hub/{C8_38}")}, CACHE),
        f"harbor.example.org/hub/{C8_38}",
    ),
    "copied from": (
        {**FOURTEEN, **build(DEBIAN_14, f"COPY --from={C8_38} /a /a\n")},
        C8_38,
    ),
    "in a compose file": (
        {**NINE, "compose.yml": f"services:\n  a:\n    image: {C8_38}\n"},
        C8_38,
    ),
    "in Kubernetes": (
        {"pod.yml": f"kind: Pod\nspec:\n  containers:\n  - image: {C8_38}\n"},
        C8_38,
    ),
    "in a template": (template(C8_38), C8_38),
    "not built": (
        {
            **FOURTEEN,
            **build(DEBIAN_14),
            "Dockerfile.old": f"FROM {C8_38}\n",
            "compose.yml": "services:\n  a:\n    build: .\n",
        },
        C8_38,
    ),
}
NOT_ON_HUB = {
    "at CERN": {**NINE, **build(at_cern(C8_38))},
    "somebody's image of that name": {**NINE, **build("someone/inveniosoftware:1")},
    "of a similar name": {**NINE, **build("inveniosoftware-contrib/a:1")},
    "in a copy": configure(
        {**NINE, **build("registry.example.org/ours/centos8-python:3.8")}, COPY
    ),
    "on another host": {**NINE, **build(f"quay.io/{C8_38}")},
    "built by the instance": {
        **NINE,
        **build(ALMA),
        "compose.yml": f"services:\n  a:\n    image: {HUB}/centos8-python:my\n    build: .\n",
    },
}


@pytest.mark.parametrize(("files", "text"), ON_HUB.values(), ids=ON_HUB)
def test_on_docker_hub(tmp_path, files, text):
    (found,) = findings(tmp_path, files, "docker-hub")
    assert (found[0], found[2]) == (
        "soon",
        f"{text} is on Docker Hub and may be removed.",
    )


@pytest.mark.parametrize("files", NOT_ON_HUB.values(), ids=NOT_ON_HUB)
def test_not_on_docker_hub(tmp_path, files):
    assert findings(tmp_path, files, "docker-hub") == []


DEMO = f"ghcr.io/{HUB}/demo-inveniordm/demo-inveniordm:13.0.0"
OLD_NAME = f"ghcr.io/{HUB}/invenio-debian-rdm-v14:latest"
UNKNOWN = {
    "the demo site": (DEMO, " It is the image of the demo site, not a base image."),
    "an old name": (OLD_NAME, f" It is an old name of {DEBIAN_14}."),
    "a release that is not out": (f"ghcr.io/{HUB}/invenio:15-debian", ""),
    "a tag that is not known": (f"{CERN}/almalinux:2", ""),
    "an image at CERN": (f"{CERN}/web-node:1", ""),
    "on Docker Hub it is on Docker Hub": (f"{HUB}/web-node:1", None),
    "a tag with no value": (f"{CERN}/almalinux:$V", None),
    "a second name of a known one": (f"{CERN}/almalinux:1.0.3", None),
    "of a day": (f"{CERN}/almalinux:20250429", None),
    "of others": ("python:3.14", None),
}


@pytest.mark.parametrize(("image", "note"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown(tmp_path, image, note):
    wanted = [("plan", "Dockerfile:1", f"{image} is not in the catalogue.{note}")]
    found = findings(tmp_path, {**FOURTEEN, **build(image)}, "unknown-image")
    assert found == ([] if note is None else wanted)


NAMED = "documented, but we found no workflow that publishes it"
NOTHING = "no page and no workflow names it"
UNCONFIRMED = {
    "only a page names it": (
        at_cern(C8_38),
        f"CERN's registry has {at_cern(C8_38)}: {NAMED}",
    ),
    "nothing names it there": (
        f"{CERN}/invenio:14-debian",
        f"CERN's registry has {CERN}/invenio:14-debian: ",
    ),
    "a workflow has built it": (at_cern(C7_36), None),
    "a workflow builds it": (ALMA, None),
    "on Docker Hub": (C8_38, None),
    "below a host that nobody explained": (f"harbor.example.org/{C8_38}", None),
    "of others": ("python:3.14", None),
}


@pytest.mark.parametrize(("image", "said"), UNCONFIRMED.values(), ids=UNCONFIRMED)
def test_unconfirmed(tmp_path, image, said):
    found = findings(tmp_path, {**NINE, **build(image)}, "unconfirmed-image")
    assert [(act, place) for act, place, _ in found] == [
        ("plan", "Dockerfile:1")
    ] * bool(said)
    assert all(
        text.startswith(f"It is not confirmed that {said}") for *_, text in found
    )


def test_an_image_in_a_copy_is_confirmed_by_who_keeps_it(tmp_path):
    files = {**NINE, **build("registry.example.org/ours/centos8-python:3.8")}
    assert findings(tmp_path, configure(files, COPY), "unconfirmed-image") == []


OTHER = {
    "13 on the image of 14": (
        "13.1.2",
        "3.9",
        DEBIAN_14,
        "release 14, the instance is InvenioRDM 13.1",
    ),
    "14 on the image of 13": (
        "14.0.5",
        "3.14",
        DEBIAN_13,
        "release 13, the instance is InvenioRDM 14",
    ),
    "its own": ("14.0.5", "3.14", DEBIAN_14, None),
    "of its own, by the old tag": (
        "14.0.5",
        "3.14",
        f"ghcr.io/{HUB}/invenio:debian-python3.14",
        None,
    ),
    "of all releases": ("14.0.5", "3.14", ALMA, None),
    "of others": ("14.0.5", "3.14", "python:3.12", None),
    "not in the catalogue": ("15.0.0b2", "3.14", DEBIAN_14, None),
}


@pytest.mark.parametrize(
    ("version", "python", "image", "said"), OTHER.values(), ids=OTHER
)
def test_of_another_release(tmp_path, version, python, image, said):
    files = {**rdm(version, python), **build(image)}
    wanted = [("plan", "Dockerfile:1", f"{image} is made for {said}.")]
    assert findings(tmp_path, files, "other-release") == (wanted if said else [])


UNEXPLAINED = {
    "below a path": (
        f"harbor.example.org/hub/{C8_38}",
        "harbor.example.org/hub is a cache of docker.io, or a copy",
    ),
    "the same repository": (
        f"quay.io/{HUB}/almalinux:1",
        "quay.io/inveniosoftware is a cache of registry.cern.ch/inveniosoftware, or a copy",
    ),
    "CERN": (ALMA, None),
    "Docker Hub": (C8_38, None),
    "no base image": ("quay.io/other:1", None),
}


@pytest.mark.parametrize(("image", "said"), UNEXPLAINED.values(), ids=UNEXPLAINED)
def test_a_host_that_nobody_explained(tmp_path, image, said):
    wanted = [("no", "Dockerfile:1", f"Nothing says whether {said}.")]
    found = findings(tmp_path, {**NINE, **build(image, PIPENV)}, "unknown-registry")
    assert found == (wanted if said else [])


@pytest.mark.parametrize("key", ["mirrors", "copies"])
def test_the_line_that_explains_a_host_works(tmp_path, key):
    files = {**NINE, **build(f"harbor.example.org/hub/{C8_38}")}
    (one,) = check(tmp_path, files).instances
    (finding,) = [found for found in one.findings if found.rule == "unknown-registry"]
    line = next(part for part in finding.help.split("`") if part.startswith(key))
    (one,) = check(tmp_path / "again", configure(files, line)).instances
    rules = {found.rule for found in one.findings}
    assert "unknown-registry" not in rules
    assert ("docker-hub" in rules) is (key == "mirrors")
