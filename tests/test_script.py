# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands of an instruction, and where each of them stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.runs.script import split_commands
from invenio_cli_registry.runs.shell import split_script

from .test_rules import step


def split(line, body=None):
    return split_commands(step(line, body=body))


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        pytest.param("a b", [["a", "b"]], id="one"),
        pytest.param("", [], id="nothing"),
        pytest.param("  \n\t ", [], id="blanks"),
        pytest.param(
            "a&&b||c;d|e&f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]], id="operators"
        ),
        pytest.param("a\nb", [["a"], ["b"]], id="lines"),
        pytest.param("a \\\n b", [["a", "b"]], id="continued"),
        pytest.param("a \\\r\n b", [["a", "b"]], id="continued-crlf"),
        pytest.param("a\r\nb\r\n", [["a"], ["b"]], id="crlf"),
        pytest.param("a 'b && c'", [["a", "b && c"]], id="single-quotes"),
        pytest.param('a "b; c"', [["a", "b; c"]], id="double-quotes"),
        pytest.param('a "b \\" && c"', [["a", 'b \\" && c']], id="escaped-quote"),
        pytest.param("a b\\ c\\;d", [["a", "b c;d"]], id="escaped-blank"),
        pytest.param("a b'c'\"d\"", [["a", "bcd"]], id="parts-of-a-word"),
        pytest.param("a # b && c", [["a"]], id="comment"),
        pytest.param("a # b\nc", [["a"], ["c"]], id="comment-ends-with-the-line"),
        pytest.param("a b#c", [["a", "b#c"]], id="no-comment-inside-a-word"),
        pytest.param("a '# b'", [["a", "# b"]], id="no-comment-in-quotes"),
        pytest.param("a $(b; c) d", [["a", "$(b; c)", "d"]], id="substitution"),
        pytest.param(
            "a $(b $(c) d)e", [["a", "$(b $(c) d)e"]], id="nested-substitution"
        ),
        pytest.param(
            "a $( (b) ) c", [["a", "$( (b) )", "c"]], id="subshell-in-a-substitution"
        ),
        pytest.param("a `b; c`", [["a", "`b; c`"]], id="backticks"),
        pytest.param("a ${b:-c d}", [["a", "${b:-c d}"]], id="variable"),
        pytest.param("a $b$", [["a", "$b$"]], id="dollars"),
        pytest.param("(a; b)", [["a"], ["b"]], id="subshell"),
        pytest.param("a > b", [["a"]], id="output"),
        pytest.param("a 2>&1 >b c", [["a", "c"]], id="output-in-between"),
        pytest.param("a &> b && c", [["a"], ["c"]], id="both-outputs"),
        pytest.param("a < b", [["a"]], id="input"),
        pytest.param("> b", [[]], id="output-alone"),
        pytest.param("a <<< 'b'", [["a"]], id="here-string"),
        pytest.param("a 'b", [["a", "'b"]], id="open-quote"),
        pytest.param('a "b && c', [["a", '"b && c']], id="open-double-quote"),
        pytest.param("a $(b && c", [["a", "$(b && c"]], id="open-substitution"),
        pytest.param("a \x0c b", [["a", "\x0c", "b"]], id="form-feed"),
        pytest.param("a \\", [["a", "\\"]], id="backslash-at-the-end"),
    ],
)
def test_split_script(script, commands):
    found = [[word.text for word in one.words] for one in split_script(script)]
    assert found == commands


@given(st.text(alphabet="ab $()`'\"\\#;&|<>{}\n\r\t\x0c=-", max_size=40))
def test_any_script_is_split_into_places_in_it(script):
    at = 0
    for one in split_script(script):
        for word in one.words:
            assert at <= word.start < word.end <= one.end <= len(script)
            at = word.end


