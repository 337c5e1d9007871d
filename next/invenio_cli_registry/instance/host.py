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
    reader = _find_reader(flavour)
    if reader is None:
        return None
    files = {name: manifests.sources[name].to_bytes() for name in names}
    try:
        with _beside(files):
            return _call(reader)
    except OSError:  # There is no folder for temporary files.
        return None


def _find_reader(flavour: str) -> Callable[[], Sequence[int]] | None:
    for name in _MODULES:
        # It may be broken, and that is not for us to show.
        with contextlib.suppress(Exception, SystemExit), _no_warnings():
            module = importlib.import_module(name)
            return getattr(module, _READERS[flavour], None)
    return None


def _call(reader: Callable[..., Sequence[int]]) -> str | None:
    with contextlib.suppress(Exception, SystemExit), _no_warnings():
        numbers = reader(**_arguments(reader))
        return ".".join(str(int(number)) for number in numbers)
    return None


def _arguments(reader: Callable[..., object]) -> dict[str, object]:
    """Return the host's own view of the settings, for a reader that requires it.

    ``rdm_version`` does since 1.13; ``CLIConfig`` writes a file that is missing, here
    into the temporary folder.
    """
    if "cli_config" not in inspect.signature(reader).parameters:
        return {}
    if not os.path.exists(_SETTINGS[0]):
        return {}
    from invenio_cli.helpers.cli_config import CLIConfig

    return {"cli_config": CLIConfig(os.curdir)}


@contextlib.contextmanager
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _beside(files: Mapping[str, bytes]) -> Iterator[None]:
    """Work for a moment in a temporary folder that holds some files.

    :raises OSError: there is no such folder, or no way back from it.
    """
    here = os.open(".", os.O_RDONLY)
    try:
        prefix = "invenio-cli-registry-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=_parent()) as folder:
            for name, data in files.items():
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
            os.chdir(folder)
            try:
                yield
            finally:
                # By descriptor: it works also when the folder was renamed meanwhile.
                os.fchdir(here)
    finally:
        os.close(here)


def _parent() -> str:
    """Return a folder for temporary files; tempfile's own last choice is the current one.

    :raises OSError: there is none.
    """
    for folder in (os.environ.get("TMPDIR", ""), "/tmp", "/var/tmp"):  # noqa: S108
        if os.path.isabs(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise FileNotFoundError("no folder for temporary files")
