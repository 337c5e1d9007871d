# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Put the start-up file at the root of the wheel, also of an editable one.

Python reads ``.pth`` files at the root of site-packages only, and setuptools has no place for
a file there: ``build_py`` copies it, which an editable wheel ignores; there it is added to
the finished wheel. Everything else is in setup.cfg.
"""

import base64
import hashlib
import os
import zipfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.editable_wheel import editable_wheel

STARTUP_FILE = "invenio_cli_registry.pth"


class BuildPy(build_py):
    """Build the package, and put the start-up file next to it."""

    def run(self) -> None:
        """Build into ``build_lib``; an editable build has none."""
        super().run()
        if not self.editable_mode:
            self.copy_file(STARTUP_FILE, os.path.join(self.build_lib, STARTUP_FILE))


class EditableWheel(editable_wheel):
    """Make the editable wheel, and add the start-up file."""

    def run(self) -> None:
        """Make the one wheel in ``dist_dir``."""
        super().run()
        (wheel,) = Path(self.dist_dir).glob("*.whl")
        add_to_wheel(wheel, STARTUP_FILE)


def add_to_wheel(wheel: Path, name: str) -> None:
    """Add a file of the current folder to a wheel's root, and its row to the RECORD.

    The row is what makes an uninstall remove the file.
    """
    data = Path(name).read_bytes()
    temporary = wheel.with_suffix(".tmp")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(temporary, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith(".dist-info/RECORD"):
                content += record_row(name, data).encode()
            new.writestr(item, content)
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o644 << 16  # else only its owner could read it
        new.writestr(entry, data)
    temporary.replace(wheel)


def record_row(name: str, data: bytes) -> str:
    """Return a file's row of a RECORD: its path, hash and size in bytes."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"{name},sha256={digest.decode()},{len(data)}\n"


setup(cmdclass={"build_py": BuildPy, "editable_wheel": EditableWheel})
