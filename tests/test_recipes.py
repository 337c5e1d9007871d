# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The catalogue's recipes: where one is offered, its lines close what was found."""

import json
import shutil
import subprocess

import jsonschema
import pytest

from invenio_cli_registry.catalog import load
from invenio_cli_registry.report.json import render_json
from invenio_cli_registry.report.layout import Layout
from invenio_cli_registry.report.text import render_text
from invenio_cli_registry.runs.script import split_commands

from .conftest import ROOT
from .instances import (
    PIP,
    PIPENV,
    UV,
    ils,
    rdm,
    rdm_uv,
    report_instance,
)
from .schemas import load_schema
from .test_rules import step

CATALOG = load()
RECIPES = {recipe.id: recipe for recipe in CATALOG.recipes}
PYTHON, PYTHON_11 = "python-3.12-on-almalinux", "python-3.11-on-almalinux"
NODE, NODE_14, VAULT = "node-22-on-almalinux", "node-14-on-almalinux", "vault-on-centos"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
ALMA_LATEST = "registry.cern.ch/inveniosoftware/almalinux:latest"
C7 = "inveniosoftware/centos7-python:3.9"
C8 = "inveniosoftware/centos8-python:3.8"
YUM = "RUN yum install -y ImageMagick\n"


def add(recipe, dockerfile):
    """Return a Dockerfile with a recipe's lines below its FROM line."""
    start, _, rest = dockerfile.partition("\n")
    assert start.startswith("FROM ")
    return "\n".join([start, *RECIPES[recipe].lines, rest])


def offer(folder, files, release=None):
    """Return the names of the recipes that are offered, and the report."""
    report = report_instance(folder, files, release=release)
    (one,) = report.projects
    found = [recipe.id for row in one.advice.findings for recipe in row.recipes]
    return found, report


def say(advice):
    """Return whatever an answer says is wrong."""
    reasons = [text.text for row in advice.findings for text in row.judged.reasons]
    facts = [f"{fact.what}: {fact.state}" for fact in advice.facts]
    return [*reasons, *facts, *(line.message for line in advice.failing)]


CLOSED = [
    pytest.param(
        PYTHON, rdm("13.1.2", "3.12"), ALMA, PIPENV, "asks for 3.12", id="312"
    ),
    pytest.param(
        PYTHON_11, rdm("13.1.2", "3.11"), ALMA, PIPENV, "asks for 3.11", id="311"
    ),
    pytest.param(NODE, rdm("13.1.2", "3.9"), ALMA, PIPENV, "asks for Node 18", id="22"),
    pytest.param(NODE_14, rdm("9.1.7", "3.9"), ALMA, PIPENV, "node-sass 4", id="14"),
    pytest.param(
        VAULT, rdm("9.1.7", "3.8"), C8, YUM + PIPENV, "mirrors closed", id="vault-8"
    ),
    pytest.param(
        VAULT, rdm("10.1.1", "3.9"), C7, YUM + PIPENV, "mirrors closed", id="vault-7"
    ),
]


def test_every_recipe_is_shown_to_close_something():
    assert {row.values[0] for row in CLOSED} == set(RECIPES)


@pytest.mark.parametrize(("recipe", "files", "image", "steps", "wrong"), CLOSED)
def test_the_lines_close_what_was_found(
    recipe, files, image, steps, wrong, tmp_path_factory
):
    dockerfile = f"FROM {image}\n{steps}"
    before, report = offer(
        tmp_path_factory.mktemp("before"), {**files, "Dockerfile": dockerfile}
    )
    assert recipe in before
    assert any(wrong in text for text in say(report.projects[0].advice))
    mended = {**files, "Dockerfile": add(recipe, dockerfile)}
    after, report = offer(tmp_path_factory.mktemp("after"), mended)
    assert after == [name for name in before if name != recipe]
    assert not any(wrong in text for text in say(report.projects[0].advice))


