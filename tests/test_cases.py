# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What real instances taught us: each case by its shape, with the answer that is right."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from .instances import (
    CATALOGUE,
    PIP,
    PIPENV,
    UV,
    as_json,
    build,
    call,
    configure,
    diff,
    ils,
    inside,
    instance,
    plain,
    printed,
    rdm,
    rdm_poetry,
    rdm_uv,
    run,
    write,
)
from .rules import (
    ALMA,
    C7_37,
    C8_37,
    C8_38,
    CERN,
    DEBIAN_14,
    DNF_312,
    HUB,
    LINK,
    at_cern,
)

NINE = {**rdm("9.1.7", "3.8"), **build(C8_38)}
T312, THIRTEEN = rdm("13.1.2", "3.12"), {**rdm("13.1.2", "3.9"), **build(ALMA)}
COMPOSE = {"docker-compose.full.yml": "services:\n  web:\n    build: .\n"}
NO_CHECK = (
    "Nothing to check: no Dockerfile, compose file or manifest below this folder."
)


def first(folder, files, *arguments):
    """Return the first paragraph that ``check`` prints, on one line."""
    return " ".join(printed(folder, files, *arguments).partition("\n\n")[0].split())


def text(folder, files, *arguments):
    """Return all that ``check`` prints, on one line."""
    return " ".join(printed(folder, files, *arguments).split())


#: Case, files, what the answer begins with.
ANSWERS = {
    "1 switched to": (
        {**T312, **build(ALMA, DNF_312 + LINK + PIPENV)},
        "my-site: ok. InvenioRDM 13.1.2 on almalinux:1 with Python 3.12 (Dockerfile:3).",
    ),
    "7 Node of 14": (
        {**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, UV)},
        "my-site: wrong Node. InvenioRDM 14 requires Node 24 or later; the base image has",
    ),
    "13 the demo site": (
        {
            **rdm("13.1.2", "3.9"),
            **build(f"ghcr.io/{HUB}/demo-inveniordm/demo-inveniordm:13.0.0"),
        },
        f"my-site: check the image. ghcr.io/{HUB}/demo-inveniordm/demo-inveniordm:13.0.0 is "
        "not in the catalogue.",
    ),
    "15 a pre-release": (
        {**rdm("14.0.0b5", "3.14"), **build(DEBIAN_14)},
        "my-site: ok. InvenioRDM 14.0.0b5 on invenio:14-debian with Python 3.14. InvenioRDM "
        "14.0.0b5 is a pre-release, and the final 14.0.5 is out. Update to 14.0.5.",
    ),
    "15 not in the catalogue": (
        {**rdm("15.0.0b2", "3.14"), **build(DEBIAN_14)},
        "my-site: release not known. Its build is on invenio:14-debian with Python 3.14. "
        "InvenioRDM 15.0.0b2 is a pre-release, and not in the catalogue.",
    ),
    "47 tagged like its base": (
        {
            **NINE,
            "compose.yml": f"services:\n  a:\n    image: {HUB}/centos8-python:my\n    build: .\n",
        },
        "my-site: impacted. Its base image is on Docker Hub and may be removed.",
    ),
}


@pytest.mark.parametrize(("files", "answer"), ANSWERS.values(), ids=ANSWERS)
def test_the_answer(tmp_path, files, answer):
    assert first(tmp_path, files).startswith(answer)


