# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which scalars of a YAML file are images, where they stand, and which are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.readers.nodes import DEEPEST
from invenio_cli_registry.readers.source import Source
from invenio_cli_registry.readers.yaml import line_naming, read_yaml

NAMES = frozenset({"inveniosoftware/almalinux"})


def read(text, path="values.yml"):
    return read_yaml(Source(path, text), NAMES)


def places(text, path="values.yml"):
    """Return each image, what stands at its place, and whether it is only reported."""
    source = Source(path, text)
    found = read_yaml(source, NAMES).references
    return [
        (one.expanded, source.cut(one.span), "report" if one.report_only else "")
        for one in found
    ]


def one(image, written=None, mark=""):
    return [(image, image if written is None else written, mark)]


COMPOSE = "services:\n  web:\n    image: {}\n"


@pytest.mark.parametrize(
    ("written", "image", "stands"),
    [
        pytest.param("redis:7", "redis:7", "redis:7", id="plain"),
        pytest.param("'redis:7'", "redis:7", "redis:7", id="single-quotes"),
        pytest.param('"redis:7"', "redis:7", "redis:7", id="double-quotes"),
        pytest.param("&a redis:7", "redis:7", "redis:7", id="anchor"),
        pytest.param("!reset redis:7", "redis:7", "redis:7", id="tag"),
        pytest.param(
            "&a !x 'redis:7'  # c", "redis:7", "redis:7", id="both-and-comment"
        ),
        pytest.param("${A:-redis}:7", "redis:7", "${A:-redis}:7", id="variable"),
        pytest.param("$$a", "$a", "$$a", id="dollar"),
        pytest.param("redis:7\r", "redis:7", "redis:7", id="carriage-return"),
        pytest.param(
            "redis:7 # \x85# \u2028# é\U0001f600", "redis:7", "redis:7", id="breaks"
        ),
    ],
)
def test_a_compose_image_and_its_place(written, image, stands):
    text = "# é\U0001f600\n" + COMPOSE.format(written)
    assert places(text) == one(image, stands)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param('"redis\\x3a7"', id="escape"),
        pytest.param(">-\n      redis:7", id="folded"),
        pytest.param("|-\n      redis:7", id="block"),
        pytest.param("'red''is:7'", id="doubled-quote"),
    ],
)
def test_what_is_not_written_as_it_is_cannot_be_changed(written):
    (found,) = read(COMPOSE.format(written)).references
    assert [piece.span for piece in found.pieces] == [None] * len(found.pieces)


def test_a_variable_without_a_value():
    (found,) = read(COMPOSE.format("a:${TAG}")).references
    assert (found.expanded, found.unresolved) == (None, "TAG has no value")


def test_a_variable_that_is_not_closed():
    (found,) = read(COMPOSE.format("a:${TAG")).references
    assert (found.expanded, found.unresolved) == (
        None,
        "${TAG is not closed, or has an unknown operator",
    )


