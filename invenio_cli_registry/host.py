# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""invenio-cli's own reading of an instance's release, beside the instance.

The host reads the current directory only, writes a file of its own where one is missing,
and raises whatever comes up. So it works on copies, in a temporary folder, and whatever
it raises means that it cannot read this instance.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
import warnings
from typing import Any, Iterator

from .manifests import Manifests

#: Where the reader is: since 1.9 or earlier, from 1.0.14 on; 1.0.5 has none.
_MODULES = ("invenio_cli.helpers.versions", "invenio_cli.helpers.rdm")
_READERS = {"RDM": "rdm_version", "ILS": "ils_version"}
_COPIED = (".invenio", ".invenio.private")

NO_FOLDER = "invenio-cli was not asked: no temporary folder"


def read_release(
    manifests: Manifests, flavour: str, source: str
) -> tuple[str | None, str]:
    """Return the release as invenio-cli reads it, None when it does not; and a remark.

    :param source: the file that states it; the others are kept from the host, which
        reads the Pipfile even where uv is the package manager.
    """
    if source not in ("Pipfile", "pyproject.toml"):
        return None, ""
    try:
        with warnings.catch_warnings(), _beside(manifests, source):
            warnings.simplefilter("ignore")
            return _ask(flavour), ""
    except OSError:
        return None, NO_FOLDER
    # The host's errors are of every kind, SystemExit from below click among them.
    except (Exception, SystemExit):
        return None, ""


def _ask(flavour: str) -> str | None:
    """Call the reader in the current directory."""
    module = _import_reader()
    if module is None:
        return None
    numbers = getattr(module, _READERS[flavour])()
    return ".".join(str(int(number)) for number in numbers)


def _import_reader() -> Any:  # noqa: ANN401 - a module that is another one each release
    for name in _MODULES:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


@contextlib.contextmanager
def _beside(manifests: Manifests, source: str) -> Iterator[None]:
    """Copy what the host reads into a temporary folder, and work there for a moment.

    :raises OSError: there is no temporary folder, or no way back from it.
    """
    here = os.open(".", os.O_RDONLY)
    try:
        with tempfile.TemporaryDirectory(prefix="invenio-cli-registry-") as folder:
            _copy(manifests, source, folder)
            os.chdir(folder)
            try:
                yield
            finally:
                # By descriptor: the folder may have been renamed meanwhile.
                os.fchdir(here)
    finally:
        os.close(here)


def _copy(manifests: Manifests, source: str, folder: str) -> None:
    for name in (*_COPIED, source):
        if name in manifests.sources:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(manifests.sources[name].to_bytes())
