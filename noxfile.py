# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is run by hand: ``nox -s matrix`` writes ``docs/compatibility.rst``."""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["matrix"]

#: Tests of what other releases say in other words, or cannot do.
_OTHER_WORDS = (
    "tests/test_manifests.py::test_what_does_not_parse",
    "tests/test_cli.py::test_help_names_the_defaults",
    "tests/test_host.py",
)


@nox.session
def matrix(session: nox.Session) -> None:
    """Try each Python of this machine with each kind of host, and write the table."""
    session.install("-e", ".[tests]")
    session.run("python", "-m", "tests.matrix", *session.posargs)


@nox.session(python="3.8")
def oldest(session: nox.Session) -> None:
    """Run the tests on the oldest releases that ``setup.cfg`` allows."""
    session.install("-e", ".[tests]")
    output = session.run("python", "-m", "tests.matrix", "--bounds", silent=True)
    session.install(*output.split())
    others = [word for test in _OTHER_WORDS for word in ("--deselect", test)]
    session.run("python", "-m", "pytest", "-m", "not hosts and not parts", *others)
