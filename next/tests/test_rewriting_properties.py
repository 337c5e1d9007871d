# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What holds of any file: only names change, a second run is idle, the structure stays."""

import codecs

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.image import DOCKER_HUB, Image
from invenio_cli_registry.model import Source

from .rewriting import Move, as_bytes, rewrite, rewrite_all

OLD = "inveniosoftware/centos8-python:3.8"
NEW = f"registry.cern.ch/{OLD}"
DIGEST = "@sha256:" + "0" * 64

TOKENS = st.sampled_from(
    [
        *(
            "FROM ",
            "ARG ",
            "COPY --from=",
            "RUN ",
            "\n",
            "\r\n",
            "\\\n",
            " ",
            "=",
            "<<E\n",
        ),
        *(
            "# escape=`\n",
            "--platform=$P ",
            "$A",
            "${A:-",
            "}",
            " AS x\n",
            "'",
            '"',
            "`",
        ),
        *(OLD, "A=inveniosoftware", "/x:1", ":$V", "V=3.8", "inveniosoftware/", DIGEST),
        *("ARG A\n", "E\n", "\ufeff", "\x85", "\u2028", "\0", "é", "{{ x }}", "a", ":"),
    ]
)
MARKUP = st.sampled_from(
    [
        *(
            "services:\n",
            "  a:\n",
            "    image: ",
            "image: ",
            "\n",
            "\r\n",
            "- ",
            "  ",
            ": ",
        ),
        *(
            OLD,
            f"'{OLD}'",
            f'"{OLD}"',
            "&a ",
            "*a",
            "<<: *a",
            "!x ",
            ">-\n",
            "|\n",
            "{",
            "}",
        ),
        *(
            "[",
            "]",
            ", ",
            "# ",
            "    build: .\n",
            "registry: docker.io\n",
            "repository: ",
        ),
        *(
            "tag: '1'\n",
            "---\n",
            "${A:-",
            "}",
            "args:",
            "script: [a]\n",
            "\x85",
            "é",
            "\t",
        ),
    ]
)


def any_bytes(tokens):
    texts = st.lists(tokens, max_size=24).map("".join)
    encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    encoded = st.builds(
        lambda text, name: text.encode(name, "replace"), texts, encodings
    )
    broken = st.builds(
        lambda text, end: as_bytes(text) + end, texts, st.binary(max_size=8)
    )
    return st.binary(max_size=60) | encoded | broken


def check_any(data, path):
    """Check all that must hold of a file's change, whatever its bytes are."""
    source = Source.from_bytes(path, data)
    (changed,), plan, found = rewrite_all([source])
    parts, end = [], 0
    for edit in plan.edits:
        start, stop = (len(source.to_bytes(source.text[:at])) for at in edit.span[1:])
        parts += [data[end:start], edit.new.encode(source.encoding)]
        end = stop
    # A byte order mark is part of each.
    mark = source.mark
    assert changed.to_bytes() == b"".join([*parts, data[end:]])
    assert data.startswith(mark)
    (again,), second, found_again = rewrite_all([changed])
    assert (again.text, second.edits) == (changed.text, ())
    assert found_again.structure == found.structure
    # Places are equal or apart: that is how shared values are found.
    places = {
        piece.span.key[1:]
        for one in found.references
        for piece in one.pieces
        if piece.span and piece.text
    }
    assert all(one[1] <= two[0] for one, two in zip(sorted(places), sorted(places)[1:]))


@given(any_bytes(TOKENS))
def test_any_bytes_as_a_dockerfile(data):
    check_any(data, "Dockerfile")


@given(any_bytes(MARKUP), st.sampled_from(["c.yml", "values.yaml", ".gitlab-ci.yml"]))
def test_any_bytes_as_yaml(data, path):
    check_any(data, path)


