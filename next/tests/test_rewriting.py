# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Whole files, before and after: what ``migrate`` changes, and all that it does not."""

import pytest

from invenio_cli_registry.model import Source

from .rewriting import (
    ALMA,
    check_left,
    check_noop,
    check_rewritten,
    rewrite,
    rewrite_all,
    through,
)

OLD = "inveniosoftware/centos8-python:3.8"
NEW = f"registry.cern.ch/{OLD}"
ALMALINUX = "registry.cern.ch/inveniosoftware/almalinux:1"
DIGEST = "@sha256:" + "0123456789abcdef" * 4
HUB = through("docker.io=harbor.example.org:5000/hub")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"FROM {OLD}\n", id="plain"),
        pytest.param(f"FROM {OLD}", id="no final newline"),
        pytest.param(f"from {OLD}\n", id="lower case"),
        pytest.param(f"  \tFROM\t {OLD}  \n", id="blanks"),
        pytest.param(f"FROM {OLD} AS base\nFROM base\n", id="named stage"),
        pytest.param(f"FROM {OLD}\nFROM {OLD} as two\n", id="two of one image"),
        pytest.param(f"FROM --platform=linux/amd64 {OLD}\n", id="platform"),
        pytest.param(f"FROM --platform=$BUILDPLATFORM {OLD}\n", id="platform variable"),
        pytest.param(f"FROM --platform=${{P}} {OLD}\n", id="platform in braces"),
        pytest.param(f'FROM "{OLD}" AS x\n', id="quotes"),
        pytest.param(f"FROM \\\n  {OLD}\n", id="continued before the name"),
        pytest.param(
            f"FROM \\\n# {OLD[:8]}\n\n  {OLD} \\\n AS x\n", id="comments inside"
        ),
        pytest.param(f"# escape=`\nFROM `\n  {OLD}\n", id="another escape character"),
        pytest.param(f"FROM {OLD}\nCOPY --from={OLD} /a /b\n", id="COPY --from"),
        pytest.param(
            f"FROM x:1\nCOPY --chown=a --from={OLD} /a /b\n", id="after a flag"
        ),
        pytest.param(
            f"FROM x:1\nRUN --mount=type=bind,from={OLD},target=/x ls\n", id="mount"
        ),
        pytest.param(f"FROM x:1\nONBUILD COPY --from={OLD} /a /b\n", id="ONBUILD"),
        pytest.param(f"FROM {OLD} # the base\n", id="a comment that Docker refuses"),
        pytest.param(f"FROM {OLD}\nRUN {{% if a %}}x{{% endif %}}\n", id="a template"),
        pytest.param(f"{{% if a %}}\nFROM {OLD}\n{{% else %}}\nFROM y\n", id="Jinja"),
        pytest.param(f"FROM {OLD}\nRUN echo \udce9\udcff\x0b\x85\u2028\n", id="bytes"),
        pytest.param(f"FROM {OLD}\n# Zürich\nRUN x\n\n\n", id="what follows"),
        pytest.param(f"ARG IMAGE={OLD}\nFROM $IMAGE\n", id="ARG"),
        pytest.param(f'ARG IMAGE="{OLD}"\nFROM ${{IMAGE}}\n', id="ARG in quotes"),
        pytest.param(
            f"ARG A=1 IMAGE={OLD} B=2\nFROM $IMAGE\n", id="one of several ARGs"
        ),
        pytest.param(
            f"ARG IMAGE={OLD}\nFROM $IMAGE AS a\nFROM $IMAGE AS b\n",
            id="ARG used twice",
        ),
        pytest.param(f"ARG A={OLD}\nARG B=$A\nFROM $B\n", id="ARG through another"),
        pytest.param(f"ARG I=x\nARG I={OLD}\nFROM $I\n", id="the last ARG counts"),
        pytest.param(f"FROM ${{IMAGE:-{OLD}}}\n", id="default at the place of use"),
        pytest.param(f"FROM {OLD}\nARG X={OLD[:15]}/y\nRUN $X\n", id="ARG of a stage"),
    ],
)
def test_the_same_image_is_taken_to_cern(text):
    after = text.replace(OLD, NEW)
    check_rewritten(text, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"FROM docker.io/{OLD}\n", f"FROM {NEW}\n", id="docker.io"),
        pytest.param(f"FROM index.docker.io/{OLD}\n", f"FROM {NEW}\n", id="hub alias"),
        pytest.param(
            "FROM inveniosoftware/centos8-python\n",
            "FROM registry.cern.ch/inveniosoftware/centos8-python\n",
            id="no tag",
        ),
        pytest.param(f"FROM {OLD}{DIGEST}\n", f"FROM {NEW}\n", id="digest dropped"),
        pytest.param(
            "ARG V=3.8\nFROM inveniosoftware/centos8-python:$V\n",
            "ARG V=3.8\nFROM registry.cern.ch/inveniosoftware/centos8-python:$V\n",
            id="the tag is a variable",
        ),
        pytest.param(
            "FROM inveniosoftware/centos8-python:$V\n",
            "FROM registry.cern.ch/inveniosoftware/centos8-python:$V\n",
            id="the tag is unknown",
        ),
        pytest.param(
            "ARG R=inveniosoftware/centos8-python\nARG V=3.8\nFROM $R:${V}\n",
            "ARG R=registry.cern.ch/inveniosoftware/centos8-python\nARG V=3.8\n"
            "FROM $R:${V}\n",
            id="repository and tag in two ARGs",
        ),
        pytest.param(
            "ARG R=docker.io\nFROM $R/inveniosoftware/centos8-python:3.8\n",
            "ARG R=registry.cern.ch\nFROM $R/inveniosoftware/centos8-python:3.8\n",
            id="the registry is a variable",
        ),
        pytest.param(
            "ARG O=inveniosoftware\nFROM $O/centos8-python:3.8\nFROM $O/x:1\n",
            "ARG O=registry.cern.ch/inveniosoftware\n"
            "FROM $O/centos8-python:3.8\nFROM $O/x:1\n",
            id="one ARG, two images",
        ),
        pytest.param(
            f"FROM {OLD}\nRUN echo 'FROM {OLD}'\n# FROM {OLD}\n",
            f"FROM {NEW}\nRUN echo 'FROM {OLD}'\n# FROM {OLD}\n",
            id="by place, not by text",
        ),
        pytest.param(
            f"FROM {OLD}\nRUN <<EOF\nFROM {OLD}\nEOF\nCOPY <<'A' <<B /x\nFROM {OLD}\n"
            f"A\nB\nCOPY --from={OLD} /a /b\n",
            f"FROM {NEW}\nRUN <<EOF\nFROM {OLD}\nEOF\nCOPY <<'A' <<B /x\nFROM {OLD}\n"
            f"A\nB\nCOPY --from={NEW} /a /b\n",
            id="not in a heredoc",
        ),
        pytest.param(
            f"ARG I={OLD}\nARG J={OLD}\nFROM $J\n",
            f"ARG I={OLD}\nARG J={NEW}\nFROM $J\n",
            id="only the ARG that is used",
        ),
        pytest.param(
            f"FROM node AS node\nFROM {OLD} AS two\nCOPY --from=node /a /b\n",
            f"FROM node AS node\nFROM {NEW} AS two\nCOPY --from=node /a /b\n",
            id="other stages",
        ),
        pytest.param(
            f"FROM {NEW}\nFROM {OLD}\n", f"FROM {NEW}\nFROM {NEW}\n", id="half done"
        ),
    ],
)
def test_only_what_is_meant_is_taken_to_cern(before, after):
    check_rewritten(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"FROM {OLD}\n", f"FROM {ALMALINUX}\n", id="plain"),
        pytest.param(f"FROM {NEW} AS x\n", f"FROM {ALMALINUX} AS x\n", id="from CERN"),
        pytest.param(
            f"ARG I={OLD}\nFROM $I\n", f"ARG I={ALMALINUX}\nFROM $I\n", id="one ARG"
        ),
        pytest.param(
            "FROM registry.cern.ch/inveniosoftware/almalinux:latest\n",
            f"FROM {ALMALINUX}\n",
            id="only the tag",
        ),
        pytest.param(
            "ARG R=registry.cern.ch/inveniosoftware/almalinux\nFROM $R:latest\n",
            "ARG R=registry.cern.ch/inveniosoftware/almalinux\nFROM $R:1\n",
            id="only the tag, behind a variable",
        ),
    ],
)
def test_another_image_is_written(before, after):
    check_rewritten(before, after, move=ALMA)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("redis:7", "library/redis:7", id="official"),
        pytest.param("docker.io/redis", "library/redis", id="no tag"),
        pytest.param(OLD, OLD, id="ours"),
        pytest.param(OLD + DIGEST, OLD + DIGEST, id="digest and tag"),
        pytest.param("x/y" + DIGEST, "x/y" + DIGEST, id="digest"),
        pytest.param("x/y:$V", "x/y:$V", id="unknown tag"),
        pytest.param("redis:$V-x", "library/redis:$V-x", id="a part of it unknown"),
    ],
)
def test_a_mirror_takes_every_image(before, after):
    text = "FROM {} AS x\nFROM x\n"
    served = f"harbor.example.org:5000/hub/{after}"
    check_rewritten(text.format(before), text.format(served), move=HUB)


