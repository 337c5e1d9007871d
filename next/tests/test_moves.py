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
    ils,
    plain,
    rdm,
    rdm_poetry,
    rdm_uv,
    run,
)

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
    return new, " ".join(f"{ran.err} {ran.out}".split())


@pytest.mark.parametrize(
    ("files", "options", "images"),
    [
        pytest.param(NINE, (), [at_cern(C8_38)], id="the same image at CERN"),
        pytest.param({**RDM_12, **build(C7_39)}, (), [ALMA], id="the release's own"),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_13)},
            *((), [DEBIAN_14]),
            id="14 on the image of 13",
        ),
        pytest.param(
            {**ils("1.0.0rc1", "3.9"), **build(C7_39)},
            *((), [at_cern(C7_39)]),
            id="ILS before 4",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(C8_38)},
            *((), [at_cern(C8_38)]),
            id="impacted, and the wrong Python",
        ),
        pytest.param(build(C7_36, PIP), (), [at_cern(C7_36)], id="no release"),
        pytest.param({**RDM_9, **build(C8_37)}, (), [], id="not known at CERN"),
        pytest.param({**RDM_9, **build(NODE)}, (), [], id="not in the catalogue"),
        pytest.param({**RDM_12, **build(ALMA)}, (), [], id="ok"),
        pytest.param(THIRTEEN, (), [], id="the pin is not asked for"),
        pytest.param(
            {**RDM_9, **docker(f"# syntax={HUB}/dockerfile:1\nFROM {C8_38}\n{PIPENV}")},
            *((), [at_cern(C8_38)]),
            id="syntax stays",
        ),
        pytest.param(
            {**RDM_12, **build(ALMA, f"COPY --from={C7_39} /a /a\n{PIPENV}")},
            (),
            [f"COPY --from={at_cern(C7_39)} /a /a"],
            id="COPY --from stays the same image",
        ),
        pytest.param(
            {**RDM_9, **docker(f"FROM {C8_38} # old\n{PIPENV}")},
            *((), [f"FROM {at_cern(C8_38)} # old"]),
            id="a line that Docker refuses",
        ),
        pytest.param(
            {**RDM_9, **docker(f"ARG I={C8_38}\nFROM ${{I}}\n{PIPENV}")},
            *((), [f"ARG I={at_cern(C8_38)}"]),
            id="the value where it is written",
        ),
        pytest.param(
            {**RDM_9, **build(f"{C8_38}{DIGEST}")}, (), [at_cern(C8_38)], id="a digest"
        ),
        # --to
        pytest.param({**RDM_12, **build(C7_39)}, SAME, [at_cern(C7_39)], id="same"),
        pytest.param(
            {**RDM_9, **build(C8_37)}, SAME, [at_cern(C8_37)], id="same: unconfirmed"
        ),
        pytest.param(
            {**RDM_9, **build(NODE)}, SAME, [at_cern(NODE)], id="same: any image"
        ),
        pytest.param(
            {**RDM_9, **docker(f"ARG V\nFROM {HUB}/centos8-python:$V\n{PIPENV}")},
            *(SAME, [f"FROM {CERN}/centos8-python:$V"]),
            id="same: an unknown tag",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build(C7_39)}, ALMALINUX, [ALMA], id="almalinux"
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(at_cern(C7_39))},
            *(ALMALINUX, [ALMA]),
            id="almalinux: by name also what is safe, whatever its Node",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build(C7_39, f"COPY --from={C7_39} /a /a\n")},
            *(ALMALINUX, [ALMA, f"COPY --from={at_cern(C7_39)} /a /a"]),
            id="almalinux: FROM only",
        ),
        pytest.param({**RDM_12, **build(ALMA)}, ALMALINUX, [], id="almalinux: there"),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_13)},
            *(DEBIAN, [DEBIAN_14]),
            id="debian",
        ),
        # Copies and caches
        pytest.param({**RDM_9, **build(C8_37)}, COPY, [own(C8_37)], id="a copy"),
        pytest.param(NINE, (*COPY, *SAME), [own(C8_38)], id="a copy before same"),
        pytest.param({**RDM_9, **build(own(C8_38))}, COPY, [], id="in the copy"),
        pytest.param({**RDM_9, **build("redis:7")}, COPY, [], id="no other images"),
        pytest.param(
            {**RDM_9, **build(NODE)}, COPY, [], id="a copy of an unknown image"
        ),
        pytest.param(
            {**RDM_9, **build(NODE)},
            (*COPY, *SAME),
            [own(NODE)],
            id="asked for by name",
        ),
        pytest.param(
            {**RDM_12, **build(C7_39)},
            ("--copy", f"{CERN}=registry.example.org/own"),
            ["registry.example.org/own/almalinux:1"],
            id="a copy of what the move leads to",
        ),
        pytest.param(
            NINE, CERN_CACHE, [f"harbor.example.org/cern/{C8_38}"], id="a cache last"
        ),
        pytest.param(
            {**RDM_9, **build("redis:7")},
            *(CACHE, ["harbor.example.org/hub/library/redis:7"]),
            id="a cache of all images",
        ),
        pytest.param(
            {**RDM_9, **build("not-official:7")},
            CACHE,
            [],
            id="a name that is no image",
        ),
        pytest.param(
            {**RDM_9, **build(f"harbor.example.org/hub/{C8_38}")},
            *(CACHE, [at_cern(C8_38)]),
            id="out of a cache of Docker Hub",
        ),
        pytest.param(
            {**RDM_9, **build(f"redis:7{DIGEST}")},
            *(CACHE, [f"harbor.example.org/hub/library/redis:7{DIGEST}"]),
            id="a digest stays true in a cache",
        ),
        # The pin
        pytest.param(THIRTEEN, PIN, ['python_version = "3.9"'], id="the pin"),
        pytest.param(
            {**rdm("12.0.19", "3.8"), **build(C8_38)},
            *(PIN, [ALMA, 'python_version = "3.9"']),
            id="image and pin",
        ),
        pytest.param(
            {**RDM_9, **build(C8_38)},
            *((*ALMALINUX, *PIN), [ALMA, 'python_version = "3.9"']),
            id="image by name and pin",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(C7_39)},
            *((*SAME, *PIN), [at_cern(C7_39), 'python_version = "3.9"']),
            id="the same image's Python",
        ),
        pytest.param(
            {**rdm_uv("14.0.5", "==3.9.*"), **build(f"{HUB}/almalinux:1", PIP)},
            *(PIN, [DEBIAN_14]),
            id="pip reads no pin",
        ),
        pytest.param(
            {**rdm_poetry("13.1.2", "^3.11"), **build(ALMA, POETRY)},
            *(PIN, ['python = "^3.9"']),
            id="poetry's pin",
        ),
        pytest.param({**RDM_13, **build(ALMA, WITH_312)}, PIN, [], id="its own Python"),
        # --for
        pytest.param(
            THIRTEEN,
            *(("--for", "14", *PIN), [DEBIAN_14, 'python_version = "3.14"']),
            id="an upgrade",
        ),
        pytest.param(
            NINE, ("--for", "10.1"), [at_cern(C8_38)], id="an upgrade that keeps it"
        ),
        pytest.param(
            {**RDM_12, **build(ALMA)}, ("--for", "13.1"), [], id="by hand only"
        ),
    ],
)
def test_what_is_written(tmp_path, files, options, images):
    expected = [text if " " in text else f"FROM {text}" for text in images]
    assert migrate(tmp_path, files, *options)[0] == expected


