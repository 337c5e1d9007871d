# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which scalars of a YAML file are images, where they stand, and which are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.yaml import read_yaml

NAMES = frozenset({"inveniosoftware/almalinux", "inveniosoftware/invenio"})
COMPOSE = "services:\n  web:\n    image: {}\n"
ORG = "inveniosoftware/x:1"


def read(text, path="values.yml"):
    return read_yaml(Source(path, text), NAMES)


def places(text, path="values.yml"):
    """Return each image, what stands at its place, and whether it is only reported."""
    source = Source(path, text)
    found = read_yaml(source, NAMES).references
    for one in found:
        for piece in one.pieces:
            assert piece.span is None or piece.span.text == piece.text
    return [
        (one.expanded, one.span.text, "report" if one.fixed else "") for one in found
    ]


def plain(*images, mark=""):
    """Return what ``places`` gives for images that stand as they are."""
    return [(image, image, mark) for image in images]


@pytest.mark.parametrize(
    ("written", "image", "stands"),
    [
        pytest.param("redis:7", "redis:7", "redis:7", id="plain"),
        pytest.param("'redis:7'", "redis:7", "redis:7", id="single-quotes"),
        pytest.param('"redis:7"', "redis:7", "redis:7", id="double-quotes"),
        pytest.param("&a redis:7", "redis:7", "redis:7", id="anchor"),
        pytest.param("!reset redis:7", "redis:7", "redis:7", id="tag"),
        pytest.param("&a !x 'redis:7'  # c", "redis:7", "redis:7", id="all-of-these"),
        pytest.param("redis:7\r", "redis:7", "redis:7", id="carriage-return"),
        pytest.param(
            "redis:7 # \x85# \u2028# é\U0001f600", *["redis:7"] * 2, id="breaks"
        ),
        pytest.param("redis:${A-7}", "redis:7", "redis:${A-7}", id="default-of-tag"),
        pytest.param("a/b:$$x", "a/b:$x", "a/b:$$x", id="dollar"),
        pytest.param('"redis\\x3a7"', "redis:7", "redis\\x3a7", id="escape"),
        pytest.param(
            ">-\n      redis:7", "redis:7", ">-\n      redis:7\n", id="folded"
        ),
        pytest.param(
            "|-\n      redis:7", "redis:7", "|-\n      redis:7\n", id="literal"
        ),
        pytest.param("'a''b'", "a'b", "a''b", id="doubled-quote"),
    ],
)
def test_an_image_and_its_place(written, image, stands):
    before = "# é\U0001f600 \x85\n"
    assert places(before + COMPOSE.format(written)) == [(image, stands, "")]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param('"redis\\x3a7"', id="escape"),
        pytest.param(">-\n      redis:7", id="folded"),
        pytest.param("|-\n      redis:7", id="literal"),
        pytest.param("'red''is:7'", id="doubled-quote"),
        pytest.param('"${A:-red\\x69s}:7"', id="escape-in-a-default"),
        pytest.param('"redis\\x3a${A"', id="escape-before-a-variable"),
    ],
)
def test_what_is_not_written_as_it_is_cannot_be_changed(written):
    (found,) = read(COMPOSE.format(written)).references
    assert found.pieces
    assert [piece.span for piece in found.pieces] == [None] * len(found.pieces)


@pytest.mark.parametrize(
    ("written", "known", "reason"),
    [
        pytest.param("a:${TAG}", "a:", "TAG has no value", id="tag"),
        pytest.param("$IMAGE", "", "IMAGE has no value", id="whole"),
        pytest.param("a:${TAG?said}", "a:", "TAG has no value", id="required"),
        pytest.param("a:${TAG", "a:", "not closed", id="not-closed"),
        pytest.param("a:${{ m.v }}", "a:", "template", id="workflow"),
        pytest.param("${{ m.v }}", "", "template", id="workflow-whole"),
        pytest.param("'a:{{ v }}'", "a:{{ v }}", "template", id="template"),
        pytest.param("a/B", "a/B", "'a/B' is no repository name", id="no-name"),
        pytest.param("a" * 5000, "", "longer than 4096", id="long"),
        pytest.param("b" * 5000 + "${x", "", "longer than|not closed", id="long-open"),
    ],
)
def test_what_has_no_value_says_why_and_what_is_known(written, known, reason):
    source = Source("compose.yml", COMPOSE.format(written))
    (found,) = read_yaml(source).references
    assert any(part in found.unresolved for part in reason.split("|"))
    assert "".join(piece.text or "" for piece in found.pieces) == known
    for piece in found.pieces:
        assert piece.span is None or piece.span.text == piece.text


