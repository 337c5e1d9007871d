# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What one project's files hold: references, builds, local images, and what was not read."""

import pytest

from invenio_cli_registry.builds import named_image
from invenio_cli_registry.project.detection import Project
from invenio_cli_registry.readers.compose import built_file
from invenio_cli_registry.readers.model import Reference, Service
from invenio_cli_registry.readers.source import Source
from invenio_cli_registry.survey import map_images, survey_project

HUB = "inveniosoftware/centos8-python:3.8"
SITE = Project(".", "My-Site", marker=True, shortname="repo")


def survey(files, project=SITE):
    sources = {name: Source(name, text) for name, text in files.items()}
    yamls = {name: one for name, one in sources.items() if name.endswith(".yml")}
    others = {name: one for name, one in sources.items() if name not in yamls}
    return survey_project(project, others, yamls, frozenset())


def compose(**services):
    """Return a compose file; each service is given as one line of YAML."""
    lines = "".join(f"  {name}: {text}\n" for name, text in services.items())
    return f"services:\n{lines}"


def values(found):
    return [one.expanded for one in found.references]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"Dockerfile": "FROM a\nFROM a\n"}, ["a", "a"], id="each use"),
        pytest.param(
            {"z.yml": compose(a="{image: b}"), "Dockerfile": "FROM a\n"},
            ["a", "b"],
            id="Dockerfiles first",
        ),
        pytest.param(
            {
                "Dockerfile": "ARG I=a\nFROM $I\n",
                "docker-compose.yml": compose(
                    one="{build: {context: ., args: {I: b}}}",
                    two="{build: {context: ., args: {I: c}}}",
                    three="{build: {context: ., args: {J: c}}}",
                    four="{build: .}",
                ),
            },
            ["a", "b", "c"],
            id="each value of a build argument once",
        ),
        pytest.param(
            {
                "Dockerfile": "ARG I=a\nFROM $I\nFROM x\n",
                "docker-compose.yml": compose(
                    one="{build: {context: ., args: {I: b}}}",
                    two="{build: {context: ., args: {I: b}}}",
                ),
            },
            ["a", "x", "b", "b"],
            id="one value in two places is two",
        ),
        pytest.param(
            {
                "Dockerfile": "ARG I=a\nFROM $I\n",
                "sub/docker-compose.yml": compose(
                    one="{build: {context: .., args: {I: b}}}"
                ),
            },
            ["a", "b"],
            id="a context above the compose file",
        ),
        pytest.param(
            {
                "Dockerfile": "ARG I=a\nFROM $I\n",
                "docker-compose.yml": compose(
                    one='{build: {context: "${X}", args: {I: b}}}',
                    two='{build: {dockerfile_inline: "FROM i", args: {I: b}}}',
                ),
            },
            ["a", "i"],
            id="builds of other files",
        ),
        pytest.param(
            {"docker-compose.yml": compose(a="{image: my, build: .}", b="{image: my}")},
            ["my"],
            id="a service that builds names its result",
        ),
    ],
)
def test_references(files, expected):
    assert values(survey(files)) == expected


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        pytest.param("repo", True, id="the shortname"),
        pytest.param("repo-base:1", True, id="the shortname and more"),
        pytest.param("repo_base", True, id="the shortname and an underscore"),
        pytest.param("my-site-base", True, id="the folder, in small letters"),
        pytest.param("repository", False, id="another word"),
        pytest.param("me/repo", False, id="somebody's"),
        pytest.param("registry.example.org/repo", False, id="on a registry"),
        pytest.param("built:2", True, id="what a service builds, tag ignored"),
        pytest.param("ghcr.io/us/built", True, id="what a service builds, elsewhere"),
        pytest.param("extended", True, id="what a service builds through another"),
        pytest.param("redis", False, id="what a service pulls"),
    ],
)
def test_local_images(text, owned):
    found = survey(
        {
            "docker-compose.yml": compose(
                a="{image: 'built:1', build: .}",
                b="{image: ghcr.io/us/built, build: .}",
                c="{image: extended, extends: {service: a}}",
                d="{image: 'redis:7'}",
            ),
            "Dockerfile": f"FROM {text}\n",
        }
    )
    (image,) = [
        named_image(one) for one in found.references if one.span.path == "Dockerfile"
    ]
    assert found.locals.owns(image) is owned


def test_a_folder_without_a_marker_lends_no_name():
    found = survey({"Dockerfile": "FROM redis-base\n"}, Project(".", "redis"))
    assert found.locals.stems == frozenset()


