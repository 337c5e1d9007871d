# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Flags as BuildKit takes them, and the heredocs of a line."""

import pytest

from invenio_cli_registry.readers.flags import flag_values, mounted, skip_flags
from invenio_cli_registry.readers.heredocs import find_marks
from invenio_cli_registry.readers.model import Instruction


def instruction(text):
    return Instruction("RUN", 0, len(text), 1, text, range(len(text)))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("--from=x a b", ["x"], id="plain"),
        pytest.param('--from="x y" a', ["x y"], id="quotes"),
        pytest.param("--from='x'y a", ["xy"], id="quotes-inside"),
        pytest.param('--from="it\'s" a', ["it's"], id="other-quote"),
        pytest.param("--from=x\\ y a", ["x y"], id="escape"),
        pytest.param("--from=x\\", ["x"], id="escape-at-end"),
        pytest.param('--from="x', ["x"], id="open-quote"),
        pytest.param("--from= a b", [""], id="nothing"),
        pytest.param("--from a b", [], id="no-value"),
        pytest.param("--link --from=x a", ["x"], id="second"),
        pytest.param("-- --from=x a", [], id="end-of-flags"),
        pytest.param("a --from=x", [], id="behind"),
        pytest.param('--"" --from=x a', [], id="end-of-flags-with-quotes"),
        pytest.param("--from=\xe9 a", ["\xe9"], id="beyond-ascii"),
        pytest.param("--from=\xe0b a", ["\xe0"], id="a-byte-that-is-a-blank"),
        pytest.param("--from='\xe0b' a", ["\xe0b"], id="and-in-quotes"),
        pytest.param("--from=\\\xe0b a", ["\xe0"], id="and-escaped"),
        pytest.param("--from=a\udca0b", ["a"], id="and-alone"),
        pytest.param("--from=a\udce0b", ["a\udce0b"], id="another-byte"),
        pytest.param("--from=a\ud800b", ["a\ud800b"], id="half-a-character"),
        pytest.param("", [], id="empty"),
    ],
)
def test_the_values_of_a_flag(text, values):
    found = list(flag_values(instruction(text), "from", "D"))
    assert [value.text for value in found] == values
    for value in found:
        assert "".join(text[at] for at in value.offsets) == value.text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("--mount=from=x,target=/y c", ["x"], id="first"),
        pytest.param("--mount=type=bind,FROM=x c", ["x"], id="key-in-any-case"),
        pytest.param("--mount=from=a,from=b c", ["b"], id="last-counts"),
        pytest.param("--mount=from= c", [""], id="context"),
        pytest.param("--mount=type=tmpfs c", [], id="none"),
        pytest.param("--mount=from=a --mount='from=b,ro' c", ["a", "b"], id="two"),
    ],
)
def test_what_is_mounted(text, names):
    assert [name.text for name in mounted(instruction(text), "D")] == names


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("--a=1 \t --b x y", "x y", id="two"),
        pytest.param("-a x", "-a x", id="one-dash"),
        pytest.param("-- --a x", "--a x", id="end-of-flags"),
        pytest.param("--''\"\" --a x", "--a x", id="end-of-flags-with-quotes"),
        pytest.param("--'-' --a x", "x", id="no-end-of-flags"),
        pytest.param("--a=\xe0--b x", "x", id="a-byte-that-is-a-blank"),
    ],
)
def test_what_comes_behind_the_flags(text, rest):
    assert text[skip_flags(text) :] == rest


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        pytest.param("RUN <<EOF", [("EOF", False, False)], id="plain"),
        pytest.param("RUN 3<<-'E F'", [("E F", True, False)], id="quoted"),
        pytest.param(
            "COPY <<A <<B /x", [("A", False, False), ("B", False, False)], id="two"
        ),
        pytest.param("RUN cat << EOF", [("EOF", False, True)], id="apart"),
        pytest.param("RUN cat <<< x", [], id="here-string"),
        pytest.param("RUN cat<<EOF", [], id="inside-a-word"),
        pytest.param("RUN <<''", [], id="no-name"),
        pytest.param("RUN <<", [], id="nothing"),
        pytest.param("RUN <<E\\", [("E", False, False)], id="escape-at-end"),
        pytest.param("RUN <<EOF it's", [], id="open-quote"),
        pytest.param("RUN echo '<<EOF'", [], id="in-quotes"),
        pytest.param("RUN ${x^^} <<E", [], id="an-operator-that-buildkit-has-not"),
        pytest.param('RUN "${x[@]}" <<E', [], id="and-in-double-quotes"),
        pytest.param(
            "RUN '${x^^}' \\${x^^} <<E", [("E", False, False)], id="no-variable"
        ),
        pytest.param("RUN ${x:-y <<E", [], id="open-brace"),
        pytest.param("RUN ${x:-'}'} $(y) } <<E", [("E", False, False)], id="braces"),
        pytest.param('RUN "${x:-"y"}" $z <<E', [("E", False, False)], id="nested"),
        pytest.param('RUN "${x:-"y}" <<E', [], id="nested-open-quote"),
        pytest.param("", [], id="empty"),
    ],
)
def test_the_heredocs_of_a_line(text, marks):
    assert list(find_marks(text)) == marks