@pytest.mark.parametrize(
    ("opening", "count"),
    [
        pytest.param("$(", 1, id="substitution"),
        pytest.param("'", 1, id="quote"),
        pytest.param("`", 1, id="backtick"),
        pytest.param("${", 1, id="variable"),
        pytest.param("(", 0, id="subshell"),
        pytest.param("<<", 0, id="heredoc"),
    ],
)
def test_a_long_script_that_never_closes_is_read_to_its_end(opening, count):
    # An even number of quotes would close them all. Quadratic work would take an hour.
    script = opening * 200_001
    words = [word for one in split_script(script) for word in one.words]
    assert len(words) == count
    assert all(word.end == len(script) for word in words)


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        pytest.param("RUN a b", ["a b"], id="plain"),
        pytest.param(
            "RUN --mount=type=cache,target=/x --network=none a b", ["a b"], id="flags"
        ),
        pytest.param(
            "RUN --security=insecure a --b", ["a --b"], id="flag-of-the-command"
        ),
        pytest.param('RUN ["a", "b"]', ["a b"], id="exec-form"),
        pytest.param('RUN --network=none ["a"]', ["a"], id="exec-form-after-a-flag"),
        pytest.param('RUN ["sh", "-c", "a; b"]', ["a", "b"], id="exec-form-of-a-shell"),
        pytest.param(
            'RUN ["sh", "-c", "\'a b\' c"]', ["'a b' c"], id="exec-form-quotes"
        ),
        pytest.param("RUN [ -f x ] && a", ["[ -f x ]", "a"], id="test-is-no-exec-form"),
        pytest.param('RUN ["a", 1]', ['["a", 1]'], id="no-exec-form"),
        pytest.param("RUN []", ["[]"], id="empty-list"),
        pytest.param("RUN " + "[" * 100_000, ["[" * 100_000], id="deep-list"),
        pytest.param("RUN sh -c 'a; b' && c", ["a", "b", "c"], id="shell"),
        pytest.param("RUN /bin/bash -euxc 'a'", ["a"], id="shell-with-options"),
        pytest.param(
            "RUN bash -o pipefail -c 'a | b'", ["a", "b"], id="shell-with-an-option"
        ),
        pytest.param("RUN su user -c 'a'", ["a"], id="su"),
        pytest.param(
            "RUN bash script.sh -x", ["bash script.sh -x"], id="shell-with-a-file"
        ),
        pytest.param("RUN sh -c a", ["a"], id="script-without-quotes"),
        pytest.param("RUN sudo -u root -E a", ["a"], id="sudo"),
        pytest.param("RUN sudo", ["sudo"], id="sudo-alone"),
        pytest.param("RUN sudo -E", [], id="sudo-of-nothing"),
        pytest.param("RUN env -u X Y=1 a", ["a"], id="env"),
        pytest.param("RUN X=1 Y='2 3' a", ["a"], id="assignments"),
        pytest.param("RUN X=1", [], id="an-assignment-alone"),
        pytest.param("RUN if a; then b; else c; fi", ["a", "b", "c", "fi"], id="if"),
        pytest.param("RUN ls | xargs -n 1 a", ["ls", "a"], id="xargs"),
        pytest.param("RUN time nice -n 5 a", ["a"], id="time"),
        pytest.param("RUN timeout 60 a b", ["a b"], id="timeout"),
        pytest.param("RUN timeout -k 5 60 a", ["a"], id="timeout-with-a-value"),
        pytest.param("RUN timeout 60", [], id="timeout-of-nothing"),
        pytest.param("RUN command a b", ["a b"], id="command"),
        pytest.param("RUN command -p a", ["a"], id="command-with-a-flag"),
        pytest.param("RUN command -v a", ["command -v a"], id="command-that-asks"),
        pytest.param("RUN X=$(a b)", ["a b"], id="substitution-assigned"),
        pytest.param("RUN a $(b; c)", ["b", "c", "a $(b; c)"], id="substitution"),
        pytest.param(
            "RUN a $(b $(c) d)",
            ["c", "b $(c) d", "a $(b $(c) d)"],
            id="substitution-in-another",
        ),
        pytest.param(
            "RUN a $(b)$(c)", ["b", "c", "a $(b)$(c)"], id="two-substitutions"
        ),
        pytest.param("RUN a `b c`", ["b c", "a `b c`"], id="backticks"),
        pytest.param('RUN a "x $(b)"', ["b", 'a "x $(b)"'], id="in-double-quotes"),
        pytest.param(
            """RUN a "it's $(b)" '$(c)'""",
            ["b", """a "it's $(b)" '$(c)'"""],
            id="in-single-quotes-is-none",
        ),
        pytest.param("RUN a \\$(b)", ["a \\$", "b"], id="escaped-is-none"),
        pytest.param(
            """RUN a "it's $(b) isn't" """,
            ["b", """a "it's $(b) isn't\""""],
            id="between-apostrophes",
        ),
        pytest.param("RUN a $((1 + (2)))", ["a $((1 + (2)))"], id="arithmetic"),
        pytest.param("RUN a $(b", ["a $(b"], id="open-substitution"),
        pytest.param("RUN a > b", ["a > b"], id="redirection"),
        pytest.param("RUN # a", [], id="comment"),
        pytest.param("COPY a b", ["a b"], id="copy"),
        pytest.param("ENV X=a;b", ["X=a;b"], id="env-is-no-script"),
        pytest.param("WORKDIR", [], id="no-arguments"),
    ],
)
def test_split_commands(line, commands):
    assert [one.text for one in split(line)] == commands


def test_every_character_has_its_place():
    line = "RUN --network=none cd /a && sudo  b 'c d' > e; bash -c 'f; g'"
    for one in split(line):
        places = "".join(line[offset] for offset in one.offsets)
        assert places == one.text


def test_an_exec_form_stands_where_it_begins():
    (found,) = split('RUN ["yum", "install"]')
    assert set(found.offsets) == {4}
    assert len(found.offsets) == len(found.text)


def test_program():
    assert split("RUN /usr/bin/yum x")[0].program == "yum"