@pytest.mark.parametrize(
    ("service", "path"),
    [
        pytest.param("{}", None, id="builds nothing"),
        pytest.param("{build: .}", "Dockerfile", id="here"),
        pytest.param("{build: {}}", "Dockerfile", id="all defaults"),
        pytest.param("{build: ./x}", "x/Dockerfile", id="a folder"),
        pytest.param("{build: ..}", "../Dockerfile", id="above"),
        pytest.param("{build: {context: x, dockerfile: D}}", "x/D", id="a file"),
        pytest.param("{build: {context: x, dockerfile: ../D}}", "D", id="beside it"),
        pytest.param("{build: '$X'}", "", id="a variable"),
        pytest.param("{build: {dockerfile: 'D.$X'}}", "", id="a variable in the file"),
        pytest.param("{build: {dockerfile_inline: FROM a}}", "", id="inline"),
        pytest.param("{extends: {service: base}}", "base/Dockerfile", id="extends"),
        pytest.param(
            "{extends: {file: b.yml, service: base}}", "other/Dockerfile", id="a file's"
        ),
        pytest.param(
            "{extends: {file: ./b.yml, service: twice}}", "other/Dockerfile", id="chain"
        ),
        pytest.param(
            "{extends: {file: c.yml, service: base}}", None, id="no such file"
        ),
        pytest.param("{extends: {service: nope}}", None, id="no such service"),
        pytest.param("{extends: {service: me}}", None, id="itself"),
        pytest.param("{extends: {service: round}}", None, id="in a circle"),
    ],
)
def test_which_file_a_service_builds(service, path):
    given = service[:-1] + (", " if len(service) > 2 else "") + "image: mine}"
    found = survey(
        {
            "a.yml": compose(
                me=given,
                base="{build: base}",
                round="{extends: {service: again}}",
                again="{extends: {service: round}}",
            ),
            "b.yml": compose(base="{build: other}", twice="{extends: {service: base}}"),
        }
    )
    image = "docker.io/library/mine"
    assert dict(found.built_by) == ({} if path is None else {image: path})


def test_the_first_service_that_builds_an_image_wins():
    found = survey(
        {"a.yml": compose(a="{image: x, build: a}", b="{image: x, build: b}")}
    )
    assert dict(found.built_by) == {"docker.io/library/x": "a/Dockerfile"}


def test_an_image_without_a_name_is_built_by_nobody():
    assert map_images([]) == {}
    found = survey({"a.yml": compose(a="{image: '$X', build: a}")})
    assert dict(found.built_by) == {}


def test_a_service_that_builds_nothing_has_no_file():
    assert built_file("a.yml", Service("a", None, None, None)) == ""


@pytest.mark.parametrize(
    ("files", "project", "missing"),
    [
        pytest.param({"Dockerfile": "RUN x\n"}, SITE, True, id="at the root"),
        pytest.param({"Dockerfile": "# x\n"}, SITE, False, id="says nothing"),
        pytest.param({"Dockerfile": "FROM scratch\n"}, SITE, False, id="from scratch"),
        pytest.param({"Dockerfile.x": "RUN x\n"}, SITE, False, id="built by nobody"),
        pytest.param({"x/Dockerfile": "RUN x\n"}, SITE, False, id="below"),
        pytest.param(
            {"x/Dockerfile": "RUN x\n", "compose.yml": compose(a="{build: x}")},
            SITE,
            True,
            id="built",
        ),
        pytest.param(
            {
                "x/Dockerfile": "RUN x\n",
                "compose.yml": compose(
                    a="{image: y, extends: {service: b}}", b="{build: x}"
                ),
            },
            SITE,
            True,
            id="built through another service",
        ),
        pytest.param(
            {"Dockerfile": "RUN x\n"}, Project(".", "x"), False, id="no instance"
        ),
        pytest.param(
            {"s/Dockerfile": "RUN x\n"}, SITE._replace(path="s"), True, id="elsewhere"
        ),
    ],
)
def test_a_dockerfile_without_from(files, project, missing):
    found = [one for one in survey(files, project).references if not one.text]
    assert len(found) == int(missing)
    assert all(isinstance(one, Reference) and one.unresolved for one in found)


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        pytest.param("compose.yml", "a: [", [(1, True)], id="a compose file"),
        pytest.param("x/docker-services.yml", "a: [", [(1, True)], id="services"),
        pytest.param("k.yml", "a: [", [], id="another file"),
        pytest.param("k.yml", f"a:\n- {HUB}\nb: [", [(2, False)], id="one of ours"),
    ],
)
def test_yaml_that_does_not_parse(name, text, problems):
    found = survey({name: text}).problems
    assert [(one.line, one.fatal) for one in found] == problems
    assert all(one.message.startswith("not YAML") for one in found)


ASIDE = (
    "ARG V=1\nFROM a:$V AS one\nRUN --mount=from=b,target=/b make\nRUN yum install x\n"
    "COPY --from=c <<END <<END /\nFROM no\nEND\nFROM no\nEND\nFROM one\nLABEL a=b\n"
)


def test_of_a_dockerfile_aside_the_images_and_the_stages_are_the_same():
    source = Source("Dockerfile", ASIDE)
    names = frozenset({"Dockerfile"})
    whole = survey_project(SITE, {"Dockerfile": source}, {}, frozenset())
    aside = survey_project(SITE, {"Dockerfile": source}, {}, frozenset(), names)
    assert values(aside) == ["a:1", "b", "c"]
    assert aside.references == whole.references
    assert aside.dockerfiles[0].stages == whole.dockerfiles[0].stages
    assert aside.dockerfiles[0].instructions == ()


@pytest.mark.parametrize(
    ("base", "kept"),
    [("mine:1", ["FROM", "RUN"]), ("theirs:1", []), ("$X", []), ("scratch", [])],
)
def test_what_stands_on_an_image_that_is_built_here_is_no_dockerfile_aside(base, kept):
    source = Source("Dockerfile", f"FROM {base}\nRUN make\n")
    text = compose(a="{image: mine, build: {context: ., dockerfile: base}}")
    found = survey_project(
        SITE,
        {"Dockerfile": source},
        {"c.yml": Source("compose.yml", text)},
        frozenset(),
        frozenset({"Dockerfile"}),
    )
    (reading,) = found.dockerfiles
    assert [step.keyword for step in reading.instructions] == kept
