# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Every reader takes time in proportion to a file's size, whatever is repeated in it."""

import gc
import time

import pytest

from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.dockerfile import may_hold, read_dockerfile
from invenio_cli_registry.readers.yaml import read_yaml

#: What begins something, and never ends it.
TOKENS = [
    *(
        "--from=",
        "--mount=from=",
        "--from=\x85",
        "--a ",
        "--from=a,",
        "COPY --from=a b\n",
    ),
    *(
        "${",
        "${A:-",
        "$A",
        "{{ ",
        "{%",
        "{{ }}",
        "FROM {{ ",
        "FROM $A AS b\n",
        "ARG A=$A$A\n",
    ),
    *("<<EOF ", "RUN <<E\n", "E\nRUN <<E\n", "RUN <<-E <<F\n", '<<"', "<< "),
    *('"', "'", "\\", "`", "\\\n", "\\ ", " ", "\t", "\n", "\r", "#", "# \\\n", "# a="),
    *(
        "[",
        "{",
        "- ",
        "? ",
        "&a ",
        "&a b\n",
        "!x ",
        "*a ",
        "a: ",
        "a: b\n",
        "<<: ",
        "|\n",
    ),
    *(
        "FROM ",
        "FROM a AS b\n",
        "FROM $TARGETOS AS b\n",
        "onbuild ",
        "ONBUILD\n",
        "from='",
    ),
    *("\x85", "\xa0", "\udc85", "\u2028", "services:\n", "x/y:1 ", "a,from=b,", "a=b "),
]


def read_lines(start, text):
    """Read a text in lines that are short enough for a name."""
    lines = (start + text[at : at + 4000] for at in range(0, len(text), 4000))
    read_dockerfile(Source("Dockerfile", "\n".join(lines)))


READERS = {
    "quoted-lines": lambda text: read_lines('FROM "', text),
    "lines-of-defaults": lambda text: read_lines("ARG A=${A:-{", text),
    "prefilter": lambda text: may_hold(text.encode("utf-8", "surrogateescape"), [b"?"]),
    "dockerfile": lambda text: read_dockerfile(Source("Dockerfile", text)),
    "behind-from": lambda text: read_dockerfile(Source("Dockerfile", f"FROM {text}")),
    "behind-copy": lambda text: read_dockerfile(Source("Dockerfile", f"COPY --{text}")),
    "behind-run": lambda text: read_dockerfile(Source("Dockerfile", f"RUN <<{text}")),
    "behind-arg": lambda text: read_dockerfile(Source("Dockerfile", f"ARG A={text}")),
    "directives": lambda text: read_dockerfile(Source("Dockerfile", f"# {text}")),
    "yaml": lambda text: read_yaml(Source("compose.yml", text)),
    "image": lambda text: read_yaml(
        Source("compose.yml", f"services:\n a:\n  image: x{text}")
    ),
}


def measure(reader, token, size):
    """Return the seconds that a reading takes."""
    text = token * (size // len(token))
    start = time.process_time()
    reader(text)
    return time.process_time() - start


@pytest.mark.parametrize("name", READERS)
def test_what_is_repeated_takes_no_square_of_its_length(name):
    reader = READERS[name]
    gc.disable()
    try:
        for token in TOKENS:
            large = measure(reader, token, 256 << 10)
            assert large < 5, token
            # What takes less than this has no square in it worth the name.
            if large > 0.2:
                small = min(measure(reader, token, 64 << 10) for _ in range(3))
                assert large < 10 * small, token
    finally:
        gc.enable()