#: Case, files, options, what is said and what is not, parts separated by ``|``.
SAID = {
    "1 the lines to add": (
        {**T312, **build(ALMA)},
        "--verbose",
        "ln -sfn /usr/bin/python3.12 /usr/local/bin/python3",
        "",
    ),
    "2 not built": (
        {
            **T312,
            **COMPOSE,
            **build("almalinux:10.1"),
            "Dockerfile_original": f"FROM {ALMA}\n",
        },
        "",
        "my-site: ok. InvenioRDM 13.1.2 on almalinux:10.1 with Python 3.12.|"
        "Dockerfile_original is not built by any compose file.",
        "Act now|migrate",
    ),
    "3 an image of others fits": (
        {**rdm("12.0.19", "3.12"), **build("python:3.12-bookworm")},
        "--for 13.1",
        "takes 1 change.|invenio-app-rdm",
        "base image|3.9",
    ),
    "3 an image of others for 14": (
        {**T312, **build("python:3.12-bookworm")},
        "--for 14",
        "one with Python 3.14",
        "14-debian",
    ),
    "4 Dockerfiles of others": (
        {
            **THIRTEEN,
            "docs/Dockerfile": "FROM python:3.8\nRUN pip install sphinx\n",
            "twine/Dockerfile": "FROM python:3.7\nRUN pip install twine\n",
        },
        "--for 14",
        "takes 3 changes.",
        "docs/Dockerfile|twine",
    ),
    "6 one step from 13.0": (
        {**rdm("13.0.3", "3.9"), **build(ALMA)},
        "--for 14",
        "v14/upgrade-v14.0/",
        "13.1|first",
    ),
    "6 all pages": (
        NINE,
        "--for 10.1",
        "v10/upgrade-v10.0/|v10/version-v10.1.0/",
        "first",
    ),
    "7 Node for 12": (
        {**rdm("11.0.6", "3.9"), **build(ALMA)},
        "--for 12 --verbose",
        "Node|16 -> 18 or later|nodejs:18",
        "",
    ),
    "7 no ok next to Node": (
        {**rdm("12.0.19", "3.9"), **build(ALMA)},
        "",
        "InvenioRDM 12 requires Node 18 or later",
        "almalinux:1 ok|my-site: ok",
    ),
    "8 verify is next": (
        {**NINE, **build(at_cern(C8_38))},
        "",
        "No, but plan for it.|invenio-cli registry verify",
        ": ok|migrate",
    ),
    "10 nothing before the next build": (
        {**ils("1.0.0rc1", "3.7"), **build(C8_37)},
        "",
        "Soon.",
        "before the next build|wrong Python",
    ),
    "11 AlmaLinux for poetry": (
        {**rdm_poetry("10.1.1", "^3.8"), **build(C8_38, "RUN poetry install\n")},
        "",
        "Or move to AlmaLinux, which has Python 3.9",
        "not possible",
    ),
    "11 AlmaLinux without a pin": (
        {**rdm("10.1.1"), **build(C8_38)},
        "",
        "Or move to AlmaLinux, which has Python 3.9",
        "not possible",
    ),
    "11 AlmaLinux for 9.1": (
        NINE,
        "",
        "is not possible as it is: 9.1 needs Node 14",
        "Or move to AlmaLinux",
    ),
    "14 neither release nor instance": (
        {
            "setup.cfg": "[metadata]\nname = invenio-app-rdm\nversion = 9.1.7\n",
            **build(C8_38, PIP),
        },
        "",
        "",
        "InvenioRDM|9.1|upgrade",
    ),
    "15 an older patch": (
        {**rdm("12.0.0", "3.9"), **build(ALMA)},
        "",
        "InvenioRDM 12.0.0 is not the last patch: 12.1.0 is.",
        "",
    ),
    "30 no list, no sentence about it": (
        {**rdm("14.0.5", "3.14"), **build(C8_38)},
        "",
        "",
        "listed below|left behind",
    ),
    "30 its own image": (
        {**rdm("13.1.2", "3.9"), **build(C8_38)},
        "",
        "almalinux:1",
        "14-debian",
    ),
    "31 a failing line is accepted": (
        configure(
            {**NINE, **build(at_cern(C8_38), "RUN yum install -y gcc\n" + PIPENV)},
            "accept = command-fails until 2027-01-01",
        ),
        "",
        "accepted until 2027-01-01 (in 38 days): yum install -y gcc.",
        "Yes, before",
    ),
    "32 a COPY is no Python": (
        {
            **THIRTEEN,
            "Dockerfile": f"FROM python:3.12 AS b\nRUN true\nFROM {ALMA}\n"
            f"COPY --from=b /usr/local/lib/python3.12/site-packages /x\n{PIPENV}",
        },
        "",
        "ok. InvenioRDM 13.1.2 on almalinux:1 with Python 3.9.",
        "wrong Python",
    ),
}


@pytest.mark.parametrize(
    ("files", "options", "said", "not_said"), SAID.values(), ids=SAID
)
def test_what_is_said(tmp_path, files, options, said, not_said):
    found = text(tmp_path, files, *options.split())
    assert [one for one in said.split("|") if one not in found] == []
    assert [one for one in not_said.split("|") if one and one in found] == []