def test_a_name_behind_a_port_is_a_name():
    before = "ARG R=a/x\nFROM harbor.example.org:5000/$R:1\n"
    move = through("harbor.example.org:5000/a=harbor.example.org:5000/b")
    check_rewritten(before, before.replace("a/x", "b/x"), move=move)


def test_a_mirror_leaves_stages_scratch_and_other_registries():
    check_noop("FROM scratch\nFROM ghcr.io/a/b:1 AS x\nFROM x\nFROM $V\n", move=HUB)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\n\n", id="blank lines"),
        pytest.param("# nothing\n", id="a comment"),
        pytest.param(f"# FROM {OLD}\nFROM x\n", id="commented out"),
        pytest.param("FROM scratch\n", id="scratch"),
        pytest.param(f"FROM {NEW}\n", id="there already"),
        pytest.param(f"FROM {NEW}{DIGEST}\n", id="there, with its digest"),
        pytest.param(f"FROM ghcr.io/{OLD}\n", id="another registry"),
        pytest.param(f"FROM harbor.example.org/hub/{OLD}\n", id="a cache"),
        pytest.param("FROM inveniosoftware2/x:1\n", id="a longer name"),
        pytest.param("FROM centos8-python:3.8\n", id="not the organisation's"),
        pytest.param(f"FROM x\nRUN docker pull {OLD}\n", id="in a command"),
        pytest.param(f"FROM x\nLABEL base={OLD}\n", id="in a label"),
        pytest.param(f"FROM x\nENV BASE={OLD}\n", id="in the environment"),
        pytest.param(f"ARG I={OLD}\nFROM x\n", id="an ARG that nothing uses"),
        pytest.param(f"FROM x\nARG I={OLD}\nFROM $I\n", id="an ARG of a stage"),
        pytest.param(f"FROM x\nCOPY {OLD} /x\n", id="a path"),
        pytest.param(f"FROM x\nRUN <<E\nFROM {OLD}\nE\n", id="a heredoc"),
        pytest.param(f"FROM x\nRUN <<-'E'\n\tFROM {OLD}\n\tE\n", id="quoted heredoc"),
        pytest.param(f"FROM x\nRUN a \\\nFROM {OLD}\n", id="a continued command"),
        pytest.param(f"FROM x\nRUN git clone github.com/{OLD[:15]}/y\n", id="a URL"),
        pytest.param(
            "FROM x AS inveniosoftware\nFROM inveniosoftware\n", id="a stage's name"
        ),
        pytest.param(
            "FROM $A\nCOPY --from=0 /inveniosoftware/x /y\n", id="nothing is known"
        ),
        pytest.param(f"{OLD}\n", id="no instruction"),
    ],
)
def test_nothing_is_changed(text):
    check_noop(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            f"ARG I={OLD}\nFROM $I$X\nFROM $I\nFROM x/$I\n",
            "I (Dockerfile:1:7) is also used at Dockerfile:4:6, which stays",
            id="an ARG that another image needs as it is",
        ),
        pytest.param(
            "FROM inveniosoftware/x" + DIGEST, "a digest and no tag", id="digest only"
        ),
        pytest.param(
            "FROM inveniosoftware/\\\n# why\ncentos8-python:3.8\n",
            "not written in one stretch",
            id="a name over two lines",
        ),
        pytest.param(
            "ARG A=inveniosoftware\nFROM $A/$A:1\n", "more than once", id="used twice"
        ),
    ],
)
def test_what_is_not_safe_is_left(text, reason):
    check_left(text, reason)


