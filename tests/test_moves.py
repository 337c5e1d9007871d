# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A request and an instance in; the lines that change, what is left and refused out."""

from __future__ import annotations

import pytest

from .instances import (
    PIP,
    PIPENV,
    POETRY,
    build,
    configure,
    plain,
    rdm,
    rdm_poetry,
    rdm_uv,
    run,
)
from .tables import rows, site

HUB, CERN = "inveniosoftware", "registry.cern.ch/inveniosoftware"
C7_36, C7_39 = f"{HUB}/centos7-python:3.6", f"{HUB}/centos7-python:3.9"
C8_37, C8_38 = f"{HUB}/centos8-python:3.7", f"{HUB}/centos8-python:3.8"
NODE, ALMA = f"{HUB}/web-node:1", f"{CERN}/almalinux:1"
DEBIAN_13, DEBIAN_14 = (f"ghcr.io/{HUB}/invenio:{n}-debian" for n in ("13", "14"))
DIGEST = "@sha256:" + "0" * 64
WITH_312 = (
    "RUN dnf -y install python3.12 && ln -sfn /usr/bin/python3.12 "
    f"/usr/local/bin/python3\n{PIPENV}"
)
BREAKS = f"RUN yum-config-manager --enable PowerTools\n{PIPENV}"

PIN, SAME = ("--set-python",), ("--to", "same")
ALMALINUX, DEBIAN = ("--to", "almalinux"), ("--to", "debian")
COPY = ("--copy", f"docker.io/{HUB}=registry.example.org/own")
CACHE = ("--mirror", "docker.io=harbor.example.org/hub")
CERN_CACHE = ("--mirror", "registry.cern.ch=harbor.example.org/cern")

RDM_9, RDM_12, RDM_13 = (
    rdm("9.1.7", "3.8"),
    rdm("12.0.19", "3.9"),
    rdm("13.1.2", "3.12"),
)
NINE, THIRTEEN = {**RDM_9, **build(C8_38)}, {**RDM_13, **build(ALMA)}


def at_cern(image):
    return image.replace(HUB, CERN, 1)


def own(image):
    return image.replace(HUB, "registry.example.org/own", 1)


def docker(text):
    return {"Dockerfile": text}


def migrate(folder, files, *options):
    """Return the lines that would be added, and all that is said, on one line."""
    ran = run(folder, files, "migrate", "--dry-run", *options)
    added = [line[1:] for line in ran.out.splitlines() if line[:1] == "+"]
    new = [line for line in added if not line.startswith("++")]
    assert ran.code == int(bool(new) or "hing to change" not in ran.out + ran.err)
    assert ("nothing was written (exit code 1)" in ran.err) is bool(new)
    return new, " ".join(f"{ran.err} {ran.out}".split())


