# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is built on what, through stages and local bases; what compose files build."""

import pytest

from invenio_cli_registry.builds import Locals
from invenio_cli_registry.image import parse

from . import ALMA, CATALOG, SITE, list_commands, trace

EXTERNAL = "inveniosoftware/centos7-python:3.9"
COMPOSE = """\
services:
  base:
    image: example/base:1
    build:
      context: .
      dockerfile: docker/Dockerfile.first
  web:
    image: web
    build: .
"""


def show(build):
    """Return a build as one line: its stage, its base image, what it runs."""
    base = build.base.text if build.base else None
    return (
        f"{build.path}#{build.stage.number}",
        base,
        "".join(one.words[0] for one in list_commands(build) if one.keyword == "RUN"),
    )


def one_of(name, dockerfile):
    """Return a compose file with one service that builds an image."""
    return (
        f"services:\n  x:\n    image: {name}\n"
        f"    build: {{context: ., dockerfile: {dockerfile}}}\n"
    )


CHAINS = {
    "one stage": (
        {"Dockerfile": f"FROM {EXTERNAL}\nRUN a\n"},
        [("Dockerfile#0", EXTERNAL, "a")],
    ),
    "a stage on another one runs both": (
        {"Dockerfile": f"FROM {EXTERNAL} AS one\nRUN a\nFROM one\nRUN b\n"},
        [("Dockerfile#0", EXTERNAL, "a"), ("Dockerfile#1", EXTERNAL, "ab")],
    ),
    "two stages that share nothing": (
        {"Dockerfile": f"FROM {EXTERNAL}\nRUN a\nFROM redis:7\nRUN b\n"},
        [("Dockerfile#0", EXTERNAL, "a"), ("Dockerfile#1", "redis:7", "b")],
    ),
    "scratch": ({"Dockerfile": "FROM scratch\nRUN a\n"}, [("Dockerfile#0", None, "a")]),
    "an unknown image is not local": (
        {"Dockerfile": "ARG X\nFROM $X\nRUN a\n"},
        [("Dockerfile#0", "$X", "a")],
    ),
    "a Dockerfile next to it with base in its name": (
        {
            "Dockerfile": "FROM my-site-base AS x\nRUN c\nFROM x\nRUN d\n",
            "Dockerfile.base": f"FROM {EXTERNAL} AS y\nRUN a\nFROM y\nRUN b\n",
        },
        [
            ("Dockerfile#0", EXTERNAL, "abc"),
            ("Dockerfile#1", EXTERNAL, "abcd"),
            ("Dockerfile.base#0", EXTERNAL, "a"),
            ("Dockerfile.base#1", EXTERNAL, "ab"),
        ],
    ),
    "the compose service of that image comes first": (
        {
            "docker-compose.yml": COMPOSE,
            "Dockerfile": "FROM example/base:1\nRUN b\n",
            "Dockerfile.base": "FROM redis:7\n",
            "docker/Dockerfile.first": f"FROM {EXTERNAL}\nRUN a\n",
        },
        [
            ("Dockerfile#0", EXTERNAL, "ab"),
            ("Dockerfile.base#0", "redis:7", ""),
            ("docker/Dockerfile.first#0", EXTERNAL, "a"),
        ],
    ),
    "another tag is another image": (
        {
            "docker-compose.yml": one_of("inveniosoftware/centos7-python:my-site", "D"),
            "D": f"FROM {EXTERNAL}\nRUN b\n",
        },
        [("D#0", EXTERNAL, "b")],
    ),
    "its Dockerfile was not read: the one next to it": (
        {
            "docker-compose.yml": COMPOSE,
            "Dockerfile": "FROM example/base:1\nRUN b\n",
            "Dockerfile.base": f"FROM {EXTERNAL}\nRUN a\n",
        },
        [("Dockerfile#0", EXTERNAL, "ab"), ("Dockerfile.base#0", EXTERNAL, "a")],
    ),
    "a chain of local bases": (
        {
            "a.yml": one_of("my-site-one", "one/Dockerfile"),
            "b.yml": one_of("my-site-two", "base.Dockerfile"),
            "Dockerfile": "FROM my-site-two\nRUN c\n",
            "base.Dockerfile": "FROM my-site-one\nRUN b\n",
            "one/Dockerfile": f"FROM {EXTERNAL}\nRUN a\n",
        },
        [
            ("Dockerfile#0", EXTERNAL, "abc"),
            ("base.Dockerfile#0", EXTERNAL, "ab"),
            ("one/Dockerfile#0", EXTERNAL, "a"),
        ],
    ),
    "there is no base": (
        {"Dockerfile": "FROM my-site-base\nRUN b\n"},
        [("Dockerfile#0", None, "b")],
    ),
    "a base without FROM": (
        {"Dockerfile": "FROM my-site-base\nRUN b\n", "Dockerfile.base": "RUN a\n"},
        [("Dockerfile#0", None, "b")],
    ),
    "two could be it": (
        {
            "Dockerfile": "FROM my-site-base\nRUN b\n",
            "Dockerfile.base": "FROM redis:7\n",
            "base.Dockerfile": "FROM redis:7\n",
        },
        [
            ("Dockerfile#0", None, "b"),
            ("Dockerfile.base#0", "redis:7", ""),
            ("base.Dockerfile#0", "redis:7", ""),
        ],
    ),
    "one in another folder is not it": (
        {
            "Dockerfile": "FROM my-site-base\nRUN b\n",
            "x/Dockerfile.base": "FROM redis:7\n",
        },
        [("Dockerfile#0", None, "b"), ("x/Dockerfile.base#0", "redis:7", "")],
    ),
    "two that are built on each other": (
        {
            "docker-compose.yml": one_of("my-site", "Dockerfile.web"),
            "Dockerfile.base": "FROM my-site\nRUN a\n",
            "Dockerfile.web": "FROM my-site-base\nRUN b\n",
        },
        [("Dockerfile.base#0", None, "ba"), ("Dockerfile.web#0", None, "b")],
    ),
    "one that is built on itself": (
        {"Dockerfile.base": "FROM my-site-base\nRUN a\n"},
        [("Dockerfile.base#0", None, "a")],
    ),
}