GITLAB = ".gitlab-ci.yml"
WORKFLOW = ".github/workflows/w.yml"
POD = "spec: {{containers: [{{image: x:1}}], {}}}"


@pytest.mark.parametrize(
    ("path", "text", "images"),
    [
        pytest.param("c.yml", COMPOSE.format("x:1"), ["x:1"], id="compose"),
        pytest.param(
            "c.yml", "{services: {a: {image: x:1}}}", ["x:1"], id="compose-flow"
        ),
        pytest.param(
            "c.yml",
            "a: &s\n  image: x:1\nservices:\n  web:\n    <<: *s\n  db: *s\n",
            ["x:1"],
            id="merge-and-alias-once",
        ),
        pytest.param(
            "c.yml",
            "a: &s {image: x:1}\nb: &t {image: y:1}\nservices:\n  web:\n    <<: [*s, *t]\n",
            ["x:1"],
            id="merge-list-first-wins",
        ),
        pytest.param(
            "c.yml",
            "a: &i x:1\nservices: {b: {image: *i}, c: {image: *i}}\n",
            ["x:1"],
            id="alias-of-the-image",
        ),
        pytest.param(
            "c.yml",
            "---\nservices: {a: {image: x:1}}\n---\nservices: {b: {image: y:1}}\n",
            ["x:1", "y:1"],
            id="documents",
        ),
        pytest.param(
            "c.yml",
            "services: {a: {image: x:1}}\n---\napiVersion: v1\nkind: Pod\n"
            + POD.format("b: c"),
            ["x:1", "x:1"],
            id="documents-of-two-kinds",
        ),
        pytest.param("x.yml", "image: x:1\nj:\n  script: [a]\n", ["x:1"], id="gitlab"),
        pytest.param(GITLAB, "image: x:1\n", ["x:1"], id="gitlab-by-name"),
        pytest.param(
            "ci/a.gitlab-ci.yaml", "j: {image: x:1}\n", ["x:1"], id="gitlab-include"
        ),
        pytest.param(
            ".gitlab/ci/a.yml", "j: {image: x:1}\n", ["x:1"], id="gitlab-folder"
        ),
        pytest.param(GITLAB, "default: {image: {name: x:1}}\n", ["x:1"], id="default"),
        pytest.param(
            GITLAB,
            ".a: &a {image: x:1}\nj: {<<: *a}\nk: {image: !reference [.a, image]}\n",
            ["x:1"],
            id="gitlab-reference",
        ),
        pytest.param(
            GITLAB,
            "j:\n  image: {name: x:1}\n  services: [{name: z:1, alias: q}, {alias: p}, [v:1]]\n",
            ["x:1", "z:1"],
            id="gitlab-services",
        ),
        pytest.param(
            WORKFLOW,
            "jobs:\n  a:\n    steps: [{uses: docker://x:1}, {uses: a/b@v1}]\n"
            "  b: {uses: docker://y:1}\n",
            ["x:1", "y:1"],
            id="workflow-uses",
        ),
        pytest.param(
            "action.yml",
            "runs: {using: docker, image: 'docker://x:1'}\n",
            ["x:1"],
            id="action",
        ),
        pytest.param(
            "action.yml",
            "runs: {using: docker, image: Dockerfile}\n",
            [],
            id="action-file",
        ),
        pytest.param(
            "w.yml",
            "on: push\njobs:\n  a:\n    container: x:1\n    services:\n"
            "      d: {image: y:1}\n  b:\n    container: {image: z:1}\n",
            ["x:1", "y:1", "z:1"],
            id="workflow",
        ),
        pytest.param(
            WORKFLOW,
            "jobs:\n  a:\n    container: x:1\n",
            ["x:1"],
            id="workflow-by-folder",
        ),
        pytest.param(
            "w.yml",
            "jobs:\n  a:\n    runs-on: [linux]\n    container: x:1\n  b: {container: y:1}\n",
            ["x:1", "y:1"],
            id="workflow-by-runner",
        ),
        pytest.param(
            "k.yml",
            "apiVersion: v1\nkind: Pod\n"
            + POD.format(
                "initContainers: [{image: y:1}], ephemeralContainers: [{image: z:1}]"
            ),
            ["x:1", "y:1", "z:1"],
            id="pod",
        ),
        pytest.param(
            "k.yml",
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    "
            + POD.format("a: b"),
            ["x:1"],
            id="deployment",
        ),
        pytest.param(
            "k.yml",
            "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n"
            "      template:\n        " + POD.format("a: b"),
            ["x:1"],
            id="cron-job",
        ),
        pytest.param(
            "k.yml",
            "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  " + POD.format("a: b"),
            ["x:1"],
            id="list",
        ),
        pytest.param(
            "k.yml",
            "a: b\n---\napiVersion: v1\nkind: Pod\n" + POD.format("a: b"),
            ["x:1"],
            id="second-document",
        ),
    ],
)
def test_the_places_of_images(path, text, images):
    assert places(text, path) == plain(*images)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: {}\n", id="value"),
        pytest.param("a: [{}]\n", id="list"),
        pytest.param("- - b: '{}'\n", id="nested"),
        pytest.param("image: {}\n", id="image-of-nothing-known"),
        pytest.param(
            "variables: {{image: {}}}\nj: {{script: [a]}}\n", id="gitlab-variable"
        ),
        pytest.param("jobs: {{a: {{container: {}}}}}\n", id="jobs-of-nothing-known"),
        pytest.param("image: {{repository: {}}}\n", id="repository-with-its-tag"),
        pytest.param("a: &x {}\nb: *x\nc: *x\n", id="aliases"),
        pytest.param("a: &x {{b: {}}}\nc: {{<<: *x}}\n", id="merged"),
        pytest.param("? [k]\n: {}\n", id="behind-a-key-of-no-name"),
        pytest.param(
            "services: {{a: {{image: y:1}}}}\nx-a: {}\n", id="beside-services"
        ),
        pytest.param(
            "services: {{a: {{build: {{cache_from: [{}]}}}}}}\n", id="cache-from"
        ),
        pytest.param("on: push\njobs: {{a: {{env: {{I: {}}}}}}}\n", id="in-a-workflow"),
    ],
)
@pytest.mark.parametrize(
    "image",
    [
        "inveniosoftware/x:1",
        "inveniosoftware/almalinux",
        "docker.io/inveniosoftware/x:1",
        "registry.cern.ch/inveniosoftware/almalinux:1",
        "registry.cern.ch/inveniosoftware/almalinux",
        "ghcr.io/inveniosoftware/invenio",
        "harbor.x/hub/inveniosoftware/y:1",
        "localhost:5000/inveniosoftware/y:1",
        "inveniosoftware/x@sha256:" + "0" * 64,
    ],
)
def test_elsewhere_a_name_of_the_organisation_is_reported(text, image):
    found = places(text.format(image))
    assert [one for one in found if one[0] != "y:1"] == plain(image, mark="report")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: inveniosoftware/invenio-app-rdm\n", id="code"),
        pytest.param("a: inveniosoftware/invenio\n", id="code-of-an-image-s-name"),
        pytest.param("a: inveniosoftware\n", id="organisation"),
        pytest.param("a: inveniosoftware/\n", id="nothing-behind-it"),
        pytest.param("a: myinveniosoftware/x:1\n", id="another-organisation"),
        pytest.param("a: inveniosoftware-x/y:1\n", id="one-that-begins-so"),
        pytest.param("a: ghcr.io/x-inveniosoftware/y:1\n", id="one-that-ends-so"),
        pytest.param("a: inveniosoftware.org/x:1\n", id="host"),
        pytest.param("a: redis:7\n", id="another-image"),
        pytest.param(f"uses: {ORG}\n", id="uses"),
        pytest.param(f"repo: {ORG}\n", id="repo"),
        pytest.param(f"url: {ORG}\n", id="url"),
        pytest.param(f"github_repo: {ORG}\n", id="github-repo"),
        pytest.param(f"uses: [{ORG}]\n", id="uses-list"),
        pytest.param(f"repo: [{ORG}]\n", id="repo-list"),
        pytest.param(f"url: [[{ORG}]]\n", id="url-list"),
        pytest.param(f"github_repo: {{a: {ORG}}}\n", id="github-repo-mapping"),
        pytest.param(
            "uses: inveniosoftware/x/.github/workflows/y.yml@v1\n", id="workflow"
        ),
        pytest.param("a: inveniosoftware/x@v1\n", id="action"),
        pytest.param("a: https://github.com/inveniosoftware/x\n", id="address"),
        pytest.param("a: git@github.com:inveniosoftware/x\n", id="ssh"),
        pytest.param("a: docker://inveniosoftware/x:1\n", id="scheme"),
        pytest.param('a: "@inveniosoftware/x:1"\n', id="npm-scope"),
        pytest.param("run: git reset inveniosoftware/maint-1.0\n", id="shell"),
        pytest.param("run: docker pull inveniosoftware/x:1\n", id="command"),
        pytest.param("run: sed s/inveniosoftware/x:1 y\n", id="sed"),
        pytest.param("a: issue inveniosoftware/x#1\n", id="issue"),
        pytest.param("a: inveniosoftware/x:${TAG}\n", id="variable"),
        pytest.param("a: 'inveniosoftware/x:{{ t }}'\n", id="template"),
        pytest.param("a: |\n  inveniosoftware/x:1\n", id="line-end-in-it"),
        pytest.param("a: Inveniosoftware/X:1\n", id="capitals"),
        pytest.param(f"{ORG}: a\n", id="key"),
        pytest.param(f"# {ORG}\na: b\n", id="comment"),
        pytest.param(f"{ORG}\n", id="text"),
        pytest.param("image: x:1\n", id="image-of-nothing-known"),
        pytest.param("web:\n  image: x:1\n", id="no-services"),
        pytest.param("on: push\n", id="no-jobs"),
        pytest.param("jobs: {a: {container: x:1}}\n", id="no-workflow"),
        pytest.param("apiVersion: v1\n" + POD.format("a: b"), id="no-kind"),
        pytest.param(
            "apiVersion: v1\nkind: Pod\nspec: {containers: {image: x:1}}\n",
            id="containers-of-no-list",
        ),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\ndata: {image: x:1}\n", id="config-map"
        ),
        pytest.param("services: [a, b]\n", id="services-list"),
        pytest.param("services: {a: text}\n", id="services-no-mapping"),
        pytest.param(
            "services:\n  a:\n    build: .\n    image: inveniosoftware/x:1\n",
            id="built-here",
        ),
        pytest.param("services: {a: {image: ~}}\n", id="null"),
        pytest.param("services: {a: {image: ''}}\n", id="empty-image"),
        pytest.param("j: {script: a, image: ''}\n", id="empty-image-of-a-job"),
        pytest.param(
            "j: {script: a, image: null, services: [~]}\n", id="null-of-a-job"
        ),
        pytest.param("repository: https://x.org/charts\ntag: 1\n", id="charts"),
        pytest.param("repository: oci://x.org/charts\nregistry: y\n", id="oci"),
        pytest.param("repository: x/y\n", id="repository-alone"),
        pytest.param("repository: x/y:1\ntag: 2\n", id="two-tags"),
        pytest.param("registry: z.org\nrepository: y:1\ntag: b:2\n", id="more-tags"),
        pytest.param("repository: x/y\ntag: ~\nregistry:\n", id="repository-and-nulls"),
        pytest.param("registry: x\ntag: '1'\n", id="no-repository"),
        pytest.param("registry: x\nrepository: ''\ntag: '1'\n", id="empty-repository"),
        pytest.param("registry: x\nrepository: [y]\n", id="repository-list"),
        pytest.param("", id="empty"),
        pytest.param("just text", id="words"),
        pytest.param("- a\n- 1\n", id="list"),
    ],
)
def test_what_is_no_image(text):
    found = read(text)
    assert (found.references, found.problems) == ((), ())