IS_WRITTEN = {
    "the same image at CERN": (NINE, (), [at_cern(C8_38)]),
    "the release's own": ({**RDM_12, **build(C7_39)}, (), [ALMA]),
    "impacted, and the wrong Python": (
        site("9.1.7", "3.9", C8_38),
        (),
        [at_cern(C8_38)],
    ),
    "not known at CERN": ({**RDM_9, **build(C8_37)}, (), []),
    "not in the catalogue": ({**RDM_9, **build(NODE)}, (), []),
    "syntax stays": (
        {**RDM_9, **docker(f"# syntax={HUB}/dockerfile:1\nFROM {C8_38}\n{PIPENV}")},
        (),
        [at_cern(C8_38)],
    ),
    "COPY --from stays the same image": (
        {**RDM_12, **build(ALMA, f"COPY --from={C7_39} /a /a\n{PIPENV}")},
        (),
        [f"COPY --from={at_cern(C7_39)} /a /a"],
    ),
    "a line that Docker refuses": (
        {**RDM_9, **docker(f"FROM {C8_38} # old\n{PIPENV}")},
        (),
        [f"FROM {at_cern(C8_38)} # old"],
    ),
    "the value where it is written": (
        {**RDM_9, **docker(f"ARG I={C8_38}\nFROM ${{I}}\n{PIPENV}")},
        (),
        [f"ARG I={at_cern(C8_38)}"],
    ),
    "a digest": ({**RDM_9, **build(f"{C8_38}{DIGEST}")}, (), [at_cern(C8_38)]),
    "same": ({**RDM_12, **build(C7_39)}, SAME, [at_cern(C7_39)]),
    "same: unconfirmed": ({**RDM_9, **build(C8_37)}, SAME, [at_cern(C8_37)]),
    "same: an unknown tag": (
        {**RDM_9, **docker(f"ARG V\nFROM {HUB}/centos8-python:$V\n{PIPENV}")},
        SAME,
        [f"FROM {CERN}/centos8-python:$V"],
    ),
    "almalinux": (site("10.1.1", "3.9", C7_39), ALMALINUX, [ALMA]),
    "almalinux: by name also what is safe, whatever its Node": (
        site("9.1.7", "3.9", at_cern(C7_39)),
        ALMALINUX,
        [ALMA],
    ),
    "almalinux: FROM only": (
        site("10.1.1", "3.9", C7_39, f"COPY --from={C7_39} /a /a\n"),
        ALMALINUX,
        [ALMA, f"COPY --from={at_cern(C7_39)} /a /a"],
    ),
    "debian": (site("14.0.5", "3.14", DEBIAN_13), DEBIAN, [DEBIAN_14]),
    "a copy": ({**RDM_9, **build(C8_37)}, COPY, [own(C8_37)]),
    "a copy before same": (NINE, (*COPY, *SAME), [own(C8_38)]),
    "in the copy": ({**RDM_9, **build(own(C8_38))}, COPY, []),
    "a copy of an unknown image": ({**RDM_9, **build(NODE)}, COPY, []),
    "asked for by name": ({**RDM_9, **build(NODE)}, (*COPY, *SAME), [own(NODE)]),
    "a copy of what the move leads to": (
        {**RDM_12, **build(C7_39)},
        ("--copy", f"{CERN}=registry.example.org/own"),
        ["registry.example.org/own/almalinux:1"],
    ),
    "a cache of all images": (
        {**RDM_9, **build("redis:7")},
        CACHE,
        ["harbor.example.org/hub/library/redis:7"],
    ),
    "a name that is no image": ({**RDM_9, **build("not-official:7")}, CACHE, []),
    "out of a cache of Docker Hub": (
        {**RDM_9, **build(f"harbor.example.org/hub/{C8_38}")},
        CACHE,
        [at_cern(C8_38)],
    ),
    "the pin": (THIRTEEN, PIN, ['python_version = "3.9"']),
    "image and pin": (
        site("12.0.19", "3.8", C8_38),
        PIN,
        [ALMA, 'python_version = "3.9"'],
    ),
    "the same image's Python": (
        site("13.1.2", "3.12", C7_39),
        (*SAME, *PIN),
        [at_cern(C7_39), 'python_version = "3.9"'],
    ),
    "pip reads no pin": (
        {**rdm_uv("14.0.5", "==3.9.*"), **build(f"{HUB}/almalinux:1", PIP)},
        PIN,
        [DEBIAN_14],
    ),
    "poetry's pin": (
        {**rdm_poetry("13.1.2", "^3.11"), **build(ALMA, POETRY)},
        PIN,
        ['python = "^3.9"'],
    ),
    "its own Python": ({**RDM_13, **build(ALMA, WITH_312)}, PIN, []),
    "an upgrade": (
        THIRTEEN,
        ("--for", "14", *PIN),
        [DEBIAN_14, 'python_version = "3.14"'],
    ),
    "an upgrade that keeps it": (NINE, ("--for", "10.1"), [at_cern(C8_38)]),
    "by hand only": ({**RDM_12, **build(ALMA)}, ("--for", "13.1"), []),
}


@pytest.mark.parametrize(("files", "options", "images"), rows(IS_WRITTEN))
def test_what_is_written(tmp_path, files, options, images):
    expected = [text if " " in text else f"FROM {text}" for text in images]
    assert migrate(tmp_path, files, *options)[0] == expected