USED = "ARG R=docker.io\nFROM $R/inveniosoftware/centos8-python:3.8 AS x\n"


@pytest.mark.parametrize(
    ("rest", "use"),
    [
        pytest.param("ARG R\nRUN curl https://$R/\n", "4 by RUN", id="RUN"),
        pytest.param("ARG R\nLABEL a=b from=${R}\n", "4 by LABEL", id="LABEL"),
        pytest.param("ARG A=1 R\n\nENV R=${R:-x}\n", "5 by ENV", id="ENV"),
        pytest.param("ARG R\nRUN <<E\ncurl $R\nE\n", "4 by RUN", id="a heredoc"),
        pytest.param("ARG R\nONBUILD RUN $R\n", "4 by RUN", id="ONBUILD"),
        pytest.param("ARG R\nFROM x\nRUN a $R\n", "5 by RUN", id="a stage below"),
        pytest.param("FROM y\nARG R\nRUN \\\n # $\n $R\n", "5 by RUN", id="another"),
    ],
)
def test_a_value_that_a_command_uses_is_left(rest, use):
    reason = f"R (Dockerfile:1:7) is also used at Dockerfile:{use}: change it by hand"
    check_left(USED + rest, reason)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param("ARG R\n", id="declared, and not used"),
        pytest.param("RUN echo $R\n", id="a variable of the shell"),
        pytest.param("RUN echo $R\nARG R\n", id="declared behind its use"),
        pytest.param("ARG R=x\nRUN echo $R\n", id="a value of its own"),
        pytest.param("ARG R\nRUN echo $RR R ${Q}\n", id="another name"),
    ],
)
def test_a_value_that_no_command_sees_is_changed(rest):
    check_rewritten(USED + rest, (USED + rest).replace("docker.io", "registry.cern.ch"))


