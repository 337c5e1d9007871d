# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files of an instance are read, which images they name, and their statuses."""

from __future__ import annotations

import time

import pytest

from .instances import PIP, build, check, configure, rdm
from .rules import ALMA, C7_36, C8_38, CERN, DEBIAN_14, HUB, at_cern

SITE = {
    ".invenio": "[cli]\nflavour = RDM\n[cookiecutter]\nproject_shortname = my-site\n"
}
T312 = rdm("13.1.2", "3.12")


def compose(**services):
    lines = (f"  {name}: {text}\n" for name, text in services.items())
    return "services:\n" + "".join(lines)


def look(folder, files, *paths, **options):
    (one,) = check(folder, files, *paths, **options).instances
    return [(judged.reference.expanded or "", judged.status) for judged in one.judged]


def names(folder, files, *paths, **options):
    return [name for name, _ in look(folder, files, *paths, **options)]


ARGUMENTS = {
    "Dockerfile": "ARG I=a\nFROM $I\n",
    "docker-compose.yml": compose(
        one="{build: {context: ., args: {I: b}}}",
        two="{build: {context: ., args: {I: c}}}",
        three="{build: {context: ., args: {I: b}}}",
        four="{build: {context: '${X}', args: {I: d}}}",
        five='{build: {dockerfile_inline: "FROM i", args: {I: d}}}',
    ),
}
REFERENCES = {
    "each place of a build argument's value": (ARGUMENTS, ["a", "b", "c", "b", "i"]),
    "a context above the compose file": (
        {
            "Dockerfile": "ARG I=a\nFROM $I\n",
            "sub/docker-compose.yml": compose(a="{build: {context: .., args: {I: b}}}"),
        },
        ["a", "b"],
    ),
    "a Dockerfile of an unusual name": (
        {
            "compose.yml": compose(a="{build: {dockerfile: web.image}}"),
            "web.image": "FROM a\n",
        },
        ["a"],
    ),
    "not one outside of the instance": (
        {
            "compose.yml": compose(a="{build: {dockerfile: ../web.image}}"),
            "Dockerfile": "FROM a\n",
        },
        ["a"],
    ),
    "YAML with an image of ours": (
        {
            "Dockerfile": "FROM a\n",
            "k.yml": f"image: {ALMA}\n",
            "other.yml": "image: b\n",
        },
        ["a", ALMA],
    ),
}


@pytest.mark.parametrize(("files", "found"), REFERENCES.values(), ids=REFERENCES)
def test_references(tmp_path, files, found):
    assert names(tmp_path, {**SITE, **files}) == found


NAMED = {
    **SITE,
    "Dockerfile": f"FROM my-site-base\n{PIP}",
    "Dockerfile.base": f"FROM {C8_38}\n",
    "docker-compose.yml": compose(a="{build: .}", b="{image: redis}"),
}


def test_of_a_named_file_only_its_own_images_are_told(tmp_path):
    (one,) = check(tmp_path, NAMED, "Dockerfile").instances
    assert [judged.reference.text for judged in one.judged] == ["my-site-base"]
    (built,) = [build for build in one.instance.builds if build.path == "Dockerfile"]
    assert built.base.text == C8_38


@pytest.mark.parametrize(
    ("excluded", "found"),
    [
        ((), ["my-site-base", C8_38, "redis"]),
        (("*.base",), ["my-site-base", "redis"]),
        (("docker-compose.yml", "Dockerfile"), [C8_38]),
    ],
)
def test_what_is_excluded(tmp_path, excluded, found):
    assert names(tmp_path, NAMED, exclude=excluded) == found
    lines = ("exclude =", *(f"    {pattern}" for pattern in excluded))
    files = configure(NAMED, *lines)
    assert names(tmp_path / "settings", files) == found


PROBLEMS = {
    "a compose file": ("compose.yml", "a: [", [(1, True)]),
    "services": ("x/docker-services.yml", "a: [", [(1, True)]),
    "another file": ("k.yml", "a: [", []),
    "one with our images": ("k.yml", f"a:\n- {ALMA}\nb: [", [(2, False)]),
}


@pytest.mark.parametrize(("name", "text", "found"), PROBLEMS.values(), ids=PROBLEMS)
def test_yaml_that_does_not_parse(tmp_path, name, text, found):
    report = check(tmp_path, {**SITE, "Dockerfile": "FROM a\n", name: text})
    problems = [one for one in report.problems if one.path == name]
    assert [(one.line, one.fatal) for one in problems] == found


STATUSES = {
    "unresolved": ({**T312, "Dockerfile": f"ARG N\nFROM {HUB}/$N:3.8\n"}, "unresolved"),
    "refused": ({**T312, "Dockerfile": f"FROM {at_cern(C8_38)} # x\n"}, "unresolved"),
    "refused, on Docker Hub": (
        {**T312, "Dockerfile": f"FROM {HUB}/a:1 # x\n"},
        "impacted",
    ),
    "no FROM": ({**T312, "Dockerfile": "RUN true\n"}, "unresolved"),
    "on Docker Hub, and the wrong Python": ({**T312, **build(C8_38)}, "impacted"),
    "a tag without a value": ({**T312, "Dockerfile": f"FROM {HUB}/a:$V\n"}, "impacted"),
    "the wrong Python, and an old system": (
        {**T312, **build(at_cern(C8_38))},
        "unsuitable",
    ),
    "an old system": ({**rdm("9.1.7", "3.8"), **build(at_cern(C8_38))}, "outdated"),
    "an old system, copied from": (
        {**T312, **build("python:3.12", f"COPY --from={at_cern(C7_36)} /a /a\n")},
        "outdated",
    ),
    "an old system below an unknown host": (
        {**rdm("9.1.7", "3.8"), **build(f"harbor.example.org/hub/{C8_38}")},
        "outdated",
    ),
    "all fits": ({**rdm("14.0.5", "3.14"), **build(DEBIAN_14)}, "ok"),
    "of others": ({**T312, **build("python:3.12")}, "other"),
    "not in the catalogue": ({**T312, **build(f"{CERN}/web-node:1")}, "other"),
    "built here": ({**T312, "Dockerfile": "FROM my-site-base\n"}, "local"),
}


@pytest.mark.parametrize(("files", "status"), STATUSES.values(), ids=STATUSES)
def test_status(tmp_path, files, status):
    assert look(tmp_path, files, every=True)[-1][1] == status


def test_the_list_of_all_images_changes_no_answer(tmp_path):
    files = {
        "a/Dockerfile": f"FROM {C8_38}\n{PIP}",
        "b/Dockerfile": "FROM centos:7\nRUN yum install -y git\n",
    }
    (plain,) = check(tmp_path, files).instances
    (every,) = check(tmp_path, files, every=True).instances
    texts = [judged.reference.text for judged in every.judged]
    assert texts == [C8_38, "centos:7"]
    assert [one.message for one in every.findings] == [
        one.message for one in plain.findings
    ]
    assert every.advice == plain.advice


def test_a_tree_takes_time_in_proportion_to_its_files(tmp_path):
    def measure(count):
        text = f"FROM {C8_38}\nRUN yum install -y git\n{PIP}"
        files = {f"{number}/Dockerfile": text for number in range(count)}
        start = time.process_time()
        check(tmp_path / str(count), files)
        return time.process_time() - start

    small = min(measure(100 + again) for again in range(3))
    assert measure(800) < 20 * small