COMMAND = "invenio-cli registry migrate"
BOTH = "Pipfile requires Python {}, the new image has {}. Run `" + COMMAND + " {}"


@pytest.mark.parametrize(
    ("files", "options", "refusal"),
    [
        pytest.param(
            {**rdm("12.0.19", "3.8"), **build(C8_38)},
            *((), BOTH.format("3.8", "3.9", "--set-python` to change both.")),
            id="the pin",
        ),
        pytest.param(
            NINE,
            ALMALINUX,
            BOTH.format("3.8", "3.9", "--to almalinux --set-python` to change both."),
            id="almalinux: the pin",
        ),
        pytest.param(
            THIRTEEN,
            ("--for", "14"),
            BOTH.format("3.12", "3.14", "--for 14 --set-python` to change both."),
            id="an upgrade: the pin",
        ),
        pytest.param(
            NINE,
            DEBIAN,
            "InvenioRDM 9.1 needs Python 3.7, 3.8 or 3.9, which no Debian image has",
            id="debian: a Python that the release cannot have",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_13)},
            ALMALINUX,
            "InvenioRDM 14 needs Python 3.14, which no AlmaLinux image has",
            id="almalinux: not for 14",
        ),
        pytest.param(
            {
                **rdm("9.1.7", "3.9"),
                **docker(f"FROM {C8_38}\n{PIPENV}"),
                "Dockerfile.worker": f"FROM {C7_36}\n{PIPENV}",
            },
            (*SAME, *PIN),
            "the images have different Pythons (3.6, 3.8): set it by hand",
            id="two Pythons, one pin",
        ),
        pytest.param(
            NINE,
            ("--for", "14"),
            "10.1 comes between 9.1 and 14; upgrade one major version at a time: "
            f"`{COMMAND} --for 10.1`",
            id="a release in between",
        ),
        pytest.param(
            {
                **rdm("12.0.19", "3.8"),
                "Pipfile": '[packages]\ninvenio-app-rdm = "==12.0.19"\n'
                '[requires]\n"python_version" = "3.\\u0038"\n',
                **build(C8_38),
            },
            *(PIN, "Pipfile"),
            id="a pin that cannot be set holds the image back",
        ),
        pytest.param(
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
            id="an image that cannot be changed holds the pin back",
        ),
    ],
)
def test_what_is_refused(tmp_path, files, options, refusal):
    new, said = migrate(tmp_path, files, *options)
    assert f"my-site: refused: {refusal}" in said
    assert new == []


