# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The recipes: their lines, put below the FROM line, resolve what they are shown for."""

import subprocess

import pytest

from invenio_cli_registry.builds import find_failing
from invenio_cli_registry.catalog import CommandRule, Recipe, load

from . import ALMA, CENTOS7, CENTOS8, build, list_commands

CATALOG = load()
RECIPES = {recipe.id: recipe for recipe in CATALOG.records(Recipe)}
BRINGS_PYTHON = [one for one in CATALOG.records(Recipe) if one.python]
BRINGS_NODE = [one for one in CATALOG.records(Recipe) if one.node]
PIPENV = "RUN pipenv install --deploy --system"
YUM = "RUN yum install -y ImageMagick"
VAULT = RECIPES["vault-on-centos"]


@pytest.mark.parametrize("recipe", BRINGS_PYTHON, ids=lambda one: one.id)
def test_a_python_is_the_one_that_pipenv_installs_into(recipe):
    before, after = build(ALMA, PIPENV), build(ALMA, *recipe.lines, PIPENV)
    assert before.python.version == "3.9"
    assert (after.python.version, after.python.source) == (
        recipe.python,
        "Dockerfile:4",
    )
    assert after.manager in recipe.managers


@pytest.mark.parametrize("recipe", BRINGS_NODE, ids=lambda one: one.id)
def test_a_node_is_the_builds(recipe):
    assert build(ALMA, PIPENV).node.version == "16"
    assert build(ALMA, *recipe.lines, PIPENV).node.version == recipe.node


@pytest.mark.parametrize("image", [CENTOS7, CENTOS8])
def test_the_archive_lets_yum_work(image):
    (before,) = find_failing(build(image, YUM), CATALOG)
    assert before.rule in VAULT.rules
    assert not find_failing(build(image, *VAULT.lines, YUM), CATALOG)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_recipe_is_whole(recipe):
    assert set(recipe.systems) <= set(CATALOG.systems)
    assert set(recipe.rules) <= {rule.id for rule in CATALOG.records(CommandRule)}
    brings = [bool(recipe.python), bool(recipe.node), bool(recipe.rules)]
    assert brings.count(True) == 1
    assert bool(recipe.python) == bool(recipe.managers)
    assert recipe.lines[0].startswith("RUN ")
    assert all(line.endswith(" \\") for line in recipe.lines[:-1])
    assert recipe.source.startswith("https://")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_recipe_breaks_nothing_itself(recipe):
    image = ALMA if "almalinux9" in recipe.systems else CENTOS8
    assert not find_failing(build(image, *recipe.lines), CATALOG)


def test_recipes_have_a_name_each():
    names = {recipe.name for recipe in CATALOG.records(Recipe)}
    assert len(names) == len(RECIPES) == len(CATALOG.records(Recipe))


#: As CentOS 7, CentOS 8 and the package of software collections ship them.
REPOSITORIES = {
    "CentOS 7": "#baseurl=http://mirror.centos.org/centos/$releasever/os/$basearch/",
    "CentOS 8": "#baseurl=http://mirror.centos.org/$contentdir/$releasever/BaseOS/$basearch/os/",
    "software collections": "# baseurl=http://mirror.centos.org/centos/7/sclo/$basearch/sclo/",
}


@pytest.mark.parametrize("address", REPOSITORIES.values(), ids=REPOSITORIES)
def test_the_archive_is_in_every_repository_file(address, tmp_path):
    file = tmp_path / "CentOS-Base.repo"
    debug = "baseurl=http://debuginfo.centos.org/centos/7/sclo/$basearch/"
    mirrors = "mirrorlist=http://mirrorlist.centos.org?arch=$basearch&release=7&repo=os"
    file.write_text("\n".join(["[base]", mirrors, address, "gpgcheck=1", debug, ""]))
    (command,) = list_commands(build(CENTOS7, *VAULT.lines))
    options = [word for word in command.words if not word.startswith("/etc")]
    subprocess.run([*options, str(file)], check=True)
    assert file.read_text().splitlines() == [
        "[base]",
        f"#{mirrors}",
        address.lstrip("# ").replace("mirror.", "vault."),
        "gpgcheck=1",
        debug,
    ]
