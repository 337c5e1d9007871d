# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What no file may lose: any bytes, any order of moves, any YAML, any pin."""

import codecs

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.errors import Refused
from invenio_cli_registry.migration.pins import plan_pins
from invenio_cli_registry.migration.splice import apply_edits
from invenio_cli_registry.project import manifests
from invenio_cli_registry.reference import DOCKER_HUB, Image

from .instances import build, instance, rdm
from .properties import check_dockerfile, check_yaml
from .rewriting import Move, as_bytes, rewrite
from .test_cli import HUB, run

OLD = "inveniosoftware/centos8-python:3.8"
CERN = f"registry.cern.ch/{OLD}"
DIGEST = "@sha256:" + "0123456789abcdef" * 4

# --- any bytes ---

TOKENS = st.sampled_from(
    [
        *("FROM ", "ARG ", "COPY --from=", "RUN --mount=from=", "ONBUILD ", " AS x"),
        *(
            "RUN <<E",
            "E",
            "# escape=`",
            "# syntax=",
            "\\",
            "`",
            "'",
            '"',
            "\\\n",
            "`\n",
        ),
        *(OLD, CERN, "inveniosoftware/", "centos8-python", ":3.8", DIGEST, "scratch"),
        *("$A", "${A}", "${A:-", "${A%8}", "A=", "}", "x", "0", "{{ x }}", "--a=b "),
        *(
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\0",
            "\f",
            "\v",
            "\x85",
            "\u2028",
            "\xa0",
            " ",
            "\t",
        ),
    ]
)
MARKUP = st.sampled_from(
    [
        *(
            "services:\n",
            "  a:\n",
            "    image: ",
            "    build:\n",
            "      args: ",
            "image: ",
        ),
        *("registry: ", "repository: ", "tag: ", "- ", "? ", ": ", "---\n", "...\n"),
        *(
            "&a ",
            "*a",
            "<<: *a\n",
            "!reset ",
            "!!str ",
            "!<x> ",
            "|\n",
            ">-\n",
            "|2+\n",
        ),
        *(
            "'",
            '"',
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            " #",
            "\\",
            "\\u003a",
            "''",
            "%A 1\n",
        ),
        *(OLD, CERN, "inveniosoftware/", "${A:-", "$$", "}", "  ", "    ", "\t", "x"),
        *(
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\0",
            "\x85",
            "\u2028",
            "\ufeff",
            "\xa0",
            "~",
            "\xe9",
        ),
    ]
)


def any_bytes(tokens):
    """Return files made of what means something there, and of what means nothing."""
    texts = st.lists(tokens | st.text(max_size=3), max_size=24).map("".join)
    encoded = st.tuples(
        texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    )
    return (
        st.binary(max_size=60)
        | encoded.map(lambda pair: pair[0].encode(pair[1], "replace"))
        | st.tuples(texts, st.binary(max_size=8)).map(
            lambda two: as_bytes(two[0]) + two[1]
        )
    )


@given(any_bytes(TOKENS))
def test_any_bytes_are_a_dockerfile_that_is_given_back(data):
    check_dockerfile(data)


@given(any_bytes(MARKUP))
def test_any_bytes_are_yaml_that_is_given_back(data):
    check_yaml(data)


#: What the fuzz targets found.
FOUND = [
    pytest.param(
        rb"FROM ${A#\c}", id="a pattern that is none, of a variable without value"
    ),
    pytest.param(rb"ARG B=${A%\c}" + b"\nFROM $B$B", id="and in a build argument"),
]


@pytest.mark.parametrize("data", FOUND)
def test_what_was_found_is_found_no_more(data):
    check_dockerfile(data)


INLINE = b"services:\n  a:\n    build:\n      dockerfile_inline: |-\n        FROM a\n"
FOUND_IN_YAML = [
    pytest.param(INLINE + b"        RUN <<E\n", id="a heredoc where the text ends"),
    pytest.param(
        INLINE.partition(b"|-")[0] + b"COPY --from=a b\n", id="no literal block"
    ),
]


@pytest.mark.parametrize("data", FOUND_IN_YAML)
def test_what_was_found_in_yaml_is_found_no_more(data):
    check_yaml(data)


ENCODINGS = {
    "utf-8": b"",
    "latin-1": b"",
    "utf-8-sig": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
NOISE = st.text(
    alphabet="a \t\r\f\v\x00\x0b\x85\xa0\xe9\u2028\u3000\U0001f40d", max_size=6
)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.data())
def test_around_a_name_nothing_changes(encoding, data):
    allowed = NOISE
    if encoding == "latin-1":
        allowed = NOISE.map(
            lambda text: text.encode("latin-1", "replace").decode("latin-1")
        )
    ends = st.sampled_from(["\n", "\r\n", "\n\n", "\n\r\n"])
    before, after = data.draw(allowed), data.draw(allowed)
    text = (
        f"# {before}{data.draw(ends)}FROM {OLD}{data.draw(ends)}"
        f"RUN {after}{data.draw(ends)}COPY --from={OLD} a b{data.draw(ends | st.just(''))}"
    )
    mark = ENCODINGS[encoding]
    changed, _ = rewrite(mark + text.encode(encoding))
    assert changed == mark + text.replace(OLD, CERN).encode(encoding)


