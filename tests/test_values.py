# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ARG and ENV give the variables of the commands below them, and what stays."""

import pytest

from invenio_cli_registry.runs.values import Around, fill_in

from .instances import build, decide_instance, rdm
from .test_rules import step

ALMALINUX = "registry.cern.ch/inveniosoftware/almalinux:1"
USE = "RUN dnf install python${V}"


def fill(*lines, before=(), given=()):
    """Return the last instruction, filled in."""
    steps = tuple(("Dockerfile", step(line)) for line in lines)
    around = Around([step(line) for line in before], frozenset(given))
    return fill_in(steps, {"Dockerfile": around})[-1][1]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        pytest.param(["ARG V=3.12", USE], "dnf install python3.12", id="arg"),
        pytest.param(["ENV V=3.12", USE], "dnf install python3.12", id="env"),
        pytest.param(["ENV V 3.12", USE], "dnf install python3.12", id="env-blank"),
        pytest.param(['ARG V="3.12"', USE], "dnf install python3.12", id="quotes"),
        pytest.param(["ARG V='3.12'", USE], "dnf install python3.12", id="apostrophes"),
        pytest.param(
            ["ARG A=1 V=3.12", "RUN a $A $V"], "a 1 3.12", id="two-in-one-line"
        ),
        pytest.param(["ARG V=3.12", "RUN a$V-b"], "a3.12-b", id="no-braces"),
        pytest.param(["ARG V=3.12", 'RUN a "$V"'], 'a "3.12"', id="double-quotes"),
        pytest.param(
            ["ARG V=3.12", """RUN a "it's $V" """],
            """a "it's 3.12" """,
            id="apostrophe",
        ),
        pytest.param(["ARG A=3", "ARG V=$A.12", "RUN a $V"], "a 3.12", id="one-in-one"),
        pytest.param(["ARG V=1", "ARG V=2", "RUN a $V"], "a 2", id="the-last"),
        pytest.param(["ENV V=1", "ARG V=2", "RUN a $V"], "a 1", id="env-before-arg"),
        pytest.param(["ARG V=1", "ENV V=2", "RUN a $V"], "a 2", id="env-after-arg"),
        pytest.param(["ENV V=a b", "RUN a $V"], "a a", id="a-word-too-many"),
        pytest.param(["ENV V a b", "RUN a $V"], "a a b", id="two-words"),
        pytest.param(["ARG V=", "RUN a$V"], "a", id="empty"),
        pytest.param(
            ["ARG V=1", "RUN --network=none a $V"], "--network=none a 1", id="flag"
        ),
    ],
)
def test_is_filled_in(lines, text):
    assert fill(*lines).text == text


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["RUN a $V"], id="no-value"),
        pytest.param(["RUN a $V", "ARG V=1"][:1], id="nothing-before"),
        pytest.param(["ARG V", "RUN a $V"], id="no-default"),
        pytest.param(["ARG V=$W", "RUN a $V"], id="of-another-without-value"),
        pytest.param(["ARG V=1", "ENV V=$W", "RUN a $V"], id="hidden-by-env"),
        pytest.param(['ARG V="1', "RUN a $V"], id="open-quote"),
        pytest.param(["ENV V ${", "RUN a $V"], id="open-brace"),
        pytest.param(["ARG V=1", "RUN a '$V'"], id="single-quotes"),
        pytest.param(["ARG V=1", r"RUN a \$V"], id="escaped"),
        pytest.param(["ARG V=1", "RUN V=2; a $V"], id="set-by-the-command"),
        pytest.param(["ARG V=1", "RUN for V in 2 3; do a $V; done"], id="loop"),
        pytest.param(["ARG V=1", "RUN read -r V < x; a $V"], id="read"),
        pytest.param(["ARG V=1", "RUN a ${V:-2} ${V%.*}"], id="operators"),
        pytest.param(["ARG V=1", 'RUN ["a", "$V"]'], id="exec-form"),
        pytest.param(["ARG V='a; b'", "RUN a $V"], id="more-to-a-shell"),
        pytest.param(["ARG W=1", "RUN a $V $$ $1"], id="another-name"),
        pytest.param(["ARG V=1", "ENV X=$V"], id="no-run"),
        pytest.param(["ARG V=1", "COPY $V /x"], id="copy"),
    ],
)
def test_stays_as_it_is(lines):
    assert fill(*lines) == step(lines[-1])


@pytest.mark.parametrize(
    ("before", "given", "lines", "text"),
    [
        pytest.param(["ARG V=1"], [], ["ARG V", "RUN a $V"], "a 1", id="declared"),
        pytest.param(["ARG V=1"], [], ["ARG V=2", "RUN a $V"], "a 2", id="own-default"),
        pytest.param(["ARG V=1"], [], ["RUN a $V"], "a $V", id="not-declared"),
        pytest.param(["RUN V=1"], [], ["ARG V", "RUN a $V"], "a $V", id="no-arg"),
        pytest.param([], ["V"], ["ARG V=2", "RUN a $V"], "a $V", id="given"),
        pytest.param(["ARG V=1"], ["V"], ["ARG V", "RUN a $V"], "a $V", id="both"),
        pytest.param([], ["V"], ["ENV V=2", "RUN a $V"], "a 2", id="env-is-not-given"),
    ],
)
def test_what_is_around_the_stages(before, given, lines, text):
    assert fill(*lines, before=before, given=given).text == text