def test_what_a_command_uses_through_another_argument_is_left():
    text = f"ARG A={OLD}\nARG B=$A C=1\nFROM $A\nARG B\nRUN echo $B\n"
    check_left(text, "A (Dockerfile:1:7) is also used at Dockerfile:5 by RUN")
    check_rewritten(
        text.replace("$B", "$C"), text.replace(OLD, NEW).replace("$B", "$C")
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "ARG V=3.8\nFROM inveniosoftware/centos8-python:$V\n", id="tag variable"
        ),
        pytest.param(
            "ARG V=latest\nFROM registry.cern.ch/inveniosoftware/almalinux:$V\n",
            id="only the tag",
        ),
    ],
)
def test_a_variable_is_not_overwritten(text):
    check_left(text, "", move=ALMA)


def test_where_nothing_is_lost_nothing_is_told():
    assert rewrite(f"FROM {OLD}\n".encode())[1].notes == ()


def test_a_dropped_digest_is_told():
    plan = rewrite(f"FROM {OLD}{DIGEST}\n".encode())[1]
    note = "the digest was dropped: it belongs to the old registry"
    assert plan.notes == (f"Dockerfile:1:6: {note}",)


# YAML


COMPOSE = "services:\n  web:\n    image: {}\n  # done\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(COMPOSE.format(OLD), id="compose"),
        pytest.param(COMPOSE.format(f'"{OLD}"  # ours'), id="double quotes"),
        pytest.param(COMPOSE.format(f"'{OLD}'"), id="single quotes"),
        pytest.param(COMPOSE.format(f"&base {OLD}"), id="anchor"),
        pytest.param(COMPOSE.format(f"!!str {OLD}"), id="tag"),
        pytest.param(f"services: {{web: {{image: {OLD}}}}}\n", id="flow"),
        pytest.param(f"services: {{web: {{image: {OLD}}}}}", id="no final newline"),
        pytest.param(
            f"x: &x\n  image: {OLD}\nservices:\n  a: {{<<: *x}}\n  b: {{<<: *x}}\n",
            id="a merge key",
        ),
        pytest.param(
            COMPOSE.format(OLD) + f"  b: {{image: {OLD}}}\n", id="two services"
        ),
        pytest.param(
            COMPOSE.format(OLD) + "    labels: [é, 'a\u2028b', \"a\x85b\"]\n",
            id="other text",
        ),
    ],
)
def test_the_same_image_is_taken_to_cern_in_yaml(text):
    check_rewritten(text, text.replace(OLD, NEW), "docker-compose.yml")