@pytest.mark.parametrize("key", ["uses", "repo", "url", "github_repo"])
def test_a_key_of_no_images_closes_only_what_is_below_it(key):
    assert places(f"{key}: a\nb: {ORG}\n") == plain(ORG, mark="report")


#: Images that are read and never written where they are, and why.
FIXED = {
    "default": (COMPOSE.format("${A:-x/y}:1"), "in the default of a variable"),
    "nested-default": (
        COMPOSE.format("${A:-${B:-x/y:1}}"),
        "in the default of a variable",
    ),
    "default-of-a-part": (
        COMPOSE.format("${R:-a.b/}x/y:1"),
        "in the default of a variable",
    ),
    "default-of-the-tag": (COMPOSE.format("x/y:${T:-1}"), ""),
    "gitlab-service": ("j: {script: a, services: [x/y:1]}", "add an alias first"),
    "gitlab-name": ("j: {script: a, services: [{name: x/y:1}]}", "add an alias first"),
    "gitlab-alias": ("j: {script: a, services: [{name: x/y:1, alias: z}]}", ""),
    "anchor": (
        "x-i: &i x/y:1\nservices: {a: {image: *i}, b: {image: *i}}\n",
        "",
    ),
    "anchor-of-a-build-argument": (
        "x-i: &i x/y:1\nservices: {a: {image: *i, build: {args: {I: *i}}}, b: {image: *i}}\n",
        "",
    ),
    "anchor-in-the-environment": (
        "services: {a: {image: &i x/y:1, environment: {I: *i}}}\n",
        "its anchor is also used where no image is expected",
    ),
}


