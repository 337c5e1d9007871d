# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""invenio-cli's own reading of an instance's release, outside of the instance.

The host reads the current directory only, writes ``.invenio.private`` where it is missing,
and raises errors of every kind. So it works on copies, in a temporary folder, and any error
means that it cannot read this instance.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import re
import tempfile
import warnings
from typing import Callable, Iterator, Mapping, Sequence

from .manifests import Manifests

#: Where the reader is, the newest place first; 1.0.5 has none.
_MODULES = ("invenio_cli.helpers.versions", "invenio_cli.helpers.rdm")
_READERS = {"RDM": "rdm_version", "ILS": "ils_version"}
_READ_BY_HOST = ("Pipfile", "pyproject.toml")
_SETTINGS = (".invenio", ".invenio.private")

#: What keeps the host busy for hours: it puts settings into settings, and its parser of TOML
#: and its expression for a version can take the square of what they read.
_ENDLESS = re.compile(r"%\(|[0-9]{40}")
_LARGEST = 1 << 15


def read_release(manifests: Manifests, flavour: str, source: str) -> str | None:
    """Return the release as invenio-cli reads it, None when it does not.

    :param source: the file that states it, the only one that the host sees apart from the
        settings: it would read the Pipfile even where uv is the package manager.
    """
    if source not in _READ_BY_HOST or source not in manifests.sources:
        return None
    names = [source, *(name for name in _SETTINGS if name in manifests.sources)]
    texts = [manifests.text(name) for name in names]
    if any(len(text) > _LARGEST or _ENDLESS.search(text) for text in texts):
        return None
    files = {name: manifests.sources[name].to_bytes() for name in names}
    # It may be broken, and its warnings are not for our users.
    with contextlib.suppress(Exception, SystemExit), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = _find_reader(flavour)
        if reader:
            with _in_copy(files):
                numbers = reader(**_make_arguments(reader))
                return ".".join(str(int(number)) for number in numbers)
    return None


def _find_reader(flavour: str) -> Callable[..., Sequence[int]] | None:
    for name in _MODULES:
        with contextlib.suppress(Exception, SystemExit):
            module = importlib.import_module(name)
            return getattr(module, _READERS[flavour], None)
    return None


def _make_arguments(reader: Callable[..., object]) -> dict[str, object]:
    """Return the host's own view of the settings, which ``rdm_version`` takes since 1.13.

    ``CLIConfig`` writes the file that is missing, here into the temporary folder.
    """
    takes_settings = "cli_config" in inspect.signature(reader).parameters
    if not takes_settings or not os.path.exists(_SETTINGS[0]):
        return {}
    from invenio_cli.helpers.cli_config import CLIConfig

    return {"cli_config": CLIConfig(os.curdir)}


@contextlib.contextmanager
def _in_copy(files: Mapping[str, bytes]) -> Iterator[None]:
    """Work for a moment in a temporary folder that holds some files.

    :raises OSError: there is no such folder, or no way back from it.
    """
    # The last choice of tempfile is the current folder, which may be the instance.
    if os.path.samefile(tempfile.gettempdir(), os.curdir):
        raise FileNotFoundError("no folder for temporary files")
    here = os.open(".", os.O_RDONLY)
    try:
        with tempfile.TemporaryDirectory(prefix="invenio-cli-registry-") as folder:
            for name, data in files.items():
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
            os.chdir(folder)
            try:
                yield
            finally:
                # By descriptor: it works even when the folder was renamed meanwhile.
                os.fchdir(here)
    finally:
        os.close(here)