COMMAND = "invenio-cli registry migrate"
BOTH = "Pipfile requires Python {}, the new image has {}. Run `" + COMMAND + " {}"


IS_REFUSED = {
    "the pin": (
        site("12.0.19", "3.8", C8_38),
        (),
        BOTH.format("3.8", "3.9", "--set-python` to change both."),
    ),
    "almalinux: the pin": (
        NINE,
        ALMALINUX,
        BOTH.format("3.8", "3.9", "--to almalinux --set-python` to change both."),
    ),
    "an upgrade: the pin": (
        THIRTEEN,
        ("--for", "14"),
        BOTH.format("3.12", "3.14", "--for 14 --set-python` to change both."),
    ),
    "debian: a Python that the release cannot have": (
        NINE,
        DEBIAN,
        "InvenioRDM 9.1 needs Python 3.7, 3.8 or 3.9, which no Debian image has",
    ),
    "two Pythons, one pin": (
        {
            **rdm("9.1.7", "3.9"),
            **docker(f"FROM {C8_38}\n{PIPENV}"),
            "Dockerfile.worker": f"FROM {C7_36}\n{PIPENV}",
        },
        (*SAME, *PIN),
        "the images have different Pythons (3.6, 3.8): set it by hand",
    ),
    "a release in between": (
        NINE,
        ("--for", "14"),
        "10.1 comes between 9.1 and 14; upgrade one major version at a time: "
        f"`{COMMAND} --for 10.1`",
    ),
    "a pin that cannot be set holds the image back": (
        {
            **rdm("12.0.19", "3.8"),
            "Pipfile": '[packages]\ninvenio-app-rdm = "==12.0.19"\n'
            '[requires]\n"python_version" = "3.\\u0038"\n',
            **build(C8_38),
        },
        PIN,
        "Pipfile",
    ),
    "an image that cannot be changed holds the pin back": (
        {
            **RDM_13,
            **docker(
                f"ARG REPO={CERN}/almalinux\nARG TAG=1\nFROM ${{REPO}}:${{TAG}}\n"
                f"{PIPENV}"
            ),
        },
        ("--for", "14", *PIN),
        "image and Python change together, and the image cannot be changed: "
        "Dockerfile:3:6 ${REPO}:${TAG}: it is put together from several values",
    ),
}


@pytest.mark.parametrize(("files", "options", "refusal"), rows(IS_REFUSED))
def test_what_is_refused(tmp_path, files, options, refusal):
    new, said = migrate(tmp_path, files, *options)
    assert f"my-site: refused: {refusal}" in said
    assert new == []


MOVED = {**RDM_12, **build(C7_39, BREAKS)}


COMMANDS_THAT_BREAK_HAVE_TO_BE_ASKED_FOR = {
    "not unasked": (MOVED, ("--yes",), 1),
    "by name": (MOVED, ("--yes", *ALMALINUX), 0),
    "of an upgrade": (
        site("10.1.1", "3.9", C7_39, BREAKS),
        ("--yes", "--for", "11"),
        0,
    ),
    "none breaks": ({**RDM_9, **build(C8_38, BREAKS)}, ("--yes",), 0),
}


@pytest.mark.parametrize(
    ("files", "options", "code"), rows(COMMANDS_THAT_BREAK_HAVE_TO_BE_ASKED_FOR)
)
def test_commands_that_break_have_to_be_asked_for(tmp_path, files, options, code):
    ran = run(tmp_path, files, "migrate", *options)
    assert ran.code == code, ran
    refused = f"by name: `{COMMAND} --to almalinux --yes`"
    assert (refused in " ".join(ran.err.split())) is bool(code)