@pytest.mark.parametrize(("text", "reason"), FIXED.values(), ids=FIXED)
def test_what_is_never_written_says_why(text, reason):
    (found,) = read(text).references
    assert found.image is not None
    assert reason in found.fixed
    assert bool(reason) == bool(found.fixed)


def test_the_environment_of_a_compose_file_wins():
    text = COMPOSE.format("${I:-x}:${T}${E:-}")
    found = read_yaml(Source("compose.yml", text), env={"I": "y/z", "T": "2", "E": ""})
    (image,) = found.references
    assert (image.expanded, image.unresolved) == ("y/z:2", "")
    assert [piece.span and piece.span.text for piece in image.pieces] == [
        None,
        ":",
        None,
    ]
    (other,) = read_yaml(Source(GITLAB, "image: x:$T"), env={"T": "2"}).references
    assert other.unresolved == "T has no value"


DIGEST = "sha256:" + "0" * 64


def split(text, path="values.yml"):
    """Return each split image: its value, the places of its parts, whether only reported."""
    source = Source(path, text)
    return [
        (
            one.expanded,
            [piece.span.text for piece in one.pieces if piece.span],
            bool(one.fixed),
        )
        for one in read_yaml(source, NAMES).references
        if one.split
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "image:\n  registry: ghcr.io/inveniosoftware\n  repository: demo/demo\n  tag: v1\n",
            ("ghcr.io/inveniosoftware/demo/demo:v1", [
                "ghcr.io/inveniosoftware", "demo/demo", "v1",
            ], False),
            id="three",
        ),
        pytest.param(
            "tag: '1'\nrepository: \"x/y\"\nregistry: &a z.org\n",
            ("z.org/x/y:1", ["z.org", "x/y", "1"], False),
            id="in-any-order",
        ),
        pytest.param(
            "registry: z.org\nrepository: x/y\n",
            ("z.org/x/y", ["z.org", "x/y"], False),
            id="no-tag",
        ),
        pytest.param(
            "registry: z.org\nrepository: x/y\ntag: ~\n",
            ("z.org/x/y", ["z.org", "x/y"], False),
            id="null-tag",
        ),
        pytest.param(
            "registry: z.org\nrepository: x/y\ntag: ''\n",
            ("z.org/x/y", ["z.org", "x/y"], False),
            id="empty-tag",
        ),
        pytest.param(
            "repository: inveniosoftware/y\ntag: '2'\n",
            ("inveniosoftware/y:2", ["inveniosoftware/y", "2"], True),
            id="no-registry",
        ),
        pytest.param(
            "registry: ''\nrepository: inveniosoftware/almalinux\ntag: 1\n",
            ("inveniosoftware/almalinux:1", ["inveniosoftware/almalinux", "1"], True),
            id="empty-registry",
        ),
        pytest.param(
            "registry: z.org\nrepository: x/y\ntag: 1\ndigest: ''\n",
            ("z.org/x/y:1", ["z.org", "x/y", "1"], False),
            id="empty-digest",
        ),
        pytest.param(
            f"registry: z.org\nrepository: x/y\ntag: '1'\ndigest: {DIGEST}\n",
            (f"z.org/x/y:1@{DIGEST}", ["z.org", "x/y", "1", DIGEST], True),
            id="digest",
        ),
        pytest.param(
            "global: {imageRegistry: z.org}\nimage: {repository: x/y, tag: 1}\n",
            ("x/y:1", ["x/y", "1"], True),
            id="registry-for-all",
        ),
        pytest.param(
            "registry: z.org\nimage: {repository: x/y, tag: 1}\n",
            ("x/y:1", ["x/y", "1"], True),
            id="registry-above",
        ),
        pytest.param(
            "a: &a {registry: z.org}\nimage: {<<: *a, repository: x/y, tag: 1}\n",
            ("z.org/x/y:1", ["z.org", "x/y", "1"], False),
            id="merged",
        ),
        pytest.param(
            'registry: "z\\x2eorg"\nrepository: x/y\ntag: 1\n',
            ("z.org/x/y:1", ["x/y", "1"], False),
            id="escape",
        ),
        pytest.param(
            "services: {a: {image: {registry: z.org, repository: x/y, tag: 1}}}\n",
            ("z.org/x/y:1", ["z.org", "x/y", "1"], False),
            id="below-services",
        ),
    ],
)  # fmt: skip
def test_helm_splits_a_name(text, expected):
    assert split(text) == [expected]