ENCODINGS = {
    "utf-8": b"",
    "latin-1": b"",
    "utf-8-sig": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
NOISE = st.text("a \t\r\f\v\x00\x0b\x85\xa0\xe9\u2028\u3000\U0001f40d", max_size=6)
#: In YAML's comments.
YAML_NOISE = st.text("a \t\xa0\xe9\u3000\U0001f40d", max_size=6)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(NOISE, NOISE, st.sampled_from(["\n", "\r\n", "\n\n", "\n\r\n"]), st.booleans())
def test_around_a_name_nothing_changes(encoding, before, after, end, final):
    lines = [f"# {before}", f"FROM {OLD}", f"RUN {after}", f"COPY --from={OLD} a b"]
    text = end.join(lines) + (end if final else "")
    data = ENCODINGS[encoding] + text.encode(encoding, "replace")
    changed, _ = rewrite(data)
    old, new = (name.encode(encoding.replace("-sig", "")) for name in (OLD, NEW))
    assert changed == data.replace(old, new)


@pytest.mark.parametrize("encoding", sorted({*ENCODINGS} - {"latin-1"}))
@given(YAML_NOISE, YAML_NOISE, st.sampled_from(["\n", "\r\n", "\r"]))
def test_around_a_name_in_yaml_nothing_changes(encoding, one, two, end):
    text = (
        f"# {one}\nservices:\n  a: # {two}\n    image: '{OLD}'  # {one}\n"
        f"    labels: ['{two}', {{x: !reset null}}]\n    command: |\n      x{one}\n"
    ).replace("\n", end)
    mark = ENCODINGS[encoding]
    changed, plan = rewrite(mark + text.encode(encoding), "docker-compose.yml")
    assert len(plan.edits) == 1
    assert changed == mark + text.replace(OLD, NEW).encode(encoding)


# One move after another is the last one alone

PLACES = ("registry.cern.ch", "harbor.example.org:5000/hub", "[::1]:5000/a/b")


def take_to(place):
    """Return the move of the organisation's images from wherever they are to a place."""

    def choose(image):
        for known in (DOCKER_HUB, *PLACES):
            name = image.name[len(known) + 1 :]
            ours = image.name.startswith(f"{known}/") and name.startswith(
                "inveniosoftware/"
            )
            if ours and known != place:
                host, _, path = f"{place}/{name}".partition("/")
                return Image(host, path, image.tag, image.digest)
        return None

    return Move(choose, same_content=True)


NAMES = st.sampled_from(
    [
        *(
            OLD,
            NEW,
            OLD + DIGEST,
            f"docker.io/{OLD}",
            "inveniosoftware/x",
            "redis:7",
            "$R",
        ),
        *(
            "inveniosoftware/x:$V",
            "$H/inveniosoftware/x:1",
            "$O/x:${V}",
            "${U:-x}",
            "$W",
        ),
        *(f"{PLACES[1]}/{OLD}", f"ghcr.io/{OLD}", f"${{U:-{OLD}}}", "$H/redis:7"),
    ]
)
ARGS = st.sampled_from(
    [
        *("ARG V=3.8", f"ARG R={OLD}", f'ARG R="{NEW}"', "ARG H=docker.io", "ARG W=$R"),
        *(
            "ARG O=inveniosoftware",
            "ARG O=registry.cern.ch/inveniosoftware",
            "ARG V='1'",
        ),
    ]
)
USES = st.sampled_from(["ARG R", "ARG H O", "RUN a $R", "LABEL b=$H", "ENV c=$O d=$V"])


@st.composite
def dockerfiles(draw):
    uses = [f"FROM {name}" for name in draw(st.lists(NAMES, min_size=1, max_size=3))]
    copies = [f"COPY --from={name} a b" for name in draw(st.lists(NAMES, max_size=2))]
    lines = draw(st.lists(ARGS, max_size=4)) + uses + draw(st.lists(USES, max_size=3))
    return as_bytes("\n".join([*lines, *copies])) + b"\n"


SCALARS = st.sampled_from(
    [
        *(
            OLD,
            f"'{OLD}'",
            f'"{OLD}"',
            f"&i {OLD}",
            f"!!str {OLD}",
            f"!x &j '{OLD}'",
            "*i",
        ),
        *(f"&k\n      {OLD}", f">-\n      {OLD}", f"|\n      {OLD}", "*j", "~", ""),
        *('"inveniosoftware/x\\u003a1"', f"${{A:-{OLD}}}", "redis:7", "!reset null"),
    ]
)
EXTRAS = st.sampled_from(
    [
        *(
            f"    # image: {OLD}",
            "    <<: *base",
            "    <<: [*base]",
            "    build: &b {}",
        ),
        *(f"    environment: {{A: '{OLD}', B: [1, ~]}}", f"    labels: ['{OLD}', é ]"),
        *(
            "    command: |\n      FROM " + OLD,
            "    x: !reset []",
            "    ? [a, b]\n    : c",
        ),
        *(
            f"    build: {{args: {{B: {OLD}}}}}",
            f"    build:\n      args: ['B={OLD}']",
            "",
        ),
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
    documents = [
        draw(st.sampled_from(["", "x: &base {k: v}\n"]))
        + draw(SHAPES).format(draw(SCALARS), draw(EXTRAS), draw(SCALARS))
        for _ in range(draw(st.integers(1, 3)))
    ]
    text = draw(st.sampled_from(["---\n", "---  # next\n", "...\n---\n"])).join(
        documents
    )
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", end)


@given(
    st.tuples(dockerfiles(), st.just("Dockerfile"))
    | st.tuples(yaml_files().map(str.encode), st.just("docker-compose.yml")),
    st.permutations(PLACES),
)
def test_one_move_after_another_is_the_last_one_alone(file, places):
    data, path = file
    # Brackets are not written into YAML.
    usable = [place for place in places if path == "Dockerfile" or "[" not in place]
    first, last = take_to(usable[0]), take_to(usable[1])
    between, _ = rewrite(data, path, first)
    assert rewrite(between, path, last)[0] == rewrite(data, path, last)[0]


# A parser sees the same YAML


def without_registry(text):
    """Return a text as it was before the move: CERN's registry is nowhere else."""
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


@example(f"registry: docker.io\nrepository: {OLD}\ntag: redis:7\n", "values.yaml")
@given(yaml_files(), st.sampled_from(["c.yml", "values.yaml", "x/.gitlab-ci.yml"]))
def test_a_parser_sees_the_same_yaml_but_for_the_registry(text, path):
    changed, plan = rewrite(text.encode(), path)
    after = changed.decode()
    assert without_registry(after) == text
    try:
        before = events(text)
    except yaml.YAMLError:
        return
    assert events(after) == before
    assert after.count("registry.cern.ch") == len(plan.edits)