IPV6 = through("docker.io=[::1]:5000/hub")


def test_a_name_with_brackets_is_written_in_quotes_only():
    check_left(COMPOSE.format("a/b:1"), "would need quotes", "c.yml", IPV6)
    before, after = COMPOSE.format("'a/b:1'"), COMPOSE.format("'[::1]:5000/hub/a/b:1'")
    check_rewritten(before, after, "c.yml", IPV6)
    check_rewritten("FROM a/b:1", "FROM [::1]:5000/hub/a/b:1", move=IPV6)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(
            ".gitlab-ci.yml", f"image: {OLD}\nx:\n  script: [a]\n", id="GitLab"
        ),
        pytest.param(
            ".gitlab-ci.yml",
            f"x:\n  image:\n    name: {OLD}\n  script: [a]\n",
            id="GitLab job",
        ),
        pytest.param(
            ".gitlab-ci.yml",
            f"x:\n  script: [a]\n  services: [{{name: {OLD}, alias: y}}]\n",
            id="a GitLab service with an alias",
        ),
        pytest.param(
            ".github/workflows/ci.yml",
            f"jobs:\n  x:\n    steps:\n      - uses: docker://{OLD}\n",
            id="a step of a workflow",
        ),
        pytest.param(
            ".github/workflows/ci.yml",
            f"on: push\njobs:\n  x:\n    container: {OLD}\n    services:\n"
            f"      a:\n        image: {OLD}\n",
            id="workflow",
        ),
        pytest.param(
            "k8s/pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            f"    - name: a\n      image: {OLD}\n",
            id="Kubernetes",
        ),
    ],
)
def test_the_same_image_is_taken_to_cern_in_other_yaml(path, text):
    check_rewritten(text, text.replace(OLD, NEW), path)


HELM = "image:\n  registry: {}\n  repository: {}\n  tag: '3.8'\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            HELM.format("docker.io", "inveniosoftware/centos8-python"),
            HELM.format("registry.cern.ch", "inveniosoftware/centos8-python"),
            id="registry",
        ),
        pytest.param(
            HELM.format("docker.io/inveniosoftware", "'centos8-python'"),
            HELM.format("registry.cern.ch/inveniosoftware", "'centos8-python'"),
            id="registry with a path",
        ),
    ],
)
def test_helm_is_taken_to_cern(before, after):
    check_rewritten(before, after, "values.yaml")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{}\n", id="nothing in it"),
        pytest.param(COMPOSE.format(NEW), id="there already"),
        pytest.param(COMPOSE.format("redis:7"), id="another image"),
        pytest.param(f"# image: {OLD}\na: 1\n", id="commented out"),
        pytest.param(
            f"services:\n  a:\n    build: .\n    image: {OLD}\n", id="its own result"
        ),
        pytest.param(
            "a:\n  uses: inveniosoftware/x@v1\n  url: https://inveniosoftware/y:1\n",
            id="no images",
        ),
        pytest.param("a: [\n", id="not YAML"),
        pytest.param(f"a: {{{{ x }}}}\nimage: {OLD}: {{% b %}}\n", id="a template"),
    ],
)
def test_nothing_is_changed_in_yaml(text):
    check_noop(text, "docker-compose.yml")