def test_a_split_name_that_is_none():
    (found,) = read("registry: z.org\nrepository: x/Y\ntag: 1\n").references
    assert (found.text, found.unresolved) == (
        "z.org/x/Y:1",
        "'x/Y' is no repository name",
    )


def test_references_stand_in_the_order_of_the_file():
    text = f"z: {ORG}\nservices: {{b: {{image: x:1}}, a: {{image: y:1}}}}\nc: [{ORG}]\n"
    assert [place[0] for place in places(text)] == [ORG, "x:1", "y:1", ORG]


def test_what_does_not_parse_names_nothing():
    found = read(f"a: {ORG}\nb: {{{{\n")
    assert found.references == found.services == ()
    (problem,) = found.problems
    assert (problem.path, problem.line, problem.fatal) == ("values.yml", 2, False)


MANY = range(20_000)
#: Each is small itself, and would be read for hours with its aliases written out.
BOMBS = {
    "lists": "a0: &a0 [x]\n"
    + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 30)),
    "merges": "a0: &a0 {k: v}\n"
    + "".join(f"a{n}: &a{n} {{<<: [{f'*a{n - 1}, ' * 9}]}}\n" for n in range(1, 30)),
    "chain": "a0: &a0 {k: v}\n"
    + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}}}\n" for n in MANY[1:]),
    "services": f".a: &a\n  services: [{'x, ' * 9_000}]\n"
    + "".join(f"j{n}: *a\n" for n in MANY),
    "arguments": "x: &x\n"
    + "".join(f"  k{n}: v\n" for n in MANY)
    + "services:\n"
    + "".join(f"  s{n}: {{build: {{args: {{<<: *x}}}}}}\n" for n in MANY),
    "inline": "x: &x\n  dockerfile_inline: |\n"
    + "    FROM a\n" * 9_000
    + "services:\n"
    + "".join(f"  s{n}: {{build: *x}}\n" for n in MANY),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_what_aliases_repeat_is_bounded(text):
    found = read(text, "compose.yml")
    assert found.references == found.services == ()
    (problem,) = found.problems
    assert problem.message == "not YAML: its aliases repeat too much"