MOVED = {**RDM_12, **build(C7_39, BREAKS)}


@pytest.mark.parametrize(
    ("files", "options", "code"),
    [
        pytest.param(MOVED, ("--yes",), 1, id="not unasked"),
        pytest.param(MOVED, ("--yes", *ALMALINUX), 0, id="by name"),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build(C7_39, BREAKS)},
            *(("--yes", "--for", "11"), 0),
            id="of an upgrade",
        ),
        pytest.param(
            {**RDM_9, **build(C8_38, BREAKS)}, ("--yes",), 0, id="none breaks"
        ),
    ],
)
def test_commands_that_break_have_to_be_asked_for(tmp_path, files, options, code):
    ran = run(tmp_path, files, "migrate", *options)
    assert ran.code == code, ran
    refused = f"by name: `{COMMAND} --to almalinux --yes`"
    assert (refused in " ".join(ran.err.split())) is bool(code)


@pytest.mark.parametrize(
    ("files", "options", "left"),
    [
        pytest.param(
            {**rdm("9.1.7", "3.7"), **build(C8_37)},
            (),
            f"Dockerfile:1:6 {C8_37}: it is not confirmed that CERN's registry has it",
            id="not known at CERN",
        ),
        pytest.param(
            {**RDM_9, **build(NODE)},
            (),
            f"Dockerfile:1:6 {NODE}: the catalogue does not have this image; "
            "`--to same` moves it anyway",
            id="not in the catalogue",
        ),
        pytest.param(
            {**RDM_9, **docker(f"ARG V\nFROM {HUB}/centos8-python:$V\n")},
            (),
            f"{HUB}/centos8-python:$V: its tag is unknown; `--to same` moves it anyway",
            id="an unknown tag",
        ),
        pytest.param(
            {**RDM_9, **docker(f"ARG N\nFROM {HUB}/$N:3.8\n")},
            *((), f"Dockerfile:2:6 {HUB}/$N:3.8: Cannot tell which image"),
            id="unresolved",
        ),
        pytest.param(
            THIRTEEN,
            *((), "add --set-python"),
            id="the pin",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(C8_38)},
            (),
            "Pipfile requires Python 3.9, the base image has 3.8. Another Python means "
            "another image: change it by hand.",
            id="safe, with the wrong Python as before",
        ),
        pytest.param(
            {**RDM_9, "values.yaml": f"a:\n  b: {C8_38}\n"},
            *((), f"values.yaml:2:6 {C8_38}: "),
            id="a scalar that is no known place of an image",
        ),
    ],
)
def test_what_is_left(tmp_path, files, options, left):
    assert left in migrate(tmp_path, files, *options)[1]


TO_USE = "To use it in every run, add to [registry] of .invenio: "


@pytest.mark.parametrize(
    ("files", "options", "note"),
    [
        pytest.param(
            {**RDM_9, **build(C8_37)},
            COPY,
            f"{TO_USE}copies = docker.io/{HUB}=registry.example.org/own",
            id="a copy to keep",
        ),
        pytest.param(
            NINE,
            CERN_CACHE,
            f"{TO_USE}mirrors = registry.cern.ch=harbor.example.org/cern",
            id="a cache to keep",
        ),
        pytest.param(
            {**RDM_9, **docker(f"# syntax=docker/dockerfile:1\nFROM {C8_38}\n")},
            CACHE,
            "Dockerfile: `# syntax=docker/dockerfile:1` is not changed and is still "
            "pulled from docker.io; your cache has it as "
            "harbor.example.org/hub/docker/dockerfile:1.",
            id="syntax",
        ),
        pytest.param(
            {**RDM_9, **docker(f"FROM {C8_38} # old\n{PIPENV}")},
            (),
            "Dockerfile:1:6: Docker still refuses the line: a comment is not allowed",
            id="still refused",
        ),
    ],
)
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
    [NINE, {**RDM_12, **build(C7_39)}, {**rdm("14.0.5", "3.14"), **build(DEBIAN_13)}],
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
    assert (again.code, again.out) == (0, "my-site: nothing to change.\n")


def test_another_application(tmp_path):
    files = {**plain("3.6"), **build(C7_36)}
    assert migrate(tmp_path, files)[0] == [f"FROM {at_cern(C7_36)}"]
    new, _ = migrate(tmp_path, files, *ALMALINUX, *PIN)
    assert new == [f"FROM {ALMA}", 'python_version = "3.9"']
