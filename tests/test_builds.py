# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which build stands on which: local bases, stages, chains, and what is not found."""

import pytest

from invenio_cli_registry.builds import (
    Locals,
    find_missing,
    group_by_root,
    instructions,
    named_image,
    tag_unknown,
    trace_builds,
)
from invenio_cli_registry.official import OFFICIAL
from invenio_cli_registry.project.detection import Project
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.source import Source
from invenio_cli_registry.reference import parse
from invenio_cli_registry.survey import survey_project

SITE = Project(".", "folder", marker=True, shortname="my-site")
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


def survey(files):
    sources = {path: Source(path, text) for path, text in files.items()}
    yamls = {path: sources.pop(path) for path in files if path.endswith(".yml")}
    return survey_project(SITE, sources, yamls, frozenset())


def trace(files):
    found = survey(files)
    return trace_builds(found.dockerfiles, found.locals, found.built_by)


def show(line):
    """Return a lineage as one line: its stage, what it stands on, what it runs."""
    root = line.root.text if line.root else None
    steps = [step.text for step in instructions(line) if step.keyword != "FROM"]
    return (f"{line.path}#{line.stage.number}", root, line.root_path, steps)


@pytest.mark.parametrize(
    ("files", "lineages"),
    [
        pytest.param(
            {"Dockerfile": f"FROM {EXTERNAL}\nRUN a\n"},
            [("Dockerfile#0", EXTERNAL, "Dockerfile", ["a"])],
            id="one stage",
        ),
        pytest.param(
            {"Dockerfile": f"FROM {EXTERNAL} AS one\nRUN a\nFROM one\nRUN b\n"},
            [
                ("Dockerfile#0", EXTERNAL, "Dockerfile", ["a"]),
                ("Dockerfile#1", EXTERNAL, "Dockerfile", ["a", "b"]),
            ],
            id="a stage on another one runs both",
        ),
        pytest.param(
            {"Dockerfile": f"FROM {EXTERNAL}\nRUN a\nFROM redis:7\nRUN b\n"},
            [
                ("Dockerfile#0", EXTERNAL, "Dockerfile", ["a"]),
                ("Dockerfile#1", "redis:7", "Dockerfile", ["b"]),
            ],
            id="two stages that share nothing",
        ),
        pytest.param(
            {"Dockerfile": "FROM scratch\nCOPY a /\n"},
            [("Dockerfile#0", None, "Dockerfile", ["a /"])],
            id="scratch",
        ),
        pytest.param(
            {"Dockerfile": "ARG X\nFROM $X\nRUN a\n"},
            [("Dockerfile#0", "$X", "Dockerfile", ["a"])],
            id="an unknown image is no local one",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM my-site-base\nRUN b\n",
                "Dockerfile.base": f"FROM {EXTERNAL}\nRUN a\n",
            },
            [
                ("Dockerfile#0", EXTERNAL, "Dockerfile.base", ["a", "b"]),
                ("Dockerfile.base#0", EXTERNAL, "Dockerfile.base", ["a"]),
            ],
            id="a sibling with base in its name",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM my-site-base AS x\nRUN c\nFROM x\nRUN d\n",
                "Dockerfile.base": f"FROM {EXTERNAL} AS y\nRUN a\nFROM y\nRUN b\n",
            },
            [
                ("Dockerfile#0", EXTERNAL, "Dockerfile.base", ["a", "b", "c"]),
                ("Dockerfile#1", EXTERNAL, "Dockerfile.base", ["a", "b", "c", "d"]),
                ("Dockerfile.base#0", EXTERNAL, "Dockerfile.base", ["a"]),
                ("Dockerfile.base#1", EXTERNAL, "Dockerfile.base", ["a", "b"]),
            ],
            id="the last stage of the base counts",
        ),
        pytest.param(
            {
                "docker-compose.yml": COMPOSE,
                "Dockerfile": "FROM example/base:2\nRUN b\n",
                "Dockerfile.base": "FROM redis:7\n",
                "docker/Dockerfile.first": f"FROM {EXTERNAL}\nRUN a\n",
            },
            [
                ("Dockerfile#0", EXTERNAL, "docker/Dockerfile.first", ["a", "b"]),
                ("Dockerfile.base#0", "redis:7", "Dockerfile.base", []),
                (
                    "docker/Dockerfile.first#0",
                    EXTERNAL,
                    "docker/Dockerfile.first",
                    ["a"],
                ),
            ],
            id="the compose service of that image comes first",
        ),
        pytest.param(
            {
                "docker-compose.yml": COMPOSE,
                "Dockerfile": "FROM example/base\nRUN b\n",
                "Dockerfile.base": f"FROM {EXTERNAL}\nRUN a\n",
            },
            [
                ("Dockerfile#0", EXTERNAL, "Dockerfile.base", ["a", "b"]),
                ("Dockerfile.base#0", EXTERNAL, "Dockerfile.base", ["a"]),
            ],
            id="the service's Dockerfile was not read: the sibling",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM my-site-two\nRUN c\n",
                "base.Dockerfile": "FROM my-site-one\nRUN b\n",
                "docker-compose.yml": "services:\n  one:\n    image: my-site-one\n"
                "    build: {context: one}\n  two:\n    image: my-site-two\n"
                "    build: {context: ., dockerfile: base.Dockerfile}\n",
                "one/Dockerfile": f"FROM {EXTERNAL}\nRUN a\n",
            },
            [
                ("Dockerfile#0", EXTERNAL, "one/Dockerfile", ["a", "b", "c"]),
                ("base.Dockerfile#0", EXTERNAL, "one/Dockerfile", ["a", "b"]),
                ("one/Dockerfile#0", EXTERNAL, "one/Dockerfile", ["a"]),
            ],
            id="a chain of local bases",
        ),
        pytest.param(
            {"Dockerfile": "FROM my-site-base\nRUN b\n"},
            [("Dockerfile#0", None, "Dockerfile", ["b"])],
            id="no base is there",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM my-site-base\nRUN b\n",
                "Dockerfile.base": "RUN a\n",
            },
            [("Dockerfile#0", None, "Dockerfile", ["b"])],
            id="a base without FROM",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM my-site-base\nRUN b\n",
                "Dockerfile.base": "FROM redis:7\n",
                "base.Dockerfile": "FROM redis:7\n",
            },
            [
                ("Dockerfile#0", None, "Dockerfile", ["b"]),
                ("Dockerfile.base#0", "redis:7", "Dockerfile.base", []),
                ("base.Dockerfile#0", "redis:7", "base.Dockerfile", []),
            ],
            id="two siblings could be it: none is",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM my-site-base\nRUN b\n",
                "docker/Dockerfile.base": "FROM redis:7\n",
            },
            [
                ("Dockerfile#0", None, "Dockerfile", ["b"]),
                ("docker/Dockerfile.base#0", "redis:7", "docker/Dockerfile.base", []),
            ],
            id="in another folder it is no sibling",
        ),
        pytest.param(
            {
                "Dockerfile.base": "FROM my-site\nRUN a\n",
                "docker-compose.yml": "services:\n  one:\n    image: my-site\n"
                "    build: {context: ., dockerfile: Dockerfile.web}\n",
                "Dockerfile.web": "FROM my-site-base\nRUN b\n",
            },
            [
                ("Dockerfile.base#0", None, "Dockerfile.base", ["b", "a"]),
                ("Dockerfile.web#0", None, "Dockerfile.web", ["a", "b"]),
            ],
            id="two that stand on each other",
        ),
    ],
)
def test_trace(files, lineages):
    assert [show(line) for line in trace(files)] == lineages