def test_a_file_of_many_documents():
    assert places("---\na\n" * 10_000 + f"---\nb: {ORG}\n") == plain(ORG, mark="report")


def test_a_long_line():
    assert places(f"a: {'b ' * (1 << 18)}\nc: {ORG}\n") == plain(ORG, mark="report")


@pytest.mark.parametrize("path", ["x.yml", GITLAB, WORKFLOW])
@given(
    st.one_of(
        st.text(),
        st.binary().map(lambda data: Source.from_bytes("x", data).text),
        st.lists(
            st.sampled_from(
                ["services:", "image:", "build:", "args:", "jobs:", "on:", "script:"]
                + ["repository:", "tag:", " ", "\n", "\n  ", "\n    ", "- ", "{", "}"]
                + [
                    "[",
                    "]",
                    ", ",
                    "&a ",
                    "*a",
                    "<<: ",
                    "!x ",
                    "'",
                    '"',
                    "|\n",
                    "$",
                    "${",
                ]
                + [ORG, "x:1", "\\x3a", "é", "\r\n", "\x85", "#", "a: "]
            ),
            max_size=30,
        ).map("".join),
    )
)
def test_any_text_is_read(path, text):
    source = Source(path, text)
    for found in read_yaml(source, NAMES).references:
        assert 0 <= found.span.start <= found.span.end <= len(text)
        for piece in found.pieces:
            assert piece.span is None or piece.span.text == piece.text
