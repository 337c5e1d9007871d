# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files of a project are parsed, which are context, which are passed over."""

import os

import pytest

from invenio_cli_registry.project.detection import Project
from invenio_cli_registry.readers.files import Found
from invenio_cli_registry.selection import read_project

from .instances import instance

FILES = {
    "Dockerfile": "FROM my-site-base\n",
    "Dockerfile.base": "FROM x\n",
    "Dockerfile.worker": "FROM y\n",
    "docker/Dockerfile": "FROM z\n",
    "docker/base.dockerfile": "FROM inveniosoftware/x\n",
    "docker-compose.yml": "services: {}\n",
    "docker-services.yaml": "services: {}\n",
    "k/compose.yml": "services: {}\n",
    "k/deploy.yml": "image: redis\n",
    "k/ours.yml": "image: inveniosoftware/x\n",
    "k/cached.yml": "image: harbor.example.org/hub/library/redis\n",
}
OURS = ["docker/base.dockerfile", "k/ours.yml"]


def select(folder, names, *, marker, named=False, **options):
    """Return the paths that are parsed, and those that are context."""
    options.setdefault("every", False)
    options.setdefault("needles", [])
    with instance(folder, {**FILES, "Pipfile": ""} if marker else FILES):
        files = [
            Found(name, "yaml" if name.endswith("ml") else "dockerfile", named, ".")
            for name in names
        ]
        if not named:
            files.append(Found(".", "folder", False, "."))
        project = Project(".", "my-site", marker=marker)
        read = read_project(project, files, **options)
        assert read.problems == ()
    parsed = sorted([*read.dockerfiles, *read.yaml_files])
    return parsed, sorted(path for path in parsed if not read.reports(path))


def test_of_an_instance_every_dockerfile_and_compose_file_is_parsed(tmp_path):
    parsed, context = select(tmp_path, FILES, marker=True)
    assert parsed == sorted({*FILES} - {"k/deploy.yml", "k/cached.yml"})
    assert context == []


def test_elsewhere_only_what_names_the_organisation(tmp_path):
    assert select(tmp_path, FILES, marker=False) == (OURS, [])


def test_what_names_a_cache_or_a_copy_is_parsed_too(tmp_path):
    needles = ["harbor.example.org/hub"]
    parsed, _ = select(tmp_path, FILES, marker=False, needles=needles)
    assert parsed == sorted([*OURS, "k/cached.yml"])


def test_everything_is_parsed_when_asked_for(tmp_path):
    assert select(tmp_path, FILES, marker=False, every=True)[0] == sorted(FILES)


@pytest.mark.parametrize(
    ("names", "marker", "exclude", "context"),
    [
        pytest.param(
            ["Dockerfile"],
            True,
            (),
            ["Dockerfile.base", "docker-compose.yml", "docker-services.yaml"],
            id="compose files and bases",
        ),
        pytest.param(
            ["Dockerfile.base", "docker-compose.yml"],
            True,
            (),
            ["docker-services.yaml"],
            id="what is named is no context",
        ),
        pytest.param(
            ["Dockerfile"],
            True,
            ("*.base", "./docker-s*"),
            ["docker-compose.yml"],
            id="what is excluded is no context",
        ),
        pytest.param(["Dockerfile"], False, (), [], id="no instance"),
        pytest.param([], True, (), [], id="no file"),
    ],
)
def test_the_context_of_named_files(tmp_path, names, marker, exclude, context):
    found = select(tmp_path, names, marker=marker, named=True, exclude=exclude)
    assert found == (sorted([*names, *context]), context)


def test_files_below_a_folder_have_no_context(tmp_path):
    assert select(tmp_path, ["Dockerfile"], marker=True) == (["Dockerfile"], [])


def test_a_folder_is_no_context(tmp_path):
    with instance(tmp_path, {"Pipfile": "", "Dockerfile": "FROM x\n"}):
        os.mkdir("Dockerfile.base")
        os.mkdir("compose.yml")
        files = [Found("Dockerfile", "dockerfile", True, ".")]
        project = Project(".", "my-site", marker=True)
        read = read_project(project, files, [], every=False)
    assert read.context == frozenset()


def test_what_cannot_be_read_is_a_problem(tmp_path):
    with instance(tmp_path, FILES):
        files = [Found("nope", "dockerfile", True, "."), Found("k", "yaml", True, ".")]
        read = read_project(Project(".", "x"), files, [], every=True)
    assert [one.path for one in read.problems] == ["k", "nope"]
    assert not read.dockerfiles


