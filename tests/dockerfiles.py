# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Dockerfiles for hypothesis: all that BuildKit's parser has a rule for, and a mess."""

from hypothesis import strategies as st

one_of = st.sampled_from

IMAGES = one_of(
    [
        *("a", "a/b:1", "x.io:5000/y@sha256:" + "0" * 64, "B", "s", "S", "s2", "s.3"),
        *("scratch", "docker.io/a/b", "é/x", "0", "$I/x:1", "${I:-a}/b", "x/${P%.*}"),
    ]
)
BLANKS = one_of([" ", "  ", "\t", " \t ", "\v", "\f ", " \r"])
WORDS = one_of(
    ["x", "yum install y", "&&", "# no comment", "'a b'", '"c"', "é", "à", "{{ x }}"]
)
INDENTS = one_of(["", "", "", " ", "\t", "\v", "\xa0", "\u2028 "])


@st.composite
def joins(draw):
    """What may stand between two words: blanks, or the next line."""
    if draw(st.booleans()):
        return draw(BLANKS)
    between = draw(
        st.lists(one_of(["# c\n", "\n", "  \n", "\t# d \\\n", "\t\v\n"]), max_size=3)
    )
    return " \\" + draw(one_of(["", " ", "\t"])) + "\n" + "".join(between) + " "


@st.composite
def cuts(draw, word):
    """Cut a word in two lines at times: it is one all the same."""
    at = draw(st.integers(0, 4 * len(word)))
    return f"{word[:at]}\\\n{word[at:]}" if 0 < at < len(word) else word


@st.composite
def froms(draw):
    keyword = draw(one_of(["FROM", "from", "From"]))
    flag = draw(one_of(["", "", "--platform=linux/amd64 ", "--platform=$P ", "-- "]))
    names = ["", "", " AS s", " as S2", " As s.3", " AS s2", " AS é", " AS 1"]
    name = draw(one_of([*names, " # c", " AS s # c", " s", " AS"]))
    image = draw(cuts(draw(IMAGES)))
    return f"{draw(INDENTS)}{keyword}{draw(joins())}{flag}{image}{name}"


@st.composite
def mounts(draw):
    """A mount as the first argument of a ``--mount``, its fields in any order."""
    image = draw(IMAGES | one_of(["", "$X", "1"]))
    source = f"{draw(one_of(['from', 'from', 'From', 'source']))}={image}"
    kind = draw(one_of(["bind", "cache", "secret", "bind"]))
    fields = [f"type={kind}", source, "target=/m", "ro"]
    fields = draw(st.permutations(fields))[: draw(st.integers(1, 4))]
    quoted = draw(
        one_of(["--mount={} ", "--mount={} ", '--mount="{}" ', "--MOUNT={} "])
    )
    return quoted.format(",".join(fields))


ONBUILD = one_of(["", "", "", "ONBUILD ", "onbuild\t", "ONBUILD \\\n "])


@st.composite
def runs(draw):
    flags = "".join(draw(st.lists(mounts() | one_of(["--network=none "]), max_size=2)))
    words = draw(joins()).join(draw(st.lists(WORDS, min_size=1, max_size=4)))
    run = draw(one_of(["RUN", "RUN", "run"]))
    return f"{draw(INDENTS)}{draw(ONBUILD)}{run} {flags}{words}"


@st.composite
def copies(draw):
    flags = draw(one_of(["", "", "--chown=u:g ", "--link ", "-- "]))
    form = draw(one_of(["{}", "{}", '"{}"', "'{}'"]))
    image = form.format(draw(IMAGES | one_of(["", "+1", "1x", "$X"])))
    flags += f"--{draw(one_of(['from', 'FROM']))}={image}"
    copy = draw(one_of(["COPY", "COPY", "copy", "ADD"]))
    return f"{draw(ONBUILD)}{copy} {flags} /a{draw(joins())}/b"


BODY = one_of(
    [
        *("FROM x", "from y import z", "from pathlib import Path", "\tE2", "# c"),
        *("a \\", "", "RUN <<E", "  E", "\r", "# escape=`"),
    ]
)