def test_a_base_that_stands_on_itself_ends():
    (line,) = trace({"Dockerfile.base": "FROM my-site-base\nRUN a\n"})
    assert (line.root, line.missing.text) == (None, "my-site-base")


def test_only_the_last_stage_is_last():
    lines = trace({"Dockerfile": f"FROM {EXTERNAL}\nFROM redis:7\n"})
    assert [line.last for line in lines] == [False, True]


def test_a_long_chain_of_stages_is_followed_to_its_end():
    stages = [f"FROM s{number - 1} AS s{number}\n" for number in range(1, 64)]
    lines = trace({"Dockerfile": f"FROM {EXTERNAL} AS s0\n" + "".join(stages)})
    assert {line.root.text for line in lines} == {EXTERNAL}


def test_builds_are_grouped_by_the_use_of_their_base():
    files = {
        "Dockerfile": "FROM my-site-base\n",
        "Dockerfile.worker": "FROM my-site-base\n",
        "Dockerfile.base": f"FROM {EXTERNAL}\n",
        "other/Dockerfile": "FROM my-site-thing\n",
    }
    lines = trace(files)
    ((root, group),) = group_by_root(lines).items()
    assert (root.span.path, root.text) == ("Dockerfile.base", EXTERNAL)
    assert [line.path for line in group] == [
        "Dockerfile",
        "Dockerfile.worker",
        "Dockerfile.base",
    ]
    assert {one.text for one in find_missing(lines)} == {"my-site-thing"}