@pytest.mark.parametrize(
    ("line", "optional"),
    [
        pytest.param("RUN a || true", True, id="true"),
        pytest.param("RUN a || :", True, id="colon"),
        pytest.param("RUN a || b", False, id="another-way"),
        pytest.param("RUN a && true", False, id="and"),
        pytest.param("RUN a; true", True, id="true at the end"),
        pytest.param("RUN a; :", True, id="colon at the end"),
        pytest.param("RUN a; exit 0", True, id="exit 0 at the end"),
        pytest.param("RUN a; b; true", True, id="true at the end of three"),
        pytest.param("RUN a && b || true", True, id="of a chain"),
        pytest.param("RUN a || b || true", True, id="of three ways"),
        pytest.param("RUN a | b || true", True, id="of a pipe"),
        pytest.param("RUN a; b", False, id="then"),
        pytest.param("RUN a; exit 1", False, id="exit 1"),
        pytest.param("RUN a; b && true", True, id="true of another"),
        pytest.param("RUN a && b; c || true", True, id="the last is ignored"),
        pytest.param("RUN a & true", False, id="in the background"),
        pytest.param("RUN a ||", False, id="nothing"),
        pytest.param("RUN a || X=1", False, id="assignment"),
        pytest.param("RUN a", False, id="alone"),
    ],
)
def test_optional(line, optional):
    assert split(line)[0].optional is optional


@pytest.mark.parametrize(
    ("line", "optional"),
    [
        pytest.param("RUN set -e; a; true", False, id="set -e"),
        pytest.param("RUN set -eux; a; true", False, id="set -eux"),
        pytest.param("RUN set -x; a; true", True, id="set -x"),
        pytest.param("RUN set; a; true", True, id="set alone"),
    ],
)
def test_a_shell_that_stops_ignores_nothing(line, optional):
    assert split(line)[1].optional is optional


@pytest.mark.parametrize(
    ("line", "guarded"),
    [
        pytest.param("RUN command -v a && a", True, id="command -v"),
        pytest.param("RUN command -V a && a", True, id="command -V"),
        pytest.param("RUN which a && a", True, id="which"),
        pytest.param("RUN type a && a", True, id="type"),
        pytest.param("RUN hash a && a", True, id="hash"),
        pytest.param("RUN [ -x /usr/bin/a ] && a", True, id="test of its file"),
        pytest.param("RUN test -x /usr/bin/a && /usr/bin/a", True, id="test"),
        pytest.param(
            "RUN if command -v a >/dev/null; then a; else b; fi", True, id="if"
        ),
        pytest.param('RUN [ -n "$(command -v a)" ] && a', True, id="in a substitution"),
        pytest.param("RUN [ -f /etc/redhat-release ] && a", True, id="the system"),
        pytest.param("RUN command -v b && a", False, id="another program"),
        pytest.param("RUN command b; a", False, id="run"),
        pytest.param("RUN a && command -v a", False, id="too late"),
        pytest.param("RUN [ -f /etc/debian_version ] && a", False, id="another system"),
    ],
)
def test_guarded(line, guarded):
    (found,) = [one for one in split(line) if one.program == "a"]
    assert found.guarded is guarded


@pytest.mark.parametrize(
    ("line", "writes"),
    [
        pytest.param("RUN a > b", True, id="to-a-file"),
        pytest.param("RUN a >> b", True, id="appended"),
        pytest.param("RUN a &> b", True, id="both"),
        pytest.param("RUN a 2>&1", False, id="to-the-other-output"),
        pytest.param("RUN a < b", False, id="input"),
        pytest.param("RUN a '>' b", False, id="quoted"),
    ],
)
def test_writes(line, writes):
    assert split(line)[0].writes is writes


@pytest.mark.parametrize(
    ("line", "body", "commands"),
    [
        pytest.param("RUN <<EOF", "a\nb\n", ["a", "b"], id="script"),
        pytest.param("RUN <<EOF", "#!/bin/sh\na\n", ["a"], id="shell"),
        pytest.param("RUN <<EOF", "#!/usr/bin/env bash\na\n", ["a"], id="env-shell"),
        pytest.param("RUN <<EOF", "#!/usr/bin/python3\na\n", [], id="python"),
        pytest.param("RUN <<EOF", "bash -c 'a; b'\n", ["a", "b"], id="shell-inside"),
        pytest.param("RUN sh <<EOF", "a\n", ["sh <<EOF", "a"], id="read-by-a-shell"),
        pytest.param("RUN sudo bash <<EOF", "a\n", ["bash <<EOF", "a"], id="sudo"),
        pytest.param("RUN cat <<EOF > x", "a\n", ["cat <<EOF > x"], id="read-by-cat"),
        pytest.param("RUN a && <<EOF", "b\n", ["a", "b"], id="after-a-command"),
        pytest.param("COPY <<EOF /x", "a\n", ["<<EOF /x"], id="copy"),
        pytest.param(
            "RUN a <<EOF <<EOF", "b\n", ["a <<EOF <<EOF"], id="one-body-for-two"
        ),
    ],
)
def test_heredoc(line, body, commands):
    assert [one.text for one in split(line, body)] == commands


def test_scripts_in_scripts_end_somewhere():
    line = "RUN " + "bash -c \\\n" * 3 + "a"
    assert split(line)[-1].words
    nested = "a"
    for _ in range(8):
        nested = f"sh -c {nested}"
    assert len(split(f"RUN {nested}")) == 1
    nested = "a"
    for _ in range(8):
        nested = f"a $({nested})"
    assert len(split(f"RUN {nested}")) == 5