BY_PATH = {
    "compose": "docker-compose.yml",
    "gitlab": ".gitlab-ci.yml",
    "helm": "values.yaml",
}


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        pytest.param(
            "compose",
            COMPOSE.format(f">-\n      {OLD}"),
            "not written in one stretch",
            id="a folded scalar",
        ),
        pytest.param(
            "compose",
            COMPOSE.format('"inveniosoftware/x\\u003a1"'),
            "not written in one stretch",
            id="an escape in quotes",
        ),
        pytest.param(
            "compose",
            f"something:\n  base: {OLD}\n",
            "nothing says that its place is one of an image",
            id="an unknown place",
        ),
        pytest.param(
            "compose",
            f"services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM {OLD}\n",
            "it is in dockerfile_inline",
            id="an inline Dockerfile",
        ),
        pytest.param(
            "compose",
            COMPOSE.format(f"${{IMAGE:-{OLD}}}"),
            "in the default of a variable",
            id="a default",
        ),
        pytest.param(
            "compose",
            COMPOSE.format(f"&base {OLD}") + "    environment: {BASE: *base}\n",
            "its anchor is also used where no image",
            id="an anchor that is used elsewhere",
        ),
        pytest.param(
            "gitlab",
            f"x:\n  script: [a]\n  services: [{OLD}]\n",
            "add an alias first",
            id="a GitLab service",
        ),
        pytest.param(
            "helm",
            "image:\n  repository: inveniosoftware/x\n  tag: 1\n",
            "its registry may be set elsewhere",
            id="Helm without a registry",
        ),
    ],
)
def test_what_is_not_safe_is_left_in_yaml(kind, text, reason):
    check_left(text, reason, BY_PATH[kind])


# A compose file and what it builds


def rewrite_project(texts):
    """Return the new texts of a compose file and what it builds, and why some are left."""
    changed, plan, _ = rewrite_all([Source(path, text) for path, text in texts.items()])
    return {one.path: one.text for one in changed}, [one.reason for one in plan.left]


BUILD = "services:\n  a:\n    build:\n      context: .\n      args: {}\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param(f"{{BASE: {OLD}}}", "ARG BASE\nFROM $BASE\n", id="the argument"),
        pytest.param(
            f"{{BASE: {OLD}}}", f"ARG BASE={OLD}\nFROM $BASE\n", id="and the default"
        ),
        pytest.param(f"['BASE={OLD}']", "ARG BASE=x\nFROM $BASE\n", id="in a list"),
        pytest.param("{BASE: x}", f"ARG BASE={OLD}\nFROM $BASE\n", id="the default"),
        pytest.param(
            "{V: '3.7'}",
            f"ARG V=3.8\nFROM {OLD[:-4]}:$V\n",
            id="only the tag is an argument",
        ),
    ],
)
def test_a_build_argument_is_changed_where_it_stands(arguments, text):
    before = {"Dockerfile": text, "c.yml": BUILD.format(arguments)}
    after = {
        path: text.replace("inveniosoftware/", "registry.cern.ch/inveniosoftware/")
        for path, text in before.items()
    }
    changed, left = rewrite_project(before)
    assert changed == after
    assert left == []
    assert rewrite_project(changed)[0] == changed


def test_values_that_become_the_same_are_both_changed():
    text = f"ARG BASE={OLD}\nFROM $BASE\n"
    before = {
        "Dockerfile": text,
        "c.yml": BUILD.format(f"{{BASE: docker.io/{OLD}}}"),
    }
    changed, left = rewrite_project(before)
    assert changed == {
        "Dockerfile": text.replace(OLD, NEW),
        "c.yml": BUILD.format(f"{{BASE: {NEW}}}"),
    }
    assert left == []


def test_an_argument_that_a_command_uses_is_left():
    before = {
        "Dockerfile": "ARG BASE\nFROM $BASE\nARG BASE\nLABEL base=$BASE\n",
        "c.yml": BUILD.format(f"{{BASE: {OLD}}}"),
    }
    changed, left = rewrite_project(before)
    assert changed == before
    assert left == [
        "BASE (c.yml:5:20) is also used at Dockerfile:4 by LABEL: change it by hand"
    ]


def test_an_argument_that_another_build_needs_is_left():
    dockerfile = "ARG O\nFROM $O/centos8-python:3.8\n"
    other = "ARG O\nFROM $O/$O:1\n"
    shared = "&x {O: inveniosoftware}"
    text = BUILD.format(shared) + (
        "  b:\n    build:\n      dockerfile: Other\n      args: *x\n"
    )
    before = {"Dockerfile": dockerfile, "Other": other, "c.yml": text}
    changed, left = rewrite_project(before)
    assert changed == before
    assert len(left) == 2
