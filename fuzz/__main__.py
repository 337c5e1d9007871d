# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Fuzz a reader, the commands of its builds, and the rewriting of what it finds.

python -m fuzz dockerfile|yaml [OPTIONS OF ATHERIS] [CORPUS]
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["invenio_cli_registry"]):
    from invenio_cli_registry.builds.commands import split_commands
    from invenio_cli_registry.model import Source
    from tests.test_rewriting import read, rewrite

PATHS = {"dockerfile": "Dockerfile", "yaml": "docker-compose.yml"}


def check(data: bytes, path: str) -> None:
    """Check what must hold for any bytes.

    There is no exception, bytes come back as they were, every place is in the file, and a
    move changes nothing when it is made again (``rewrite`` checks that).
    """
    source = Source.from_bytes(path, data)
    assert source.to_bytes() == data
    references, dockerfiles, _ = read([source])
    spans = [piece.span for one in references for piece in one.pieces if piece.span]
    spans += [one.span for one in references]
    steps = [step for one in dockerfiles for step in one.instructions]
    spans += [one.place(step) for step in steps for one in split_commands(step, {})]
    assert all(0 <= one.start <= one.end <= len(source.text) for one in spans)
    rewrite(data, path)


if __name__ == "__main__":
    target = PATHS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, lambda data: check(data, target))
    atheris.Fuzz()