@pytest.mark.parametrize(("files", "builds"), CHAINS.values(), ids=CHAINS)
def test_chains(files, builds):
    assert [show(build) for build in trace(files)] == builds


def test_what_is_missing():
    (one,) = trace("FROM my-site-base\n")
    assert (one.base, one.missing.text, one.python.version) == (
        None,
        "my-site-base",
        None,
    )


def test_where_a_build_is_made():
    one, base = trace(
        {"Dockerfile": "FROM my-site-base\n", "Dockerfile.base": f"FROM {EXTERNAL}\n"}
    )
    assert one.base is base.base
    assert one.base.span.path == "Dockerfile.base"
    assert one.paths == ("Dockerfile.base", "Dockerfile")
    assert base.paths == ("Dockerfile.base",)


def test_an_environment_is_kept_and_arguments_are_not():
    one, _ = trace(
        {
            "Dockerfile": "FROM my-site-base\nRUN x $A $E\n",
            "Dockerfile.base": f"FROM {EXTERNAL}\nARG A=1\nENV E=2\n",
        }
    )
    assert list_commands(one)[-1].words == ("x", "$A", "2")


COUNTS = {
    "the last stage": (
        {"Dockerfile": f"FROM {ALMA} AS a\nFROM redis\n"},
        [False, True],
    ),
    "a stage that installs": (
        {"Dockerfile": f"FROM {ALMA} AS a\nRUN uv sync\nFROM redis\n"},
        [True, True],
    ),
    "a base for others": (
        {"Dockerfile": "FROM my-site-base\n", "Dockerfile.base": f"FROM {ALMA}\n"},
        [True, False],
    ),
    "a base for others that installs": (
        {
            "Dockerfile": "FROM my-site-base\n",
            "Dockerfile.base": f"FROM {ALMA}\nRUN uv sync\n",
        },
        [True, True],
    ),
}