IS_LEFT = {
    "not known at CERN": (
        site("9.1.7", "3.7", C8_37),
        (),
        f"Dockerfile:1:6 {C8_37}: it is not confirmed that CERN's registry has it",
    ),
    "not in the catalogue": (
        {**RDM_9, **build(NODE)},
        (),
        f"Dockerfile:1:6 {NODE}: the catalogue does not have this image; "
        "`--to same` moves it anyway",
    ),
    "an unknown tag": (
        {**RDM_9, **docker(f"ARG V\nFROM {HUB}/centos8-python:$V\n")},
        (),
        f"{HUB}/centos8-python:$V: its tag is unknown; `--to same` moves it anyway",
    ),
    "unresolved": (
        {**RDM_9, **docker(f"ARG N\nFROM {HUB}/$N:3.8\n")},
        (),
        f"Dockerfile:2:6 {HUB}/$N:3.8: Cannot tell which image",
    ),
    "the pin": (THIRTEEN, (), "add --set-python"),
    "safe, with the wrong Python as before": (
        site("9.1.7", "3.9", C8_38),
        (),
        "Pipfile requires Python 3.9, the base image has 3.8. Another Python means "
        "another image: change it by hand.",
    ),
    "a scalar that is no known place of an image": (
        {**RDM_9, "values.yaml": f"a:\n  b: {C8_38}\n"},
        (),
        f"values.yaml:2:6 {C8_38}: ",
    ),
}


@pytest.mark.parametrize(("files", "options", "left"), rows(IS_LEFT))
def test_what_is_left(tmp_path, files, options, left):
    assert left in migrate(tmp_path, files, *options)[1]


TO_USE = "To use it in every run, add `"


IS_TO_KNOW = {
    "a copy to keep": (
        {**RDM_9, **build(C8_37)},
        COPY,
        f"{TO_USE}copies = docker.io/{HUB}=registry.example.org/own` to [registry] of .invenio.",
    ),
    "a cache to keep": (
        NINE,
        CERN_CACHE,
        f"{TO_USE}mirrors = registry.cern.ch=harbor.example.org/cern` to [registry] of .invenio.",
    ),
    "syntax": (
        {**RDM_9, **docker(f"# syntax=docker/dockerfile:1\nFROM {C8_38}\n")},
        CACHE,
        "Dockerfile: `# syntax=docker/dockerfile:1` is not changed and is still "
        "pulled from docker.io; your cache has it as "
        "harbor.example.org/hub/docker/dockerfile:1.",
    ),
    "still refused": (
        {**RDM_9, **docker(f"FROM {C8_38} # old\n{PIPENV}")},
        (),
        "Dockerfile:1:6: Docker still refuses the line: a comment is not allowed",
    ),
}


@pytest.mark.parametrize(("files", "options", "note"), rows(IS_TO_KNOW))
def test_what_is_to_know(tmp_path, files, options, note):
    assert note in migrate(tmp_path, files, *options)[1]


def test_a_line_is_in_the_settings_already(tmp_path):
    files = configure(NINE, "mirrors = registry.cern.ch=harbor.example.org/cern")
    new, said = migrate(tmp_path, files)
    assert new == [f"FROM harbor.example.org/cern/{C8_38}"]
    assert TO_USE not in said


@pytest.mark.parametrize("upstream", [f"docker.io/{HUB}", CERN, f"ghcr.io/{HUB}"])
@pytest.mark.parametrize("cache", ["docker.io", "registry.cern.ch", "own.example.org"])
@pytest.mark.parametrize(
    "files",
    [NINE, {**RDM_12, **build(C7_39)}, site("14.0.5", "3.14", DEBIAN_13)],
    ids=["9.1", "12", "14"],
)
def test_a_second_run_changes_nothing(tmp_path, files, upstream, cache):
    options = (
        "--copy",
        f"{upstream}=own.example.org/x",
        "--mirror",
        f"{cache}=h.org/y",
    )
    first = run(tmp_path, files, "migrate", "--yes", *options)
    again = run(tmp_path, {}, "migrate", "--yes", *options)
    assert first.out.startswith("--- Dockerfile\n")
    assert again.code == 0
    assert again.out.startswith("my-site: nothing to change")


def test_another_application(tmp_path):
    files = {**plain("3.6"), **build(C7_36)}
    assert migrate(tmp_path, files)[0] == [f"FROM {at_cern(C7_36)}"]
    new, _ = migrate(tmp_path, files, *ALMALINUX, *PIN)
    assert new == [f"FROM {ALMA}", 'python_version = "3.9"']