def test_an_image_keeps_its_environment_and_no_argument():
    steps = (
        ("base", step("ARG V=1")),
        ("base", step("ENV W=2")),
        ("Dockerfile", step("RUN a $V $W")),
    )
    assert fill_in(steps, {})[-1][1].text == "a $V 2"


def test_what_runs_in_another_build_is_left():
    lines = [step("ENV V=1"), step("RUN a $V")]
    later = [one._replace(onbuild=True) for one in lines]
    for steps in ([later[0], lines[1]], [lines[0], later[1]]):
        filled = fill_in(tuple(("Dockerfile", one) for one in steps), {})
        assert filled[-1][1].text == "a $V"


def test_a_value_stands_where_its_variable_does():
    line = "RUN a $V b ${V}"
    found = fill("ARG V=xy", line)
    at = line.index("$V"), line.index("${")
    assert found.text == "a xy b xy"
    assert [*found.offsets] == [4, 5, at[0], at[0], 8, 9, 10, at[1], at[1]]


def test_many_values_stay_short():
    found = fill("ARG V=" + "x" * 4000, "RUN a " + "$V " * 10_000)
    assert len(found.text) < 50_000


def test_a_build_of_very_many_steps_is_left():
    assert fill(*["ENV V=1"] * 5000, "RUN a $V").text == "a $V"


LINES = """ARG PYV=3.12
RUN dnf -y install python${PYV} python${PYV}-pip && pip${PYV} install pipenv
RUN pipenv install --deploy --system
"""
COMPOSE = """services:
  web:
    build:
      context: .
      args: {PYV: "3.11"}
"""


def mismatch(folder, lines):
    site = {**rdm("13.1.0", "3.12"), **build(ALMALINUX, lines)}
    (finding,) = decide_instance(folder, site).findings
    return finding.judged.mismatch


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(LINES, id="the-one-asked-for"),
        pytest.param(LINES.replace("=3.12", ""), id="no-default"),
        pytest.param(LINES.replace("ARG PYV=3.12\n", ""), id="not-declared"),
        pytest.param(LINES.replace("ARG", "ENV"), id="env"),
        pytest.param(
            "RUN curl https://www.python.org/ftp/python/$V/x.tgz && pipenv sync",
            id="an-address",
        ),
        pytest.param("RUN uv venv -p $V && pip install .", id="uv"),
        pytest.param("RUN ln -s /opt/python$V /usr/bin/x && pipenv sync", id="link"),
        pytest.param("RUN conda install python=$V && pipenv sync", id="conda"),
        pytest.param("RUN dnf install $PYTHON && pipenv sync", id="package"),
    ],
)
def test_nothing_is_wrong_where_nobody_can_tell(tmp_path, lines):
    assert mismatch(tmp_path, lines) is None


@pytest.mark.parametrize(
    ("lines", "python"),
    [
        pytest.param(LINES.replace("=3.12", "=3.11"), "3.11", id="another-one"),
        pytest.param(LINES.replace("ARG PYV=3.12", "ENV PYV 3.11"), "3.11", id="env"),
        pytest.param(
            LINES.replace("=3.12", "").replace("RUN pipenv", "RUN python3.9 -m pipenv"),
            "3.9",
            id="the-runner-is-named",
        ),
        pytest.param(
            "RUN dnf install $DEPS && pipenv sync", "3.9", id="other-packages"
        ),
        pytest.param("RUN pip install x==$V && pipenv sync", "3.9", id="pip"),
        pytest.param("RUN dnf remove python$V && pipenv sync", "3.9", id="removed"),
        pytest.param("RUN ln -s /opt/x$V /usr/bin/x && pipenv sync", "3.9", id="link"),
        pytest.param("RUN uv pip install x$V && pipenv sync", "3.9", id="uv"),
        pytest.param("RUN echo python$V && pipenv sync", "3.9", id="printed"),
    ],
)
def test_the_python_is_wrong(tmp_path, lines, python):
    assert mismatch(tmp_path, lines).python == python


def test_what_a_compose_file_gives_hides_the_default(tmp_path):
    site = {**rdm("13.1.0", "3.12"), **build(ALMALINUX, LINES)}
    site["Dockerfile"] = site["Dockerfile"].replace("=3.12", "=3.11")
    assert decide_instance(tmp_path, site).findings[0].judged.mismatch
    site["docker-compose.yml"] = COMPOSE
    assert not decide_instance(tmp_path, site).findings[0].judged.mismatch


def test_an_argument_before_the_first_from(tmp_path):
    site = {**rdm("13.1.0", "3.12"), **build(ALMALINUX, LINES.replace("=3.12", ""))}
    site["Dockerfile"] = "ARG PYV=3.11\n" + site["Dockerfile"]
    assert decide_instance(tmp_path, site).findings[0].judged.mismatch.python == "3.11"
