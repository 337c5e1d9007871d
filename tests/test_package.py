# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is in the wheel, the sdist and the editable wheel, as they are built."""

from __future__ import annotations

import base64
import csv
import email
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest

from .conftest import ROOT, build, commit_all, copy_source

NAME = "invenio_cli_registry.pth"
#: Byte for byte: security products know start-up files by their content.
STARTUP = (
    b'import sys; any("invenio-cli" in arg for arg in getattr(sys, "argv", ()))'
    b' and __import__("invenio_cli_registry.bridge").bridge.install()\n'
)


@pytest.fixture(scope="module")
def sdist(source, tmp_path_factory):
    return build("build_sdist", source, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def rebuilt(sdist, tmp_path_factory):
    """Build a wheel from the sdist, as an installer does that finds no wheel."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        # Python 3.12 and 3.13 warn without one; Debian 12's 3.11.2 has none.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    (source,) = folder.iterdir()
    return build("build_wheel", source, tmp_path_factory.mktemp("rebuilt"))


@pytest.fixture(scope="module")
def editable(source, tmp_path_factory):
    return build("build_editable", source, tmp_path_factory.mktemp("editable"))


@pytest.fixture(params=["wheel", "rebuilt", "editable"])
def archive(request):
    with zipfile.ZipFile(request.getfixturevalue(request.param)) as archive:
        yield archive


def read_record(archive):
    (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/RECORD"))
    rows = csv.reader(io.StringIO(archive.read(name).decode()))
    return {path: (digest, size) for path, digest, size in rows}


def test_every_wheel_holds_the_startup_file_byte_for_byte(archive):
    assert archive.read(NAME) == STARTUP
    assert archive.namelist().count(NAME) == 1


def test_everybody_may_read_the_startup_file(archive):
    assert archive.getinfo(NAME).external_attr >> 16 & 0o444 == 0o444


def test_the_record_lists_every_file_once_with_its_hash(archive):
    record = read_record(archive)
    assert sorted(record) == sorted(archive.namelist())
    for path, (digest, size) in record.items():
        if path.endswith("/RECORD"):
            continue
        data = archive.read(path)
        expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
        assert (digest, size) == (f"sha256={expected.decode()}", str(len(data)))


@pytest.mark.parametrize("kind", ["wheel", "rebuilt"])
def test_nothing_else_lands_at_the_root(kind, request):
    with zipfile.ZipFile(request.getfixturevalue(kind)) as archive:
        roots = {name.split("/")[0] for name in archive.namelist()}
    assert roots == {
        "invenio_cli_registry",
        "invenio_cli_registry-1.0.0.dist-info",
        NAME,
    }


def test_the_wheel_holds_every_file_of_the_package(wheel):
    package = ROOT / "invenio_cli_registry"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.suffix in {".py", ".toml", ".json"}
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {n for n in archive.namelist() if n.startswith("invenio_cli_registry/")}
    assert held == files


def test_the_sdist_makes_the_same_wheel(wheel, rebuilt):
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(rebuilt) as other:
        assert read_record(one) == read_record(other)


def test_the_sdist_has_every_file_of_the_repository(tmp_path):
    checkout = commit_all(copy_source(tmp_path / "checkout"))
    command = [sys.executable, "-m", "check_manifest", "--no-build-isolation"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def read_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("invenio_cli_registry-1.0.0.dist-info/METADATA").decode()
    return email.message_from_string(text)


def test_no_field_of_the_metadata_is_empty_or_unknown(wheel):
    for name, value in read_metadata(wheel).items():
        assert value.strip() not in ("", "UNKNOWN"), name


def test_every_python_from_the_oldest_is_named(wheel):
    metadata = read_metadata(wheel)
    found = re.findall(r":: 3\.(\d+)$", "\n".join(metadata.get_all("Classifier")), re.M)
    first, last = int(found[0]), int(found[-1])
    assert metadata["Requires-Python"] == f">=3.{first}"
    assert list(map(int, found)) == list(range(first, last + 1))


#: What the package imports, and the distribution that it is in.
#: Until Python 3.10 has gone there is no list of these.
STANDARD_LIBRARY = getattr(sys, "stdlib_module_names", ())
DISTRIBUTIONS = {"yaml": "PyYAML", "invenio_cli": "invenio-cli"}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="needs the list of modules")
def test_what_is_imported_is_required(wheel):
    pattern = re.compile(r"^\s*(?:from|import) ([a-z_]\w*)", re.M)
    imported = set()
    for path in (ROOT / "invenio_cli_registry").rglob("*.py"):
        imported.update(pattern.findall(path.read_text(encoding="utf-8")))
    others = imported - set(STANDARD_LIBRARY) - {"invenio_cli_registry"}
    required = {
        re.match(r"[\w-]+", line)[0].lower()
        for line in read_metadata(wheel).get_all("Requires-Dist")
        if "extra ==" not in line
    }
    assert {DISTRIBUTIONS.get(name, name).lower() for name in others} == required


def test_the_entry_points_are_the_command_and_the_plugin(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("invenio_cli_registry-1.0.0.dist-info/entry_points.txt")
    assert text.decode().split() == [
        "[console_scripts]",
        *("invenio-cli-registry", "=", "invenio_cli_registry.cli:main"),
        "[invenio_cli.commands]",
        *("registry", "=", "invenio_cli_registry.plugin:registry"),
    ]