@pytest.mark.parametrize(
    ("compose", "parsed"),
    [
        pytest.param("{a: {build: {dockerfile: web}}}", True, id="flow"),
        pytest.param("{a: {build: {'dockerfile': \"web\"}}}", True, id="quoted"),
        pytest.param("\n  a:\n    build:\n      dockerfile: web", True, id="block"),
        pytest.param("{a: {build: {context: k, dockerfile: ../web}}}", True, id="up"),
        pytest.param("{a: {build: {context: k, dockerfile: web}}}", False, id="none"),
        pytest.param("{a: {build: {dockerfile: ../out}}}", False, id="outside"),
        pytest.param("{a: {build: {dockerfile: link}}}", False, id="a link outside"),
        pytest.param("{a: {build: {dockerfile: $X}}}", False, id="unknown"),
        pytest.param("{a: {dockerfile: web}}", False, id="no build"),
        pytest.param("{a: {image: x}} # dockerfile: web", False, id="a comment"),
    ],
)
def test_what_a_compose_file_builds_is_parsed_whatever_its_name(
    tmp_path, compose, parsed
):
    files = {
        "Pipfile": "",
        "web": "FROM inveniosoftware/x\n",
        "k/x": "",
        "docker-compose.full.yml": f"services: {compose}\n",
        "other.yml": "x: inveniosoftware/x\ndockerfile: web\n",
    }
    (tmp_path / "out").write_text("FROM inveniosoftware/x\n")
    with instance(tmp_path, files) as folder:
        (folder / "link").symlink_to("../out")
        found = [Found("docker-compose.full.yml", "yaml", False, ".")]
        found.append(Found("other.yml", "yaml", False, "."))
        project = Project(".", "my-site", marker=True)
        read = read_project(project, found, [], every=False)
        without = read_project(project, found, [], every=False, exclude=["web"])
        named = [file._replace(named=True) for file in found]
        only = read_project(project, named, [], every=False)
        elsewhere = read_project(project._replace(marker=False), found, [], every=False)
    assert list(read.dockerfiles) == (["web"] if parsed else [])
    assert without.dockerfiles == only.dockerfiles == elsewhere.dockerfiles == {}


def test_a_dockerfile_that_its_name_tells_is_read_once(tmp_path):
    files = {
        "Dockerfile.x": "FROM inveniosoftware/x\n",
        "odd": "FROM y\n",
        "docker-compose.yml": "services:\n"
        "  a: {build: {dockerfile: Dockerfile.x}}\n"
        "  b: {build: {dockerfile: odd}}\n  c: {build: {dockerfile: odd}}\n",
    }
    with instance(tmp_path, {**files, "Pipfile": ""}):
        found = [Found("docker-compose.yml", "yaml", False, ".")]
        found.append(Found("Dockerfile.x", "dockerfile", False, "."))
        project = Project(".", "my-site", marker=True)
        read = read_project(project, found, [], every=False)
    assert list(read.dockerfiles) == ["Dockerfile.x", "odd"]


@pytest.mark.parametrize("every", [True, False])
def test_what_names_nothing_of_ours_is_aside(tmp_path, every):
    names = ["Dockerfile", "docker/base.dockerfile"]
    with instance(tmp_path, FILES):
        files = [Found(name, "dockerfile", False, ".") for name in names]
        read = read_project(Project(".", "my-site"), files, [], every=every)
        named = read_project(
            Project(".", "my-site"),
            [file._replace(named=True) for file in files],
            [],
            every=every,
        )
    assert read.aside == {"Dockerfile"}
    assert sorted(read.dockerfiles) == (names if every else names[1:])
    assert named.aside == frozenset()


def test_of_more_images_than_anybody_names_the_last_are_not_read(tmp_path):
    lines = {"a.dockerfile": 140_000, "b.dockerfile": 120_000, "c.dockerfile": 110_000}
    files = {
        "Pipfile": "",
        **{name: "FROM a\n" * count for name, count in lines.items()},
    }
    with instance(tmp_path, files):
        found = [Found(name, "dockerfile", False, ".") for name in lines]
        project = Project(".", "my-site", marker=True)
        read = read_project(project, found, [], every=False)
    assert sorted(read.dockerfiles) == ["a.dockerfile", "c.dockerfile"]
    (problem,) = read.problems
    assert problem == (
        "b.dockerfile",
        0,
        "with it the Dockerfiles have over 250000 FROM lines: it was not read",
        True,
    )