@pytest.mark.parametrize(
    ("example", "path", "recipe", "act"),
    [
        pytest.param("rdm-13/my-site", "Dockerfile", PYTHON, "plan", id="13"),
        pytest.param("rdm-12/my-site", "Dockerfile", NODE, "plan", id="12"),
        pytest.param("rdm-10.1/my-site", "Dockerfile.base", VAULT, "soon", id="10.1"),
        # An address that may live no more is left: a person has to ask.
        pytest.param("portal/opendata", "Dockerfile.base", VAULT, "soon", id="portal"),
    ],
)
def test_the_lines_close_it_in_an_example(example, path, recipe, act, tmp_path):
    folder = tmp_path / "my-site"
    shutil.copytree(ROOT / "examples" / example, folder)
    before, _ = offer(tmp_path, {})
    assert recipe in before
    comment, start, rest = (folder / path).read_text().partition("\nFROM ")
    (folder / path).write_text(comment + "\n" + add(recipe, start[1:] + rest))
    after, report = offer(tmp_path, {})
    assert after == [name for name in before if name != recipe]
    assert report.projects[0].advice.act == act


@pytest.mark.parametrize(
    ("files", "image", "steps", "offered"),
    [
        pytest.param(
            rdm("13.1.2", "3.13"), ALMA_LATEST, PIPENV, [], id="no-such-python"
        ),
        pytest.param(rdm("11.0.6", "3.12"), ALMA, PIPENV, [], id="not-of-the-release"),
        pytest.param(
            rdm_uv("13.1.2", "==3.12.*"), ALMA_LATEST, UV, [], id="another-manager"
        ),
        pytest.param(
            rdm("13.1.2", "3.12"),
            ALMA_LATEST,
            "RUN dnf install -y python3.11\nRUN python3.11 -m pipenv install --system\n",
            [],
            id="a-python-of-ones-own",
        ),
        pytest.param(rdm("14.0.5", "3.14"), ALMA, PIPENV, [], id="14-wants-node-24"),
        pytest.param(rdm("13.1.2", "3.9"), ALMA_LATEST, PIPENV, [], id="fine"),
        pytest.param(rdm("11.0.6", "3.9"), ALMA, PIPENV, [], id="node-16-is-enough"),
        pytest.param(
            rdm("12.0.19", "3.9"),
            ALMA,
            "RUN dnf module install -y nodejs:20\n" + PIPENV,
            [],
            id="a-node-of-ones-own",
        ),
        pytest.param(ils("4.5.0", "3.9"), ALMA, PIPENV, [], id="ils-asks-for-no-node"),
        pytest.param({}, ALMA, PIP, [], id="no-release"),
        pytest.param(rdm("9.1.7", "3.8"), C8, PIPENV, [], id="nothing-fails"),
        pytest.param(
            rdm("9.1.7", "3.8"),
            C8,
            "RUN rpm -i https://example.org/x.el8.rpm\n" + PIPENV,
            [],
            id="another-rule",
        ),
        pytest.param(rdm("9.1.7", "3.8"), C8, YUM + PIPENV, [VAULT], id="vault"),
        pytest.param(rdm("13.1.2", "3.12"), ALMA, PIPENV, [PYTHON, NODE], id="both"),
        pytest.param(rdm("13.1.2", "3.9"), "nginx:1", YUM, [], id="another-image"),
        pytest.param(
            rdm("14.0.5", "3.14"),
            "ghcr.io/inveniosoftware/invenio:14-debian",
            f"COPY --from={C7} /a /a\nRUN uv sync\n",
            [],
            id="an-image-to-copy-from",
        ),
    ],
)
def test_offered(files, image, steps, offered, tmp_path):
    found, _ = offer(tmp_path, {**files, "Dockerfile": f"FROM {image}\n{steps}"})
    assert found == offered


@pytest.mark.parametrize(
    ("version", "release", "offered"),
    [
        pytest.param("12.0.19", "13.1", [NODE], id="the-image-stays"),
        pytest.param("13.1.2", "14", [], id="another-image"),
    ],
)
def test_offered_for_a_release(version, release, offered, tmp_path):
    files = {**rdm(version, "3.9"), "Dockerfile": f"FROM {ALMA}\n{PIPENV}"}
    assert offer(tmp_path, files, release)[0] == offered


