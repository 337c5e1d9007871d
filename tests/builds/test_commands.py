# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands of an instruction, as words, and where each of them is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.builds import (
    Locals,
    find_breaking,
    find_failing,
    trace_builds,
)
from invenio_cli_registry.builds.commands import split_commands
from invenio_cli_registry.image import parse
from invenio_cli_registry.model import Piece, Source
from invenio_cli_registry.readers.dockerfile import read_dockerfile

from . import CATALOG, CENTOS7, DEBIAN, SITE, build, list_commands


def read_last(text):
    """Return the last instruction of a Dockerfile."""
    source = Source("Dockerfile", f"FROM scratch\n{text}\n")
    return read_dockerfile(source).instructions[-1]


def split(text, **values):
    """Return the commands of the last instruction of a Dockerfile."""
    return split_commands(read_last(text), values)


def places(text):
    """Return where these commands are."""
    return [one.place(read_last(text)) for one in split(text)]


def show(commands):
    return [" ".join(one.words) for one in commands]


SCRIPTS = {
    "RUN a&&b||c;d|e&f": ["a", "b", "c", "d", "e", "f"],
    "RUN a 'b && c'": ["a b && c"],
    'RUN a "b; c" d': ["a b; c d"],
    r"RUN a b\ c\;d": ["a b c;d"],
    "RUN a b'c'\"d\"": ["a bcd"],
    "RUN a # b && c": ["a"],
    "RUN a b#c '# d'": ["a b#c # d"],
    "RUN (a; b)": ["a", "b"],
    "RUN a > b 2>&1 c": ["a c"],
    "RUN a <<< 'b'": ["a"],
    "RUN > b": [],
    "RUN a ${b:-c d}": ["a ${b:-c d}"],
    "RUN a 'b": ["a 'b"],
    "RUN a $(b && c": ["a $(b && c"],
    "RUN a \\\n  b": ["a b"],
    "RUN --mount=type=cache,target=/x --network=none a --b": ["a --b"],
    'RUN ["a", "b c"]': ["a b c"],
    'RUN --network=none ["sh", "-c", "a; b"]': ["a", "b"],
    "RUN [ -f x ] && a": ["[ -f x ]", "a"],
    "RUN " + "[" * 100_000: ["[" * 100_000],
    "RUN sh -c 'a; b' && c": ["a", "b", "c"],
    "RUN /bin/bash -euxc 'a'": ["a"],
    "RUN bash -o pipefail -c 'a | b'": ["a", "b"],
    "RUN su user -c 'a'": ["a"],
    "RUN bash script.sh -x": ["bash script.sh -x"],
    "RUN sudo -u root -E a": ["a"],
    "RUN env -u X Y=1 a": ["a"],
    "RUN X=1 Y='2 3' a": ["a"],
    "RUN X=1": [],
    "RUN if a; then b; else c; fi": ["a", "b", "c", "fi"],
    "RUN ! a && { b; }": ["a", "b"],
    "RUN ls | xargs -n 1 a": ["ls", "a"],
    "RUN time nice -n 5 a": ["a"],
    "RUN timeout -k 5 60 a b": ["a b"],
    "RUN command -p a": ["a"],
    "RUN command -v a": ["command -v a"],
    "RUN X=$(a b)": [],
    "RUN a $(b $(c; d) e) f": ["a $(b $(c; d) e) f"],
    "RUN a `b; c`": ["a `b; c`"],
    'RUN a "x $(b)"': ["a x $(b)"],
    "COPY a b": ["a b"],
    'COPY ["a", "b"]': ["a b"],
    "ENV X='a;b' Y=2": ["X=a;b Y=2"],
    'CMD ["a", "b"]': ["a b"],
    "HEALTHCHECK --interval=5s CMD a b": ["a b"],
    "ONBUILD RUN a": [],
    "RUN <<EOF\na\nb\nEOF": ["a", "b"],
    "RUN <<EOF\n#!/usr/bin/env bash\na\nEOF": ["a"],
    "RUN bash -e <<EOF\na\nEOF": ["bash -e", "a"],
    "RUN cat <<EOF > x\na\nEOF": ["cat"],
    "RUN python3 <<EOF\na\nEOF": ["python3"],
    "RUN a <<A && <<B\nb\nA\nc\nB": ["a", "c"],
}


@pytest.mark.parametrize(("text", "commands"), SCRIPTS.items(), ids=range(len(SCRIPTS)))
def test_commands(text, commands):
    assert show(split(text)) == commands


