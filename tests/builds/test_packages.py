# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is called otherwise on Debian, against Debian's own index of its packages.

apt reads the index into a folder of ours, from wherever this machine has its own from.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from invenio_cli_registry.catalog import Packages, load

pytestmark = pytest.mark.hosts

PACKAGES = {row.system: row for row in load().records(Packages)}
#: As the archive calls the systems of the catalogue.
SUITES = {"debian13": "trixie"}
#: Nothing of this machine's apt is read, written or started but its keys and its way out.
_CONFIGURATION = """
#clear APT::Update;
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "{folder}/lists";
Dir::State::status "{folder}/status";
"""


def call(*command):
    """Run a command of apt's and return what it says."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert not done.returncode, done.stderr
    return done.stdout


def find_archive(folder):
    """Return from where this machine has its own system: an address, of no list yet."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    suite = re.search(r"^VERSION_CODENAME=(\w+)$", release, re.MULTILINE)[1]
    lists = f"Dir::State::lists={folder}"
    files = call("apt-get", "update", "--print-uris", "-o", lists)
    return re.search(rf"^'(\S+)/dists/{suite}/InRelease'", files, re.MULTILINE)[1]


def read_names(folder, suite):
    """Return the names of all packages of a suite."""
    for name in ("cache/archives/partial", "lists/partial", "own/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    archive = find_archive(folder / "own")
    (folder / "sources.list").write_text(f"deb {archive} {suite} main\n")
    options = folder / "apt.conf"
    options.write_text(_CONFIGURATION.format(folder=folder))
    call("apt-get", "update", "-c", str(options))
    return frozenset(call("apt-cache", "pkgnames", "-c", str(options)).split())


@pytest.fixture(name="names", scope="module")
def _names(tmp_path_factory):
    if not shutil.which("apt-cache"):
        pytest.skip("apt is not on this machine")
    return {
        system: read_names(tmp_path_factory.mktemp(system), suite)
        for system, suite in SUITES.items()
    }


def test_every_system_has_its_suite():
    assert set(PACKAGES) == set(SUITES)


@pytest.mark.parametrize("system", SUITES)
def test_the_index_is_whole(system, names):
    assert len(names[system]) > 50_000
    assert {"apt", "base-files", "dpkg"} <= names[system]


@pytest.mark.parametrize("system", SUITES)
def test_what_is_advised_is_there(system, names):
    advised = {name for row in PACKAGES[system].names.values() for name in row.split()}
    assert advised - names[system] == set()


@pytest.mark.parametrize("system", SUITES)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("libpng-devel", id="rpm"),
        pytest.param("gcc-c++", id="rpm-with-signs"),
        pytest.param("libxmlsec1-openssl", id="debian-12"),
        pytest.param("libmadeup-dev", id="made-up"),
    ],
)
def test_a_name_of_another_system_is_not_there(system, name, names):
    assert name not in names[system]
