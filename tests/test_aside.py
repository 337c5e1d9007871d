# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile that is read for its images alone names the same ones, in the same stages."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.source import Source

#: After the first line, each as it could hide the next one, or be hidden.
LINES = [
    "FROM b AS c",
    "from c",
    "ARG D=e",
    "FROM $D",
    "FROM b\\c AS d",
    "ONBUILD FROM f",
    "ONBUILD COPY --from=g / /",
    "COPY --from=h / /",
    "COPY\t --from=c / /",
    "RUN --mount=from=i,target=/i x",
    "RUN\v--mount=from=j,target=/j x",
    "run make",
    "  ENV A=b",
    "RUN make \\",
    "RUN make \\  \r",
    "RUN make \\\r ",
    "RUN make \\\\",
    "RUN a\\b",
    "RUN a `",
    "RUN\\",
    "RUN --\\",
    "  make \\",
    "\\",
    "# FROM k \\",
    "  # x",
    "\v# \\",
    "\x85#x",
    "",
    " \t\r",
    "RUN cat <<END",
    "RUN <<END cat \\",
    "COPY <<-END /x",
    "END",
    "RUN #x",
    "ENV",
    "{% if x %}",
    "EXPOſE 1 \\",
    "WORKDIR /x \\",
]


def read_both(text):
    source = Source("Dockerfile", text)
    return read_dockerfile(source), read_dockerfile(source, whole=False)


@pytest.mark.parametrize("line", LINES)
def test_the_images_are_the_same_whatever_stands_between_them(line):
    for after in LINES:
        whole, aside = read_both(f"FROM a\n{line}\n{after}\nFROM z\n")
        assert (aside.stages, aside.references) == (whole.stages, whole.references)
        assert aside.instructions == ()


@given(st.lists(st.sampled_from(LINES)), st.sampled_from(["", "# escape=`\n"]))
@example(["RUN make \\", "  # x", "FROM b\\c AS d"], "")
@example(["RUN make \\", "# FROM k \\", "  make \\", "RUN a\\b", "FROM b AS c"], "")
def test_the_images_are_the_same_in_any_order_of_lines(lines, directive):
    whole, aside = read_both(f"{directive}FROM a\n" + "\n".join(lines))
    assert (aside.stages, aside.references) == (whole.stages, whole.references)


@given(st.text(st.sampled_from("\\`<#-\n\r\t \v\x85ARUNFOMCPYLEVfrom=a"), max_size=60))
def test_the_images_are_the_same_of_any_text(text):
    whole, aside = read_both(f"FROM a\nRUN {text}\nFROM z")
    assert (aside.stages, aside.references) == (whole.stages, whole.references)