#: In a comment, and in double quotes, where what ends a line of YAML 1.1 is a blank.
YAML_NOISE = st.text(alphabet="a \t\xa0\xe9\u3000\U0001f40d", max_size=6)
QUOTED_NOISE = st.text(alphabet="a \t\xa0\xe9\x85\u2028\u3000\U0001f40d", max_size=6)


@pytest.mark.parametrize("encoding", sorted({*ENCODINGS} - {"latin-1"}))
@given(st.data())
def test_around_a_name_in_yaml_nothing_changes(encoding, data):
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines = [
        f"# {data.draw(YAML_NOISE)}",
        "services:",
        f"  a: # {data.draw(YAML_NOISE)}",
        f"    image: '{OLD}'  # {data.draw(YAML_NOISE)}",
        f'    labels: ["{data.draw(QUOTED_NOISE)}", {{x: !reset null}}]',
        "    command: |",
        f"      x{data.draw(YAML_NOISE)}",
    ]
    text = end.join(lines) + data.draw(st.sampled_from(["", end, end * 2]))
    mark = ENCODINGS[encoding]
    changed, plan = rewrite(mark + text.encode(encoding), "docker-compose.yml")
    assert plan.edits
    assert changed == mark + text.replace(OLD, CERN).encode(encoding)


# --- one move after the other ---

PLACES = ("registry.cern.ch", "harbor.example.org:5000/hub", "[::1]:5000/a/b")


def take_to(place):
    """Return the move of the organisation's images from wherever they are to a place."""

    def choose(image):
        for known in (DOCKER_HUB, *PLACES):
            host, _, path = known.partition("/")
            name = image.repository[len(path) :].lstrip("/")
            inside = image.registry == host and image.repository.startswith(path)
            if inside and name.startswith("inveniosoftware/") and known != place:
                host, _, path = place.partition("/")
                to = f"{path}/{name}" if path else name
                return Image(host, to, image.tag, image.digest)
        return None

    return Move(choose, same_content=True)


NAMES = st.sampled_from(
    [
        *(OLD, CERN, OLD + DIGEST, f"docker.io/{OLD}", "inveniosoftware/x", "redis:7"),
        *(
            "inveniosoftware/x:$V",
            "$R",
            "$H/inveniosoftware/x:1",
            "$O/x:${V}",
            "${U:-x}",
        ),
        *(f"{PLACES[1]}/{OLD}", f"ghcr.io/{OLD}", f"${{U:-{OLD}}}", "$W", "$H/redis:7"),
    ]
)
ARGS = st.sampled_from(
    [
        *(
            "ARG V=3.8",
            f"ARG R={OLD}",
            f'ARG R="{CERN}"',
            "ARG H=docker.io",
            "ARG W=$R",
        ),
        *(
            "ARG O=inveniosoftware",
            "ARG O=registry.cern.ch/inveniosoftware",
            "ARG V='1'",
        ),
    ]
)


@st.composite
def dockerfiles(draw):
    uses = [f"FROM {name}" for name in draw(st.lists(NAMES, min_size=1, max_size=3))]
    copies = [f"COPY --from={name} a b" for name in draw(st.lists(NAMES, max_size=2))]
    lines = [*draw(st.lists(ARGS, max_size=4)), *uses, *copies]
    return as_bytes("\n".join(lines)) + b"\n"


@given(dockerfiles(), st.permutations(PLACES))
def test_one_move_after_another_is_the_last_one_alone(data, places):
    first, last = take_to(places[0]), take_to(places[1])
    between, _ = rewrite(data, move=first)
    assert rewrite(between, move=last)[0] == rewrite(data, move=last)[0]


MOVES = {
    "same": ("--to", "same"),
    "mirror": ("--to", "same", "--mirror", "registry.cern.ch=h.example.org/cern"),
    # A copy stands in for the images of its upstream, as they are written.
    "copy": (
        *("--copy", "docker.io=h.example.org/copy"),
        *("--copy", "registry.cern.ch=h.example.org/copy"),
    ),
}