@pytest.mark.parametrize(("files", "counts"), COUNTS.values(), ids=COUNTS)
def test_counts(files, counts):
    assert [build.counts for build in trace(files)] == counts


BUILT = {
    "no compose file": ({}, {"Dockerfile": True, "Dockerfile.base": True, "X": True}),
    "no build in it": (
        {"docker-compose.yml": "services:\n  x:\n    image: redis\n"},
        {"Dockerfile": True, "Dockerfile.base": True, "X": True},
    ),
    "one is built, and its base": (
        {"docker-compose.yml": "services:\n  x:\n    build: .\n"},
        {"Dockerfile": True, "Dockerfile.base": True, "X": False},
    ),
    "the base alone": (
        {"docker-compose.yml": one_of("x", "Dockerfile.base")},
        {"Dockerfile": False, "Dockerfile.base": True, "X": False},
    ),
    "one whose name is unknown": (
        {"docker-compose.yml": one_of("x", "$NAME")},
        {"Dockerfile": True, "Dockerfile.base": True, "X": True},
    ),
    "an inline one": (
        {
            "docker-compose.yml": "services:\n  x:\n    build:\n"
            "      dockerfile_inline: |\n        FROM redis\n"
        },
        {
            "Dockerfile": False,
            "Dockerfile.base": False,
            "X": False,
            "docker-compose.yml": True,
        },
    ),
}


@pytest.mark.parametrize(("compose", "built"), BUILT.values(), ids=BUILT)
def test_built(compose, built):
    files = {"Dockerfile": "FROM my-site-base\n", "Dockerfile.base": f"FROM {ALMA}\n"}
    found = trace({**compose, **files, "X": f"FROM {ALMA}\n"})
    assert {build.path: build.built for build in found} == built


def test_a_service_that_extends_another_one():
    compose = (
        "services:\n  a:\n    build: .\n  b:\n    image: example/b:1\n"
        "    extends: {service: a}\n"
    )
    files = {"docker-compose.yml": compose, "Dockerfile": f"FROM {ALMA}\n"}
    found = trace({**files, "X": "FROM example/b:1\n"})
    assert found[1].paths == ("Dockerfile", "X")


@pytest.mark.parametrize("stages", [60, 5000])
def test_a_long_chain_of_stages_has_its_image(stages):
    lines = [f"FROM s{number - 1} AS s{number}\nRUN a\n" for number in range(1, stages)]
    found = trace(f"FROM {EXTERNAL} AS s0\n" + "".join(lines))
    assert {build.base.text for build in found} == {EXTERNAL}
    assert found[-1].system == "centos7"
    assert found[-1].python.version == "3.9"


def test_a_long_chain_of_local_bases_ends():
    number = 400
    compose = {f"{n}.yml": one_of(f"my-site-{n}", f"D{n}") for n in range(number)}
    files = {f"D{n}": f"FROM my-site-{n + 1}\n" for n in range(number)}
    assert len(trace({**compose, **files})) == number


LOCALS = Locals(
    {"docker.io/example/base:3": "", "registry.example.org/base:latest": ""},
    frozenset({"my-site", "redis"}),
    CATALOG.official,
)
OWNED = {
    "example/base:3": True,
    "example/base:4": False,
    "registry.example.org/base": True,
    "my-site:1.2": True,
    "my-site-base": True,
    "my-site_base": True,
    "my-sites": False,
    "redis": False,
    "redis-base": True,
    "example/my-site": False,
    "quay.io/my-site": False,
}


@pytest.mark.parametrize(("image", "owned"), OWNED.items(), ids=OWNED)
def test_locals(image, owned):
    assert LOCALS.owns(parse(image)) is owned


def test_a_folder_that_is_no_instance_has_no_name_of_its_own():
    (one,) = trace("FROM my-site\n", SITE._replace(marker=False, shortname=None))
    assert one.base.text == "my-site"