def test_a_name_that_is_none():
    (found,) = read(COMPOSE.format("a/B")).references
    assert found.unresolved == "'a/B' is no repository name"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param(
            "a: &s\n  image: x:1\nservices:\n  web:\n    <<: *s\n  db: *s\n",
            "c.yml",
            one("x:1"),
            id="merge-and-alias-once",
        ),
        pytest.param(
            "a: &s {image: x:1}\nb: &t {image: y:1}\nservices:\n  web:\n    <<: [*s, *t]\n",
            "c.yml",
            one("x:1"),
            id="merge-list-first-wins",
        ),
        pytest.param(
            "image: x:1\nj:\n  script: [a]\n", "x.yml", one("x:1"), id="gitlab"
        ),
        pytest.param(
            "j:\n  image: {name: x:1}\n  services: [y:1, {name: z:1}, {alias: q}]\n",
            ".gitlab-ci.yml",
            [("x:1", "x:1", ""), ("y:1", "y:1", ""), ("z:1", "z:1", "")],
            id="gitlab-forms",
        ),
        pytest.param(
            "on: push\njobs:\n  a:\n    container: x:1\n    services:\n      d: {image: y:1}\n"
            "  b:\n    container: {image: z:1}\n",
            "w.yml",
            [("x:1", "x:1", ""), ("y:1", "y:1", ""), ("z:1", "z:1", "")],
            id="workflow",
        ),
        pytest.param(
            "jobs:\n  a:\n    container: x:1\n",
            ".github/workflows/w.yml",
            one("x:1"),
            id="workflow-by-folder",
        ),
        pytest.param(
            "apiVersion: v1\nkind: List\nitems:\n- spec:\n    template:\n      spec:\n"
            "        containers: [{image: x:1}]\n        initContainers: [{image: y:1}]\n"
            "        ephemeralContainers: [{image: z:1}]\n",
            "k.yaml",
            [("x:1", "x:1", ""), ("y:1", "y:1", ""), ("z:1", "z:1", "")],
            id="kubernetes",
        ),
        pytest.param(
            "---\nservices: {a: {image: x:1}}\n---\nservices: {b: {image: y:1}}\n",
            "c.yml",
            [("x:1", "x:1", ""), ("y:1", "y:1", "")],
            id="documents",
        ),
        pytest.param(
            "a: inveniosoftware/x:1\n",
            "v.yml",
            one("inveniosoftware/x:1", mark="report"),
            id="scalar",
        ),
        pytest.param(
            "a: [inveniosoftware/almalinux]\n",
            "v.yml",
            one("inveniosoftware/almalinux", mark="report"),
            id="catalogue-name",
        ),
        pytest.param(
            "a: registry.cern.ch/inveniosoftware/almalinux:1\n",
            "v.yml",
            one("registry.cern.ch/inveniosoftware/almalinux:1", mark="report"),
            id="with-registry",
        ),
    ],
)
def test_other_kinds_of_files(text, path, expected):
    assert places(text, path) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: inveniosoftware/invenio-app-rdm\n", id="repository-of-code"),
        pytest.param("uses: inveniosoftware/x/.github/workflows/y.yml@v1\n", id="uses"),
        pytest.param("uses: inveniosoftware/x:1\n", id="uses-like-an-image"),
        pytest.param("repo: inveniosoftware/x:1\n", id="repo"),
        pytest.param("url: inveniosoftware/x:1\n", id="url"),
        pytest.param("github_repo: [inveniosoftware/x:1]\n", id="github-repo-list"),
        pytest.param("a: https://github.com/inveniosoftware/x\n", id="address"),
        pytest.param('a: "@inveniosoftware/x:1"\n', id="npm-scope"),
        pytest.param("run: git reset inveniosoftware/maint-1.0\n", id="shell"),
        pytest.param("run: sed s/inveniosoftware/x:1 y\n", id="sed"),
        pytest.param("a: issue inveniosoftware/x#1\n", id="issue"),
        pytest.param("inveniosoftware/x:1: a\n", id="key"),
        pytest.param("image: x:1\n", id="image-of-nothing-known"),
        pytest.param(
            "repository: https://x.org/charts\ntag: 1\n", id="chart-repository"
        ),
        pytest.param("repository: x/y\n", id="repository-alone"),
        pytest.param("services: [a, b]\n", id="services-list"),
        pytest.param("services: {a: text}\n", id="services-no-mapping"),
        pytest.param(
            "services:\n  a:\n    build: .\n    image: my-site:1\n", id="built-here"
        ),
        pytest.param(
            "services:\n  a:\n    build: [x]\n    ports: [1]\n", id="odd-build"
        ),
        pytest.param("", id="empty"),
        pytest.param("just text", id="text"),
    ],
)
def test_what_is_no_image(text):
    assert places(text) == []


def test_helm_splits_a_name():
    text = (
        "image:\n  registry: ghcr.io/inveniosoftware\n  repository: demo/demo\n"
        "  tag: v1\nother:\n  repository: inveniosoftware/y\n  tag: '2'\n"
    )
    source = Source("values.yaml", text)
    first, second = read_yaml(source).references
    assert first.split
    assert first.expanded == "ghcr.io/inveniosoftware/demo/demo:v1"
    assert [source.cut(p.span) for p in first.pieces if p.span] == [
        "ghcr.io/inveniosoftware",
        "demo/demo",
        "v1",
    ]
    assert (second.expanded, second.report_only) == ("inveniosoftware/y:2", True)


def test_helm_with_an_empty_repository_names_nothing():
    assert places("registry: ''\nrepository: ''\ntag: '1'\n") == []


def services(text):
    return {service.name: service for service in read(text, "compose.yml").services}


def test_what_a_service_is_built_from():
    found = services(
        "services:\n"
        "  a:\n    build: ./x\n"
        "  b:\n    build:\n      context: y\n      dockerfile: D\n"
        "      args: {V: 1, W: ~, X: '${Z:-q}'}\n"
        "  c:\n    build:\n      args: [V=2, W]\n"
        "  d:\n    extends: a\n"
        "  e:\n    extends: {file: o.yml, service: s}\n"
        "  f:\n    extends: {file: o.yml}\n"
    )
    assert (found["a"].build.context, found["a"].build.dockerfile) == ("./x", None)
    assert (found["b"].build.context, found["b"].build.dockerfile) == ("y", "D")
    texts = {
        name: [p.text for p in pieces] for name, pieces in found["b"].build.args.items()
    }
    assert texts == {"V": ["1"], "W": [None], "X": ["q"]}
    texts = {
        name: [p.text for p in pieces] for name, pieces in found["c"].build.args.items()
    }
    assert texts == {"V": ["2"], "W": [None]}
    assert found["c"].build.context == "."
    assert [found[name].extends for name in "def"] == [
        (None, "a"),
        ("o.yml", "s"),
        None,
    ]


