# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Lines that name no image: Docker refuses them, or a variable has no value."""

from __future__ import annotations

import pytest

from ..instances import build, rdm
from . import ALMA, C8_38, HUB, findings

NINE = rdm("9.1.7", "3.8")
NO_FROM = "The Dockerfile has no FROM line, and Docker refuses it."
COMMENT = "a comment is not allowed after the image name in FROM"


def compose(**services):
    lines = (f"  {name}: {text}\n" for name, text in services.items())
    return {"compose.yml": "services:\n" + "".join(lines)}


REFUSED = {
    "at the root": ({**NINE, "Dockerfile": "RUN true\n"}, "Dockerfile:1"),
    "built": (
        {
            **NINE,
            **build(ALMA),
            **compose(a="{build: x}"),
            "x/Dockerfile": "RUN true\n",
        },
        "x/Dockerfile:1",
    ),
    "from scratch": ({**NINE, "Dockerfile": "FROM scratch\n"}, None),
    "nothing but a comment": ({**NINE, "Dockerfile": "# later\n"}, None),
    "of a name that nothing builds": ({**NINE, "Dockerfile.x": "RUN true\n"}, None),
    "below": ({**NINE, "x/Dockerfile": "RUN true\n"}, None),
    "another one is built": (
        {
            **NINE,
            "Dockerfile": "RUN x\n",
            "x/Dockerfile": "FROM a\n",
            **compose(a="{build: x}"),
        },
        None,
    ),
    "no instance": ({"Dockerfile": "RUN true\n", "a.yml": f"image: {C8_38}\n"}, None),
}


@pytest.mark.parametrize(("files", "place"), REFUSED.values(), ids=REFUSED)
def test_no_from(tmp_path, files, place):
    wanted = [("now", place, NO_FROM)] if place else []
    assert findings(tmp_path, files, "refused") == wanted


LINES = {
    "ours": (f"FROM {C8_38} # x\n", "now"),
    "of others": ("FROM redis:7 # x\n", "no"),
    "a template": ("FROM {{ image }} # x\n", None),
    "a stage": (f"FROM {ALMA} AS a\nFROM a\n", None),
}


@pytest.mark.parametrize(("text", "act"), LINES.values(), ids=LINES)
def test_refused_lines(tmp_path, text, act):
    found = findings(tmp_path, {**NINE, "Dockerfile": text}, "refused")
    assert [one[0] for one in found] == ([act] if act else [])


UNRESOLVED = {
    "a name": (f"ARG N\nFROM {HUB}/$N:3.8\n", "soon"),
    "the organisation is in a value": (f"ARG O={HUB}\nFROM $O/$N:3.8\n", "soon"),
    "nothing says that it is ours": ("ARG N\nFROM $N\n", "no"),
    "only the tag": (f"ARG V\nFROM {HUB}/almalinux:$V\n", None),
    "a default": (f"ARG N=almalinux\nFROM {HUB}/$N:1\n", None),
    "a template": (f"FROM {HUB}/{{{{ name }}}}:1\n", "no"),
}


@pytest.mark.parametrize(("text", "act"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_unresolved(tmp_path, text, act):
    found = findings(tmp_path, {**NINE, "Dockerfile": text}, "unresolved")
    assert [one[0] for one in found] == ([act] if act else [])


def test_what_yaml_leaves_open_is_said_of_our_images_only(tmp_path):
    text = compose(a="{image: '${A}/x:1'}", b=f"{{image: '{HUB}/$B:1'}}")
    found = findings(tmp_path, {**NINE, **text}, "unresolved")
    assert found == [
        (
            *("soon", "compose.yml:3"),
            f"Cannot tell which image {HUB}/$B:1 is: B has no value.",
        )
    ]


def test_the_value_that_compose_takes_from_env_is_used(tmp_path):
    files = {**NINE, **compose(a=f"{{image: '{HUB}/${{B:-a}}:3.8'}}")}
    assert findings(tmp_path, files, "docker-hub")[0][1] == "compose.yml:2"
    files[".env"] = "# which\nexport B='centos8-python'\n"
    (found,) = findings(tmp_path / "env", files, "docker-hub")
    assert found[1] == "compose.yml:2"