def test_5_a_release_without_a_path(tmp_path):
    files = {**rdm("0.12.5", "3.6"), **build(ALMA)}
    ran = run(tmp_path, files, "check", "--for", "14")
    assert ran.code == 2
    why = "InvenioRDM 0.12.5 is not in the catalogue, so no upgrade page is known that leads from it"
    assert why in " ".join(ran.out.split())


def test_8_after_migrate(tmp_path):
    with instance(tmp_path, NINE):
        assert call("migrate", "--catalogue", CATALOGUE, "--yes").code == 0
        ran = call("check", "--catalogue", CATALOGUE)
    assert ran.code == 0
    assert ran.out.startswith("my-site: check the image.")


@pytest.mark.parametrize("folder", ["docker", "site/my_site"])
def test_12_from_a_folder_below(tmp_path, folder):
    with instance(tmp_path, {**NINE, f"{folder}/x.txt": ""}), inside(Path(folder)):
        ran = call("check", "--catalogue", CATALOGUE)
    up = os.path.join(*[".."] * len(Path(folder).parts))
    assert ran.code == 1
    assert ran.out.startswith(f"my-site ({up}): impacted.")


@pytest.mark.parametrize("files", [{}, {"README.md": "Hi.\n"}, {"x.yml": "a: b\n"}])
def test_12_nothing_to_check(tmp_path, files):
    ran = run(tmp_path, files, "check")
    assert (ran.code, ran.out.strip()) == (2, NO_CHECK)


OTHERS = {
    "an image of others": build("python:3.12-bookworm", PIP),
    "an application": {**plain("3.12"), **build("python:3.12-bookworm")},
    "a compose file": {"compose.yml": "services:\n  a:\n    image: redis:7\n"},
}


@pytest.mark.parametrize("files", OTHERS.values(), ids=OTHERS)
def test_12_what_is_no_instance_is_said_to_be_none(tmp_path, files):
    ran = run(tmp_path, files, "check")
    said = "my-site: not an Invenio instance; no inveniosoftware image found."
    assert ran.code == 0
    assert ran.out.startswith(said)


RELEASES = {
    "requirements.txt": "invenio-app-rdm==9.1.7\n",
    "requirements.pinned.txt": "invenio-app-rdm[opensearch2]==9.1.7\n",
    "docker/app/requirements.txt": "invenio-app-rdm==9.1.7\n",
    "setup.cfg": "[metadata]\nname = x\n[options]\ninstall_requires =\n    invenio-app-rdm==9.1.7\n",
    "./setup.cfg": "[options.extras_require]\nrdm =\n    invenio-app-rdm[opensearch2]==9.1.7\n",
}


@pytest.mark.parametrize("name", RELEASES)
def test_14_where_a_release_is_named(tmp_path, name):
    files = {name: RELEASES[name], **build(C8_38, PIP)}
    (project,) = as_json(tmp_path, files)["projects"]
    assert (project["flavour"], project["release"]) == ("RDM", "9.1.7")


def test_17_old_facts_are_said_when_all_is_ok(tmp_path):
    files = {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)}
    out = text(tmp_path, files, "--today", "2027-12-24")
    assert "395 days old: run `pip install -U invenio-cli-registry`." in out


def test_18_an_instance_below_another_one(tmp_path):
    manifest = '[project]\nname = "x"\ndependencies = ["invenio-app-rdm==13.0.0"]\n'
    files = {**THIRTEEN, "themes/x/pyproject.toml": manifest}
    found = as_json(tmp_path, files)["projects"]
    assert [(one["path"], one["release"]) for one in found] == [
        (".", "13.1.2"),
        ("themes/x", "13.0.0"),
    ]


def clones(number):
    files = {}
    for at in range(number):
        own = NINE if at % 2 else build(C8_38)
        files.update({f"c{at}/{name}": text for name, text in own.items()})
        files[f"c{at}/.git/HEAD"] = "ref: refs/heads/main\n"
    return files


def test_19_each_clone_is_one(tmp_path):
    assert len(as_json(tmp_path, clones(9))["projects"]) == 9


def test_20_libraries_are_no_instances(tmp_path):
    manifest = '[project]\nname = "x"\ndependencies = ["flask", "invenio-base"]\n'
    files = {f"lib{at}/pyproject.toml": manifest for at in range(25)}
    assert run(tmp_path, files, "check").out.strip() == NO_CHECK