VALUES = {
    "RUN a $V": "a 3.12",
    "RUN a python${V}-devel": "a python3.12-devel",
    "RUN a \"$V\" '$V'": "a 3.12 $V",
    """RUN a "it's $V" """: "a it's 3.12",
    r"RUN a \$V": "a $V",
    "RUN a $W ${W:-2} $1": "a $W ${W:-2} $1",
    "RUN a ${V:-2} ${V%.*}": "a 3.12 ${V%.*}",
    "RUN bash -c 'a $V'": "a 3.12",
    'RUN ["a", "$V"]': "a $V",
    "RUN a $E. ${E:-2}": "a . 2",
    "COPY a$V /x": "a3.12 /x",
}


@pytest.mark.parametrize(("text", "command"), VALUES.items(), ids=VALUES)
def test_values(text, command):
    assert command in show(split(text, V="3.12", E=""))


AROUND = {
    "ARG V=3.12\nRUN a $V": "a 3.12",
    "ENV V 3.12\nRUN a $V": "a 3.12",
    "ARG A=3 B=4\nARG V=$A.$B\nRUN a $V": "a 3.4",
    "ENV V=1\nARG V=2\nRUN a $V": "a 1",
    "ARG V=1\nENV V=2\nRUN a $V": "a 2",
    "ARG V\nRUN a $V": "a 5",
    "ARG V=2\nRUN a $V": "a 2",
    "RUN a $V": "a $V",
    "ARG G=2\nRUN a $G": "a given",
    "ENV G=2\nRUN a $G": "a 2",
}


@pytest.mark.parametrize(("text", "command"), AROUND.items(), ids=AROUND)
def test_what_gives_a_value(text, command):
    source = Source("Dockerfile", f"ARG V=5\nFROM x\n{text}\n")
    given = {"G": (Piece("given", None),)}
    (one,) = trace_builds(
        [read_dockerfile(source, given)], [], SITE, Locals(), CATALOG.identify
    )
    assert show(list_commands(one))[-1] == command


def test_a_value_that_doubles_itself_ends():
    lines = [f"ENV V{number + 1}=$V{number}$V{number}" for number in range(200)]
    one = build("x", "ENV V0=aaaaaaaa", *lines, "RUN a $V200")
    assert len(list_commands(one)[-1].words[1]) < 20_000


def test_places():
    found = places("RUN cd /a && sudo  b 'c d' > e; bash -c 'f; g'")
    assert [one.text for one in found] == [
        "cd /a",
        "sudo  b 'c d' > e",
        "bash -c 'f; g'",
        "bash -c 'f; g'",
    ]
    (script,) = places("RUN <<EOF\n  a b\nEOF")
    assert (script.text, script.line) == ("a b", 3)


def read(text, name):
    (found,) = [one for one in split(text) if one.program == "a"]
    return getattr(found, name)


MARKS = {
    "RUN a || true": ("optional", True),
    "RUN a && b || :": ("optional", True),
    "RUN a | b || true": ("optional", True),
    "RUN a || b": ("optional", False),
    "RUN a && true": ("optional", False),
    "RUN a; b || true": ("optional", False),
    "RUN a > b": ("writes", "b"),
    "RUN a &> b c": ("writes", "b"),
    "RUN a 2>&1": ("writes", ""),
    "RUN a '>' b": ("writes", ""),
    "RUN bash -c 'a'": ("inner", True),
    "RUN bash <<EOF\na\nEOF": ("inner", True),
    "RUN <<EOF\na\nEOF": ("inner", False),
}


@pytest.mark.parametrize(("text", "mark"), MARKS.items(), ids=MARKS)
def test_marks(text, mark):
    assert read(text, mark[0]) == mark[1]


@pytest.mark.parametrize("text", ["COPY x /y", "RUN cp x /y", "RUN ln -s x /y"])
def test_what_copies_writes_its_last_word(text):
    assert split(text)[0].writes == "/y"


@given(st.text(alphabet="ab $()`'\"\\#;&|<>{}=-[", max_size=40))
def test_any_script_is_split_into_places_in_it(script):
    text = f"RUN a; {script}"
    assert all(one.words for one in split(text))
    for one in places(text):
        assert 0 <= one.start <= one.end <= len(one.source.text)


TOKENS = "{ _env _! _if _$(_${_'_\"_`_a;_(_<<_a=_\\_bash -c _$(a) _FOR=$V _x'\"_for a _[_> x "


@pytest.mark.parametrize("token", [*TOKENS.split("_"), "a || true && "])
def test_the_time_is_linear(token):
    times = []
    for size in (1 << 15, 1 << 17):
        text = f"RUN {token * (size // len(token))}"
        started = time.process_time()
        one = build(CENTOS7, text)
        assert one.python
        find_failing(one, CATALOG)
        find_breaking(one, CATALOG.identify(parse(DEBIAN)).base, CATALOG)
        times.append(time.process_time() - started)
    # Four times the text: sixteen times the time were quadratic.
    assert times[1] < max(9 * times[0], 1)