def test_each_set_of_build_arguments_is_a_build():
    compose = (
        "services:\n  a:\n    build:\n      context: .\n      args: {V: '3.6'}\n"
        "  b:\n    build:\n      context: .\n      args: {V: '3.9'}\n"
    )
    text = "ARG V=3.8\nFROM inveniosoftware/centos7-python:$V\n"
    roots = group_by_root(trace({"docker-compose.yml": compose, "Dockerfile": text}))
    tags = {named_image(root).tag for root in roots}
    assert tags == {"3.6", "3.8", "3.9"}


LOCALS = Locals(
    frozenset({"docker.io/example/base", "registry.example.org/base"}),
    frozenset({"my-site", "redis"}),
    OFFICIAL,
)


@pytest.mark.parametrize(
    ("image", "owned"),
    [
        pytest.param("example/base:3", True, id="named by a service, any tag"),
        pytest.param("registry.example.org/base", True, id="on a registry, too"),
        pytest.param("my-site", True, id="the shortname"),
        pytest.param("my-site:1.2", True, id="the shortname with a tag"),
        pytest.param("my-site-base", True, id="the shortname and a hyphen"),
        pytest.param("my-site_base", True, id="the shortname and an underscore"),
        pytest.param("my-sites", False, id="only begins like it"),
        pytest.param("redis", False, id="an official image"),
        pytest.param("redis-base", True, id="no official image"),
        pytest.param("example/my-site", False, id="a path"),
        pytest.param("quay.io/my-site", False, id="a registry"),
        pytest.param("example/other", False, id="nobody builds it"),
    ],
)
def test_locals(image, owned):
    assert LOCALS.owns(parse(image)) is owned


@pytest.mark.parametrize(
    ("text", "image", "unknown"),
    [
        pytest.param("FROM x/y:1", "docker.io/x/y:1", False, id="literal"),
        pytest.param("ARG V=1\nFROM x/y:$V", "docker.io/x/y:1", False, id="a default"),
        pytest.param("ARG V\nFROM x/y:$V", "docker.io/x/y:latest", True, id="no value"),
        pytest.param(
            "FROM x/y:{{ v }}", "docker.io/x/y:latest", True, id="a template's tag"
        ),
        pytest.param(
            "ARG V\nFROM h:5000/x/y:$V", "h:5000/x/y:latest", True, id="a port"
        ),
        pytest.param(
            "ARG V\nFROM x/y:1@sha256:$V", "docker.io/x/y:latest", True, id="a digest"
        ),
        pytest.param("ARG V\nFROM h:5000/$V", None, False, id="a port is no tag"),
        pytest.param("ARG V\nFROM x/$V:1", None, False, id="the name is unknown"),
        pytest.param("ARG V\nFROM x/y$V", None, False, id="it may go on"),
        pytest.param("ARG V\nFROM x/Y:$V", None, False, id="no name at all"),
    ],
)
def test_named_image(text, image, unknown):
    (reference,) = read_dockerfile(Source("Dockerfile", text), {}).references
    named = named_image(reference)
    assert (named and str(named), tag_unknown(reference)) == (image, unknown)