def several():
    """Return three instances: ok, on Docker Hub with a long name, with the wrong Python."""
    sites = {
        "a": THIRTEEN,
        "b-with-a-very-long-name-of-its-own": NINE,
        "c d": {**T312, **build(ALMA)},
    }
    return {
        f"{path}/{name}": text
        for path, files in sites.items()
        for name, text in files.items()
    }


def test_21_the_most_urgent_first(tmp_path):
    out = printed(tmp_path, several())
    assert out.splitlines()[0].startswith(
        "3 instances: 1 act now, 1 act soon, 1 plan. 1 on Docker Hub."
    )
    table = [
        line.split("  ")[1].strip() for line in out.split("\n\n")[1].splitlines()[1:]
    ]
    assert table[:2] == ["now", "soon"]
    titles = [
        out.index(f"\n{name}: ")
        for name in ("c d", "b-with-a-very-long-name-of-its-own", "a")
    ]
    assert titles == sorted(titles)
    summary = printed(tmp_path / "again", several(), "--summary")
    assert out.startswith(summary.rstrip()[:300])
    assert "Act now?" not in summary


def test_22_commands_name_the_instance(tmp_path):
    out = text(tmp_path, several())
    assert "invenio-cli registry migrate --set-python 'c d'" in out
    assert "(cd 'c d' && invenio-cli packages lock)" in out


def template(dockerfile):
    folder = "{{cookiecutter.project_shortname}}"
    return {
        f"{folder}/.invenio": "[cli]\nflavour = RDM\n{% if a %}\n",
        f"{folder}/Pipfile": '[packages]\n{% if x %}\ninvenio-app-rdm = {version = "~=13.0.0"}\n'
        '[requires]\npython_version = "{{ cookiecutter.python }}"\n',
        f"{folder}/Dockerfile": dockerfile,
        f"{folder}/docker-compose.yml": "services:\n{% if x %}\n  a: {{ b }}\n",
    }


TEMPLATES = {
    "safe": (f"{{% if x %}}\nFROM {ALMA}\n{{% endif %}}\n{PIPENV}", 0),
    "on Docker Hub": (
        f"{{% if x %}}\nFROM {C8_38}\n{{% else %}}\nFROM {ALMA}\n{{% endif %}}\n",
        1,
    ),
    "a value": (f"FROM {CERN}/almalinux:{{{{ cookiecutter.tag }}}}\n", 0),
    "no literal": ("FROM {{ cookiecutter.image }}\n", 0),
}


@pytest.mark.parametrize(("dockerfile", "code"), TEMPLATES.values(), ids=TEMPLATES)
def test_23_a_template(tmp_path, dockerfile, code):
    ran = run(tmp_path, template(dockerfile), "check")
    said = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (code, "")
    assert "(template): " in said
    assert (
        "This is a template: generate an instance from it, then check that one." in said
    )
    assert "Problems" not in said


CACHE = "mirrors = docker.io = h.example.org/hub"
OTHER_NAMES = """\
services:
  web:
    image: built-elsewhere
  app:
    build:
      context: .
      additional_contexts:
        assets: ./a
  db:
    image: postgres:15
"""


def test_42_names_that_are_no_image_of_docker_hub(tmp_path):
    files = {
        **rdm("13.1.2", "3.9"),
        **build(ALMA, f"COPY --from=assets /a /a\n{PIPENV}"),
        "docker-compose.yml": OTHER_NAMES,
    }
    out = diff(tmp_path, configure(files, CACHE))
    added = [line for line in out.splitlines() if line.startswith("+ ")]
    assert added == ["+    image: h.example.org/hub/library/postgres:15"]
    why = "is not changed: built-elsewhere is not an official image of Docker Hub."
    assert f"docker-compose.yml:3:12 {why}" in " ".join(out.split())


@pytest.mark.parametrize(
    "line",
    [
        "registry.cern.ch/inveniosoftware = own.example.org/inv",
        "docker.io = own.example.org/hub",
    ],
)
def test_44_a_second_run_changes_nothing(tmp_path, line):
    with instance(tmp_path, configure(NINE, f"copies = {line}")) as site:
        ran = call("migrate", "--catalogue", CATALOGUE, "--yes")
        once = (site / "Dockerfile").read_text()
        again = call("migrate", "--catalogue", CATALOGUE, "--yes")
        assert (site / "Dockerfile").read_text() == once
    assert ran.code == again.code == 0
    assert once.startswith("FROM own.example.org/")
    assert "CERN" not in ran.out


