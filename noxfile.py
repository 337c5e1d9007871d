# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is run by hand: ``nox -s matrix`` writes ``docs/compatibility.rst``."""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["matrix"]

#: Its invenio-cli, 1.0.5, reads no release.
_NEEDS_NEWER = "tests/instance/test_host.py::test_the_installed_host_reads_a_pyproject"


@nox.session
def matrix(session: nox.Session) -> None:
    """Try each Python of this machine with each invenio-cli, and write the table."""
    session.install("-e", ".[tests]")
    session.run("python", "-m", "tests.matrix", *session.posargs)


@nox.session(python="3.8")
def oldest(session: nox.Session) -> None:
    """Run the tests on the oldest releases that ``setup.cfg`` allows."""
    session.install("-e", ".[tests]")
    bounds = session.run("python", "-m", "tests.matrix", "--bounds", silent=True)
    # A later setuptools takes the packaging that is installed, and needs a newer one.
    session.install(*bounds.split(), "setuptools<71")
    run = ("python", "-m", "pytest", "-m", "not hosts and not parts")
    session.run(*run, "--deselect", _NEEDS_NEWER, *session.posargs)
