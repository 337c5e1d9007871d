# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Answers of registries for the documentation, which is built without the network."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, Sequence
from unittest import mock

import tomllib

from invenio_cli_registry import verification
from invenio_cli_registry.availability.answers import Answer
from invenio_cli_registry.reference import Image


@contextlib.contextmanager
def answer_from(path: Path) -> Iterator[None]:
    """Let commands find the answers in a TOML file, by image, instead of at registries.

    ``*`` stands for those that are not in the file.
    """
    said = tomllib.loads(path.read_text(encoding="utf-8"))

    def ask(images: Sequence[Image], *_: object, **__: object) -> dict[Image, Answer]:
        return {image: Answer(image, **_known(said, image)) for image in images}

    with mock.patch.object(verification, "ask", ask):
        yield


def _known(said: dict[str, dict[str, str]], image: Image) -> dict[str, object]:
    answer = dict(said.get(image.familiar, said["*"]))
    # A digest is as long as this; a word tells two of them apart in the file.
    digest = answer.pop("digest", "")
    return {**answer, "digest": f"sha256:{digest:0>64}" if digest else None}