SEEN = {
    "a context of the build": {
        "docker-compose.yml": "services:\n  a:\n    build:\n      context: .\n"
        f"      additional_contexts:\n      - base=docker-image://{C8_38}\n"
    },
    "a workflow": {
        ".github/workflows/x.yml": f"jobs:\n  a:\n    steps:\n    - uses: docker://{C8_38}\n"
    },
    "an action": {"action.yml": f"runs:\n  using: docker\n  image: docker://{C8_38}\n"},
    "a value of .env": {
        "docker-compose.yml": f"services:\n  a:\n    image: ${{IMG:-{ALMA}}}\n",
        ".env": f"IMG={C8_38}\n",
    },
}


@pytest.mark.parametrize("more", SEEN.values(), ids=SEEN)
def test_45_images_that_a_build_takes(tmp_path, more):
    out = first(tmp_path, {**THIRTEEN, **more})
    assert out.startswith("my-site: impacted. An image that it uses is on Docker Hub")


# ---- The next release is data ---------------------------------------------------------------

RELEASE_15 = """
[[releases]]
flavour = "RDM"
name = "15.0"
date = 2026-11-01
kind = "major"
page = "https://inveniordm.docs.cern.ch/releases/v15/version-v15.0/"
upgrade_page = "https://inveniordm.docs.cern.ch/releases/v15/upgrade-v15.0/"
upgrade_from = ["14.0"]
pythons = ["3.14"]
node_least = 24
image = "ghcr.io/inveniosoftware/invenio:15-debian"
"""
IMAGE_15 = """
[[images]]
repository = "inveniosoftware/invenio"
tags = ["15-debian"]
family = "15-debian"
release = "15"
registries = ["ghcr.io"]
system = "debian13"
python = "3.14"
node = "24"
source = "https://github.com/inveniosoftware/docker-invenio"

[images.evidence."ghcr.io"]
kind = "built"
text = "a weekly workflow builds it"
source = "https://github.com/inveniosoftware/docker-invenio"
"""
DEBIAN_15 = DEBIAN_14.replace("14", "15")


@pytest.fixture
def fifteen(tmp_path):
    """Return a catalogue that has 15.0 and its image, and no other line of code."""
    folder = Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))
    for name, more in (("releases", RELEASE_15), ("images", IMAGE_15)):
        with (folder / f"{name}.toml").open("a") as file:
            file.write(more)
    return str(folder)


def site(version):
    return {**rdm(version, "3.14"), **build(DEBIAN_14)}


NEXT = {
    "an upgrade changes the image": (
        *("check", "14.0.5", ("--for", "15"), 1),
        ["takes 2 changes.", f"{DEBIAN_14} -> {DEBIAN_15}"],
    ),
    "15 on the image of 14": (
        *("check", "15.0.0", (), 0),
        [
            f"check the image. {DEBIAN_14} is made for release 14, the instance is InvenioRDM 15."
        ],
    ),
    "migrate": ("migrate", "15.0.0", ("--dry-run",), 1, [f"+FROM {DEBIAN_15}"]),
    "migrate --for": (
        *("migrate", "14.0.5", ("--for", "15", "--dry-run"), 1),
        [f"+FROM {DEBIAN_15}"],
    ),
    "migrate --to": (
        *("migrate", "15.0.0", ("--to", "debian", "--dry-run"), 1),
        [f"+FROM {DEBIAN_15}"],
    ),
    "14 may go on": (
        *("check", "14.0.5", (), 0),
        ["ok. InvenioRDM 14.0.5 on invenio:14-debian with Python 3.14."],
    ),
}


@pytest.mark.parametrize(
    ("command", "version", "options", "code", "said"), NEXT.values(), ids=NEXT
)
def test_the_next_release(tmp_path, fifteen, command, version, options, code, said):
    with instance(tmp_path, site(version)):
        ran = call(command, "--catalogue", fifteen, *options)
    out = " ".join(ran.out.split())
    assert ran.code == code, ran
    assert [one for one in said if one not in out] == []