@pytest.mark.parametrize("last", ["mirror", "copy"])
def test_the_command_twice_is_the_last_one_alone(tmp_path, last):
    files = {
        **rdm("9.1.7", "3.8"),
        **build(HUB),
        "docker-compose.yml": f"services:\n  a:\n    image: '{HUB}'  # old\n",
    }
    results = []
    for names in (["same", last], [last]):
        folder = tmp_path / "-".join(names)
        with instance(folder, files) as site:
            for name in names:
                assert run("migrate", "--yes", *MOVES[name]).exit_code == 0
            results.append({path.name: path.read_bytes() for path in site.iterdir()})
    assert results[0] == results[1]
    assert b"h.example.org" in results[0]["Dockerfile"]


# --- YAML ---

SCALARS = st.sampled_from(
    [
        *(OLD, f"'{OLD}'", f'"{OLD}"', f"&i {OLD}", f"!!str {OLD}", f"!x &j '{OLD}'"),
        *(
            f"&k\n      {OLD}",
            f">-\n      {OLD}",
            f"|\n      {OLD}",
            "*i",
            "*j",
            "~",
            "",
        ),
        *('"inveniosoftware/x\\u003a1"', f"${{A:-{OLD}}}", "redis:7", "!reset null"),
    ]
)
EXTRAS = st.sampled_from(
    [
        *(
            "    # image: " + OLD,
            "    <<: *base",
            "    <<: [*base]",
            "    build: &b {}",
        ),
        *(f"    environment: {{A: '{OLD}', B: [1, ~]}}", f"    labels: ['{OLD}', é ]"),
        *(
            "    command: |\n      FROM " + OLD,
            "    x: !reset []",
            "    ? [a, b]\n    : c",
        ),
        *(
            f"    build:\n      dockerfile_inline: |\n        FROM {OLD}\n        RUN x",
            "",
        ),
        *(f"    build: {{args: {{B: {OLD}}}}}", f"    build:\n      args: ['B={OLD}']"),
    ]
)
SHAPES = st.sampled_from(
    [
        "services:\n  a:\n    image: {0}\n{1}\n  b: &n\n    image: {2}\n",
        "image: {0}\njob:\n    script: [a]\n{1}\n    image: {2}\n",
        "apiVersion: v1\nkind: Pod\nspec:\n    containers:\n    - image: {0}\n    - image: {2}\n",
        "jobs:\n  j:\n    runs-on: u\n    container: {0}\n{1}\n    services: {{r: {{image: {2}}}}}\n",
        "services: {{a: {{image: {0}}}, b: {{image: {2}, x: ['']}}}} # flow\n",
        "image:\n    registry: docker.io\n    repository: {0}\n    tag: {2}\n{1}\n",
        "other: {0}\nlist:\n{1}\n- {2}\n",
    ]
)


@st.composite
def yaml_files(draw):
    documents = []
    for _ in range(draw(st.integers(1, 3))):
        document = draw(SHAPES).format(draw(SCALARS), draw(EXTRAS), draw(SCALARS))
        documents.append(draw(st.just("") | st.just("x: &base {k: v}\n")) + document)
    text = draw(st.sampled_from(["---\n", "---  # next\n", "...\n---\n"])).join(
        documents
    )
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", ends)


def without_registry(text):
    """Return a text as it was before the move: CERN's registry stands nowhere else."""
    return text.replace("registry.cern.ch/", "").replace(
        "registry.cern.ch", "docker.io"
    )


def events(text):
    """Return a file as PyYAML's own parser sees it, without the registry in any scalar."""
    seen = []
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        known = dict(vars(event), start_mark=None, end_mark=None)
        if isinstance(event, yaml.ScalarEvent):
            known["value"] = without_registry(event.value)
        seen.append((type(event), known))
    return seen


def is_yaml(text):
    try:
        list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return False
    return True


@example(
    f"registry: docker.io\nrepository: {OLD}\ntag: redis:7\n# {OLD}\n", "values.yaml"
)
@given(
    yaml_files(),
    st.sampled_from(["docker-compose.yml", "values.yaml", "x/.gitlab-ci.yml"]),
)
def test_a_parser_sees_the_same_yaml_but_for_the_registry(text, path):
    changed, plan = rewrite(text.encode(), path)
    after = changed.decode()
    assert without_registry(after) == text
    if is_yaml(text):
        assert events(after) == events(text)
        assert after.count("registry.cern.ch") == len(plan.edits)
    assert rewrite(changed, path)[0] == changed


@given(yaml_files(), st.permutations(PLACES[:2]))
def test_one_move_after_another_is_the_last_one_alone_in_yaml(text, places):
    data, path = text.encode(), "docker-compose.yml"
    first, last = take_to(places[0]), take_to(places[1])
    between, _ = rewrite(data, path, first)
    assert rewrite(between, path, last)[0] == rewrite(data, path, last)[0]