def test_verbose_shows_them_and_who_vouches_for_them(tmp_path):
    files = {
        **rdm("9.1.7", "3.8"),
        "Dockerfile": f"FROM {C8} AS a\n{YUM}FROM {C8}\n{YUM}",
    }
    _, report = offer(tmp_path, files)
    text = render_text(report, Layout(verbose=True))
    assert text.count("Recipes for the Dockerfile:") == text.count("RUN sed -i") == 1
    assert "(not tested), below Dockerfile:1, Dockerfile:3:\n" in text
    assert f"      Source: {RECIPES[VAULT].source}\n" in text
    assert "Recipes" not in render_text(report)


def test_a_recipe_that_a_test_builds_says_so(tmp_path):
    files = {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {C8}\n{YUM}"}
    _, report = offer(tmp_path, files)
    (one,) = report.projects
    (finding,) = one.advice.findings
    tested = finding._replace(recipes=(RECIPES[VAULT]._replace(tested=True),))
    advice = one.advice._replace(findings=(tested,))
    report = report._replace(projects=(one._replace(advice=advice),))
    assert "(tested), below Dockerfile:1:" in render_text(report, Layout(verbose=True))


@pytest.mark.parametrize(
    ("version", "python", "image", "hint"),
    [
        pytest.param("13.1.2", "3.12", ALMA, True, id="python"),
        pytest.param("13.1.2", "3.13", ALMA, False, id="no-such-python"),
        pytest.param("9.1.7", "3.9", ALMA, True, id="node"),
    ],
)
def test_what_is_to_be_installed_points_at_the_lines(
    version, python, image, hint, tmp_path
):
    files = {**rdm(version, python), "Dockerfile": f"FROM {image}\n{PIPENV}"}
    text = render_text(offer(tmp_path, files)[1])
    assert "in the Dockerfile" in text
    assert ("(--verbose: the lines)" in text) is hint


def test_json(tmp_path):
    files = {**rdm("13.1.2", "3.12"), "Dockerfile": f"FROM {ALMA_LATEST}\n{PIPENV}"}
    data = json.loads(render_json(offer(tmp_path, files)[1]))
    jsonschema.validate(data, load_schema("check"))
    (reference,) = data["projects"][0]["references"]
    (recipe,) = reference["recipes"]
    own = RECIPES[PYTHON]
    assert recipe == {
        "id": own.id,
        "name": own.name,
        "situation": own.situation,
        "lines": list(own.lines),
        "tested": False,
        "source": own.source,
        "says": own.says,
    }


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_recipe_is_whole(recipe):
    assert set(recipe.systems) <= set(CATALOG.systems)
    assert set(recipe.rules) <= {rule.id for rule in CATALOG.rules}
    closes = [bool(recipe.python), bool(recipe.node), bool(recipe.rules)]
    assert closes.count(True) == 1
    assert bool(recipe.python) == bool(recipe.managers)
    assert recipe.lines[0].startswith("RUN ")
    assert all(line.endswith(" \\") for line in recipe.lines[:-1])
    assert recipe.source.startswith("https://")
    assert not recipe.says.endswith(".")


def test_recipes_have_a_name_each():
    names = [recipe.name for recipe in CATALOG.recipes]
    assert len(names) == len(RECIPES) == len(set(names))


#: As CentOS ships its repositories.
REPOSITORY = """[base]
name=CentOS-$releasever - Base
mirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=os
#baseurl=http://mirror.centos.org/centos/$releasever/os/$basearch/
gpgcheck=1
"""


def test_the_line_of_the_vault_does_to_a_repository_what_it_says(tmp_path):
    (tmp_path / "CentOS-Base.repo").write_text(REPOSITORY)
    (command,) = split_commands(step("\n".join(RECIPES[VAULT].lines)))
    options = [word for word in command.words[1:] if not word.startswith("/")]
    subprocess.run(["sed", *options, str(tmp_path / "CentOS-Base.repo")], check=True)
    assert (tmp_path / "CentOS-Base.repo").read_text().splitlines() == [
        "[base]",
        "name=CentOS-$releasever - Base",
        "#mirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=os",
        "baseurl=http://vault.centos.org/centos/$releasever/os/$basearch/",
        "gpgcheck=1",
    ]