# ---- What each release's template put in the Dockerfile -------------------------------------

TEMPLATES_OF = {
    **{
        f"{version} with {python}": (version, python, image, answer)
        for version in ("1.0.0", "4.0.1", "6.0.5")
        for python, image, answer in (
            ("3.8", C8_38, "impacted. Its base image is on Docker Hub"),
            ("3.7", C8_37, "impacted. Its base image is on Docker Hub"),
            (
                "3.6",
                f"{HUB}/centos7-python:3.6",
                "impacted. Its base image is on Docker Hub",
            ),
            ("3.9", None, "not buildable. The Dockerfile has no FROM line"),
        )
    },
    **{
        f"{version} with {python}": (
            version,
            python,
            image,
            "impacted. Its base image is on",
        )
        for version in ("8.0.0", "9.1.7", "10.1.1")
        for python, image in (
            ("3.8", C8_38),
            ("3.7", C7_37),
            ("3.9", f"{HUB}/centos7-python:3.9"),
        )
    },
    "11": (
        "11.0.6",
        "3.9",
        ALMA,
        "the image need not move, but InvenioRDM 11.0.6 has had no",
    ),
    "12": (
        "12.0.19",
        "3.9",
        ALMA,
        "the image need not move, but InvenioRDM 12.0.19 has had no",
    ),
    "13": (
        "13.1.2",
        "3.12",
        ALMA,
        "wrong Python. Pipfile requires Python 3.12, the base image",
    ),
    "14 as documented": (
        "14.0.5",
        "3.14",
        DEBIAN_14,
        "ok. InvenioRDM 14.0.5 on invenio:14-",
    ),
}


@pytest.mark.parametrize(
    ("version", "python", "image", "answer"), TEMPLATES_OF.values(), ids=TEMPLATES_OF
)
def test_a_fresh_instance(tmp_path, version, python, image, answer):
    dockerfile = {"Dockerfile": PIPENV} if image is None else build(image)
    files = {**rdm(version, python), **dockerfile, **COMPOSE}
    assert first(tmp_path, files).startswith(f"my-site: {answer}")


def test_a_fresh_instance_of_14_with_uv(tmp_path):
    dockerfile = (
        "ARG PYTHON_VERSION=3.14\nARG OS_VERSION=trixie\n"
        "FROM python:${PYTHON_VERSION}-${OS_VERSION}\n"
        f"COPY --from=docker.io/astral/uv:0.11 /uv /bin/\n{UV}"
    )
    files = {**rdm_uv("14.0.5", "==3.14.*"), "Dockerfile": dockerfile, **COMPOSE}
    answer = "my-site: ok. InvenioRDM 14.0.5 on python:3.14-trixie with Python 3.14."
    assert first(tmp_path, files).startswith(answer)


def test_a_repository_without_a_manifest_is_read_whole(tmp_path):
    files = {
        ".git/HEAD": "ref: refs/heads/main\n",
        "Dockerfile": "FROM portal-base\nRUN pip install .\n",
        "Dockerfile.base": f"FROM {at_cern(C8_38)}\nRUN yum install -y gcc\n",
        "compose.yml": "services:\n  a: {build: .}\n"
        "  b: {image: portal-base, build: {context: ., dockerfile: Dockerfile.base}}\n",
        "old/Dockerfile": f"FROM {at_cern(C8_38)}\nRUN yum install -y git\n",
    }
    (project,) = as_json(tmp_path, files, "--all")["projects"]
    assert {one["path"]: one["built"] for one in project["builds"]} == {
        "Dockerfile": True,
        "Dockerfile.base": True,
        "old/Dockerfile": False,
    }
    acts = {
        one["path"]: one["act"]
        for one in project["findings"]
        if one["rule"] == "command-fails"
    }
    assert acts == {"Dockerfile.base": "now", "old/Dockerfile": "plan"}


def test_settings_that_are_broken_are_told_once(tmp_path):
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "pyproject.toml": "[tool.invenio-cli-registry]\naccept = 1\n",
        },
    )
    for name in ("a", "b"):
        write(tmp_path / name, THIRTEEN)
    with inside(tmp_path):
        ran = call("check", "--catalogue", CATALOGUE, "--format", "json")
    assert [one["path"] for one in json.loads(ran.out)["problems"]] == [
        "pyproject.toml"
    ]
