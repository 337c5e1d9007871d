# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""invenio-cli's own reading: every release's reader, on a copy, its errors not shown."""

import os
import re
import sys
import tempfile
import types
import warnings

import click
import pytest

from invenio_cli_registry.instance import release as host
from invenio_cli_registry.instance.manifests import load
from invenio_cli_registry.instance.release import read_release

VERSIONS, RDM = "invenio_cli.helpers.versions", "invenio_cli.helpers.rdm"
PIPFILE = '[packages]\ninvenio-app-rdm = {version = "~=9.1.0"}\n'
PYPROJECT = '[project]\ndependencies = ["invenio-app-rdm[opensearch2]~=14.0.0"]\n'


@pytest.fixture
def manifests(tmp_path):
    (tmp_path / "Pipfile").write_text(PIPFILE)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return load(str(tmp_path))


def pretend(monkeypatch, **modules):
    """Make the installed host one that has only these modules."""
    for name in (VERSIONS, RDM):
        monkeypatch.setitem(sys.modules, name, modules.get(name.rpartition(".")[2]))


def reader(function, name="rdm_version"):
    module = types.ModuleType("reader")
    setattr(module, name, function)
    return module


def test_the_installed_host_reads_a_pyproject(manifests):
    assert read_release(manifests, "RDM", "pyproject.toml") == "14.0.0"


@pytest.mark.parametrize("flavour", ["RDM", "ILS"])
def test_the_installed_host_without_a_dependency_of_that_kind(tmp_path, flavour):
    (tmp_path / "Pipfile").write_text("[packages]\n")
    assert read_release(load(str(tmp_path)), flavour, "Pipfile") is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[packages]\nx = '{'1' * 40}'\n", id="digits"),
        pytest.param(PIPFILE + "#" * (1 << 15), id="long"),
    ],
)
def test_the_host_is_not_asked_what_takes_hours(tmp_path, monkeypatch, text):
    pretend(monkeypatch, versions=reader(lambda: [9, 1, 0]))
    (tmp_path / "Pipfile").write_text(PIPFILE)
    assert read_release(load(str(tmp_path)), "RDM", "Pipfile") == "9.1.0"
    (tmp_path / "Pipfile").write_text(text)
    assert read_release(load(str(tmp_path)), "RDM", "Pipfile") is None


def test_a_host_without_reader(manifests, monkeypatch):
    # As 1.0.5.
    pretend(monkeypatch)
    assert read_release(manifests, "RDM", "Pipfile") is None


def test_a_host_that_keeps_it_in_another_place(manifests, monkeypatch):
    # As 1.0.14: it reads the Pipfile of the current directory, and knows no ILS.
    def rdm_version():
        with open("./Pipfile") as file:
            return [
                int(part)
                for part in re.search(r"\d+\.\d+\.\d+", file.read())[0].split(".")
            ]

    pretend(monkeypatch, rdm=reader(rdm_version))
    assert read_release(manifests, "RDM", "Pipfile") == "9.1.0"
    assert read_release(manifests, "RDM", "pyproject.toml") is None
    assert read_release(manifests, "ILS", "Pipfile") is None


def test_the_newer_place_comes_first(manifests, monkeypatch):
    newer, older = reader(lambda: [13, 0, 2]), reader(lambda: [9, 1, 0])
    pretend(monkeypatch, versions=newer, rdm=older)
    assert read_release(manifests, "RDM", "Pipfile") == "13.0.2"


def test_the_host_sees_the_one_file_only(manifests, monkeypatch):
    seen = []
    pretend(monkeypatch, versions=reader(lambda: seen.extend(os.listdir(".")) or [1]))
    assert read_release(manifests, "RDM", "pyproject.toml") == "1"
    assert seen == ["pyproject.toml"]


def test_the_host_takes_no_settings_and_sees_none(tmp_path, monkeypatch):
    """We have read the one that counts, ``app_rdm``, before the host is asked."""
    (tmp_path / "Pipfile").write_text(PIPFILE)
    (tmp_path / ".invenio").write_text("[cli]\nflavour = %(x)s\n")
    seen = []

    def rdm_version(cli_config=None):
        seen.extend(os.listdir("."))
        return [cli_config or 7]

    pretend(monkeypatch, versions=reader(rdm_version))
    before = sorted(os.listdir(tmp_path))
    assert read_release(load(str(tmp_path)), "RDM", "Pipfile") == "7"
    assert seen == ["Pipfile"]
    assert sorted(os.listdir(tmp_path)) == before


def raising(error):
    def rdm_version():
        raise error

    return rdm_version


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(raising(KeyError("default")), id="key"),
        pytest.param(raising(AttributeError("'str' has no 'get'")), id="plain-string"),
        pytest.param(raising(FileNotFoundError("Found neither")), id="no-file"),
        pytest.param(raising(RecursionError()), id="recursion"),
        pytest.param(raising(SystemExit(2)), id="exit"),
        pytest.param(raising(click.Abort()), id="click"),
        pytest.param(lambda: None, id="none"),
        pytest.param(lambda: "x.y", id="no-numbers"),
        pytest.param(lambda: warnings.warn("old", stacklevel=1), id="warning"),
    ],
)
def test_an_error_of_the_host_means_it_cannot_read(manifests, monkeypatch, function):
    here = os.getcwd()
    pretend(monkeypatch, versions=reader(function))
    assert read_release(manifests, "RDM", "Pipfile") is None
    assert os.getcwd() == here


def test_an_interrupt_is_no_error_of_the_host(manifests, monkeypatch):
    here = os.getcwd()
    pretend(monkeypatch, versions=reader(raising(KeyboardInterrupt())))
    with pytest.raises(KeyboardInterrupt):
        read_release(manifests, "RDM", "Pipfile")
    assert os.getcwd() == here


@pytest.mark.parametrize("source", ["requirements.txt", "Pipfile.lock", ""])
def test_the_host_reads_no_other_file(manifests, mocker, source):
    find = mocker.patch.object(host, "_find_reader")
    assert read_release(manifests, "RDM", source) is None
    find.assert_not_called()


def test_without_a_temporary_folder(manifests, monkeypatch):
    """The last choice of tempfile is the current folder, which may be the instance."""
    pretend(monkeypatch, versions=reader(lambda: [14, 0, 0]))
    monkeypatch.setattr(tempfile, "tempdir", os.getcwd())
    assert read_release(manifests, "RDM", "pyproject.toml") is None


def test_the_temporary_folder_is_removed(manifests, monkeypatch, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(tmp_path)

    def rdm_version():
        assert os.listdir(scratch)
        with open(".invenio.private", "w") as file:
            file.write("written by the host")
        return [9, 1, 0]

    pretend(monkeypatch, versions=reader(rdm_version))
    assert read_release(manifests, "RDM", "Pipfile") == "9.1.0"
    assert os.listdir(scratch) == []
    assert not (tmp_path / ".invenio.private").exists()