def test_the_image_that_a_service_builds_is_no_reference():
    text = "services:\n  a:\n    build: .\n    image: inveniosoftware/x:1\n"
    found = read(text)
    assert found.references == ()
    assert found.services[0].image.expanded == "inveniosoftware/x:1"


def test_odd_build_arguments_are_none():
    text = "services:\n  a: {build: {args: {V: [1], [k]: 2}}}\n  b: {build: {args: [[1]]}}\n"
    found = services(text)
    assert dict(found["a"].build.args) == {}
    assert dict(found["b"].build.args) == {}


def test_a_build_argument_is_where_it_is_written():
    text = "services:\n  a:\n    build:\n      args:\n      - B=inveniosoftware/x:1\n"
    source = Source("compose.yml", text)
    found = read_yaml(source)
    (piece,) = found.services[0].build.args["B"]
    assert source.cut(piece.span) == "inveniosoftware/x:1"
    assert found.references == ()


def test_an_inline_dockerfile_in_a_block_keeps_its_places():
    text = (
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        "        FROM a/b:1 AS x\n        RUN yum \\\n          y\n        FROM x\n"
        "    ports: [FROM, c]\n"
    )
    source = Source("compose.yml", text)
    inline = services(text)["a"].build.inline
    (found,) = inline.references
    assert source.cut(found.span) == "a/b:1"
    assert source.cut(found.pieces[0].span) == "a/b:1"
    assert [step.line for step in inline.instructions] == [5, 6, 8]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param('"FROM a/b:1\\nRUN x"', id="quoted"),
        pytest.param(">\n        FROM a/b:1\n", id="folded"),
    ],
)
def test_an_inline_dockerfile_elsewhere_is_read_and_not_written(written):
    text = f"services:\n  a:\n    build:\n      dockerfile_inline: {written}\n"
    (found,) = services(text)["a"].build.inline.references
    assert found.expanded == "a/b:1"
    assert [piece.span for piece in found.pieces] == [None]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("a: [\n", 2, "not YAML", id="open"),
        pytest.param("a: b: c\n", 1, "not YAML", id="two-colons"),
        pytest.param("{{ if x }}\na: {{ y }}\n", 2, "not YAML", id="helm"),
        pytest.param("a: *b\n", 1, "not YAML", id="alias"),
        pytest.param("a: \x01\n", 1, "not YAML", id="control"),
        pytest.param("[" * 200_000, 1, f"more than {DEEPEST} deep", id="deep-flow"),
        pytest.param(
            "- " * 5_000 + "a", 1, f"more than {DEEPEST} deep", id="deep-block"
        ),
    ],
)
def test_what_does_not_parse_is_a_problem(text, line, said):
    found = read(text)
    (problem,) = found.problems
    assert found.references == ()
    assert said in problem.message
    assert problem.line == line


def test_a_bomb_of_aliases_is_read_in_no_time():
    levels = "".join(
        f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    assert read("l0: &l0 [inveniosoftware/x:1]\n" + levels).references != ()


def test_a_mapping_that_merges_itself():
    assert places("services: &s\n  a: {image: x:1}\n  <<: *s\n") == one("x:1")


def test_bytes_that_are_no_utf8_stay_where_they_are():
    source = Source.from_bytes(
        "c.yml", b"# \xff\xfe\xe9\nservices:\n  a:\n    image: x:1 # \xff\n"
    )
    (found,) = read_yaml(source).references
    assert source.cut(found.span) == "x:1"


def test_utf16_is_read():
    source = Source.from_bytes("c.yml", COMPOSE.format("x:1").encode("utf-16"))
    (found,) = read_yaml(source).references
    assert source.cut(found.span) == "x:1"


def test_the_line_that_names_the_organisation():
    source = Source("v.yml", "a:\n  b: {{ inveniosoftware/x }}\n")
    assert line_naming(source) == 2
    assert line_naming(Source("v.yml", "a: b\n")) == 0


@given(st.one_of(st.text(), st.text(alphabet="a:-[]{}&*!|>'\"\n #%@?,<", max_size=60)))
def test_any_text_is_read(text):
    source = Source("x.yml", text)
    for found in read_yaml(source).references:
        for piece in found.pieces:
            assert piece.span is None or source.cut(piece.span) == piece.text