@st.composite
def heredocs(draw):
    keyword = draw(one_of(["RUN", "COPY", "run", "ADD", "ONBUILD RUN", "onbuild copy"]))
    names = draw(st.lists(one_of(["E", "EOF", "PY"]), min_size=1, max_size=2))
    marks = one_of(["<<{}", "<<-{}", "<<'{}'", '<<"{}"', "3<<{}", "<<-'{}'"])
    used = [draw(marks) for _ in names]
    line = " ".join(mark.format(name) for mark, name in zip(used, names))
    line = draw(one_of([f"{keyword} {line}", f"{keyword} cat {line} /x"]))
    if keyword.lower().endswith(("copy", "add")):
        line += draw(one_of([" /target", " \\\n  /target"]))
    for mark, name in zip(used, names):
        body = draw(st.lists(BODY, max_size=3))
        tabs = "\t" if "-" in mark and draw(st.booleans()) else ""
        line = "\n".join([line, *body, tabs + name])
    return line


#: In any case and indented, templates, and what is no line end to BuildKit.
OTHERS = one_of(
    [
        *("", "# a comment", "   # another", "# FROM x", "ENV A=1", "WORKDIR /x"),
        *('CMD ["a", "b"]', "LABEL a=<<E", "ARG V=1", "ARG V", "ARG V=1 W='2 3'"),
        *("ENTRYPOINT x \\\n  y", "\\\n  WORKDIR /y", "ARG V=1 \\\n # c\n\n  W=$V"),
        *("RUN echo it's <<E", "RUN cat <<''", 'RUN ["a", "<<E"]', "RUN echo <<<E"),
        *("\x0bUSER\x0bu\x0c", "\xa0USER u\u2028", "USER \x1cu\x85v", "USER\tu\rv"),
        *("{% if x %}", "{{ cookiecutter.x }}", "{%- endif %}", "{# FROM x #}"),
        *("ONBUILD WORKDIR /x", "HEALTHCHECK NONE", "MAINTAINER é", "foo bar"),
    ]
)
TOPS = one_of(
    [
        *("", "", "# syntax=docker/dockerfile:1\n", "# escape=\\\n", "\n", "\ufeff"),
        *("#escape = \\\n# check=skip=all\n", "# a comment\n", "\n# escape=`\n"),
        *("# a comment\n# escape=`\n", "# unknown=x\n# escape=`\n"),
        *("\ufeff# escape=\\\n", "# syntax=a\n# syntax=b\n", "# ESCAPE=\\\n\n"),
    ]
)


@st.composite
def files(draw):
    """Whole Dockerfiles, with either escape character and any line ends."""
    text = draw(TOPS)
    lines = one_of([froms, runs, copies, heredocs]).flatmap(lambda make: make())
    text += "\n".join([draw(froms()), *draw(st.lists(lines | OTHERS, max_size=8))])
    text += draw(one_of(["\n", "\n", "", "\n\n", " \\\n"]))
    if draw(st.booleans()):
        text = text.replace("\\", "`")
        text = text if "escape" in text[:25] else "# escape=`\n" + text
    ends = draw(one_of(["\n", "\n", "\r\n", "mixed"]))
    if ends != "mixed":
        return text.replace("\n", ends)
    first, rest = text[: len(text) // 2], text[len(text) // 2 :]
    return first + rest.replace("\n", "\r\n")


#: What no grammar thinks of: the signs that mean something, in any order.
STARTS = ["FROM ", "from ", "RUN ", "COPY ", "ONBUILD ", "ADD ", "ARG ", "{% if %}\n"]
NAMES = ["a", "b/c:1", " AS s", " as S", "s", "S", "FROM a\n", "RUN x\n"]
ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\\\n", "`\n", "\\ \n", "\\\r\n", "\\\\\n"]
SIGNS = ["\\", "`", "-", "=", ",", "'", '"', "$x", "${x}", "\xe9", "\xe0", "\ufeff"]
OPEN = ["${", "$(", "}", "${x:-", "${x:+y}", "${x^}", "[", '["a"]', '"a b"', "'c d'"]
SPACES = [" ", "\t", "\v", "\f", "\xa0", "\x85", "\u2028", "\u3000"]
COMMENTS = ["#", "# c\n", "# syntax=x\n", "# unknown=x\n"]
ESCAPES = ["# escape=`\n", " # escape=`\n", "# escape=\\\n"]
FLAGS = ["--from=a ", "--from=", "--mount=from=", "--platform=x ", "-- "]
#: None apart, ``<< E``, and no ``${x#y}``: the binding's BuildKit is older than both.
HEREDOCS = ["<<E", "<<-E", "<<'E'", '<<"E"', "3<<E", "E\n", "\tE\n", "E"]
SOUP = st.lists(
    st.one_of(
        map(
            one_of,
            [STARTS, NAMES, ENDS, SIGNS, OPEN, SPACES]
            + [COMMENTS, ESCAPES, FLAGS, HEREDOCS],
        )
    ),
    max_size=30,
).map("".join)