def test_a_name_that_yaml_would_not_read_as_one_is_refused_as_a_whole():
    """A bracket begins a list where a name stands without quotes."""
    text = "services:\n  a:\n    image: {}\n"
    with pytest.raises(Refused, match="would name other images"):
        rewrite(text.format(OLD).encode(), "c.yml", take_to(PLACES[2]))
    changed, _ = rewrite(text.format(f"'{OLD}'").encode(), "c.yml", take_to(PLACES[2]))
    assert changed.decode() == text.format(f"'{PLACES[2]}/{OLD}'")


# --- the Python that is asked for ---

LINES = st.sampled_from(
    [
        *(
            '# python_version = "3.8"',
            "",
            'x = "3.8"',
            "x = '''\npython_version = \"3.8\"'''",
        ),
        *(
            'y = {version = "==3.8", markers = "python_version < \'3.8\'"}',
            "z = [\n  '3.8', # é\n]",
        ),
        *(
            "t.python_version = '3.8'",
            'u = """\\\n  3.8"""',
            "\ta\t=\t1\t",
            "v = 3.8",
            "w = 3.8  # \u2028",
        ),
    ]
)
PINS = {
    "pipenv": (
        "Pipfile",
        "[requires]\n{}\n",
        ["python_version = {}", 'python_full_version="3.8.1"'],
    ),
    "uv": (
        "pyproject.toml",
        "[project]\n{}\n",
        ["requires-python = {}", "'requires-python'={}"],
    ),
    "poetry": (
        "pyproject.toml",
        "[tool.poetry.dependencies]\n{}\n",
        ["python = {}", "python = {{version = {}}}", '"python" = {}'],
    ),
}
VALUES = {
    "pipenv": ['"3.8"', "'3.8'", '"3"', '"3.8 "', '"""3.8"""', '"\\u0033.8"'],
    "uv": ['">=3.8,<3.9"', "'==3.8.*'", '"~=3.8.0"', '"""<3.9"""', '">=3.6"'],
    "poetry": ['"^3.8,<3.9"', "'~3.8'", '"3.8.*"', '">=3.8, <3.9"', '"^2.7 || ~3.8"'],
}


@st.composite
def pinned(draw):
    manager = draw(st.sampled_from(sorted(PINS)))
    name, form, keys = PINS[manager]
    value = draw(st.sampled_from(VALUES[manager]))
    pin = form.format(draw(st.sampled_from(keys)).format(value))
    around = [
        "".join(
            f"[{table}{n}]\n{line}\n"
            for n, line in enumerate(draw(st.lists(LINES, max_size=3)))
        )
        for table in ("a", "b")
    ]
    text = (
        around[0]
        + pin
        + draw(st.sampled_from(["", "# 3.8\n", "k = '3.8'\n"]))
        + around[1]
    )
    text = text[: draw(st.sampled_from([None, None, -1]))]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return manager, name, (mark + text.replace("\n", end)).encode()


def leaves(data, *path):
    """Return each value of parsed TOML with the keys that lead to it."""
    if not isinstance(data, dict):
        return {(path, str(data))}
    return {leaf for key, value in data.items() for leaf in leaves(value, *path, key)}


def plan(folder, name, data, manager, python="3.9"):
    """Return what is loaded, and the plan of the pin; nothing is left in the folder."""
    (folder / name).write_bytes(data)
    loaded = manifests.load(folder, "site")
    (folder / name).unlink()
    return loaded, plan_pins(loaded, manager, python)


@given(pinned())
def test_around_a_pin_nothing_changes(tmp_path_factory, case):
    manager, name, data = case
    folder = tmp_path_factory.getbasetemp()
    loaded, first = plan(folder, name, data, manager)
    assert not loaded.problems
    source = loaded.sources[name]
    changed = source.to_bytes(apply_edits(source, first.edits))
    again, second = plan(folder, name, changed, manager)
    assert second.edits == ()
    assert second.left == first.left
    before, after = (
        leaves({**one.pipfile, **one.pyproject}) for one in (loaded, again)
    )
    assert len(before - after) == len(after - before) == len(first.edits) <= 1
    for edit in first.edits:
        start = len(source.to_bytes(source.text[: edit.span.start]))
        tail = data[start + len(edit.old.encode()) :]
        assert changed == data[:start] + edit.new.encode() + tail


@given(pinned())
def test_one_python_after_another_is_the_last_one_alone(tmp_path_factory, case):
    manager, name, data = case
    folder = tmp_path_factory.getbasetemp()

    def pin(data, python):
        loaded, wanted = plan(folder, name, data, manager, python)
        source = loaded.sources[name]
        return source.to_bytes(apply_edits(source, wanted.edits))

    assert pin(pin(data, "3.9"), "3.12") == pin(data, "3.12")
