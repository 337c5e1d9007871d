# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""From wanted images to edits: spelling, shared values, splicing, the last check."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.errors import Refused
from invenio_cli_registry.migration.check import check_edits
from invenio_cli_registry.migration.diff import show_diff
from invenio_cli_registry.migration.edits import Wanted, plan_edits
from invenio_cli_registry.migration.sharing import Uses
from invenio_cli_registry.migration.spelling import CannotRespell, compare, respell
from invenio_cli_registry.migration.splice import Edit, apply_edits
from invenio_cli_registry.readers.model import Piece, Reference
from invenio_cli_registry.readers.source import Source, Span
from invenio_cli_registry.reference import parse

DIGEST = "@sha256:" + "0" * 64
CERN = "registry.cern.ch/inveniosoftware"


def refer(file, line, *parts, **more):
    """Return the reference at a line's end.

    :param parts: the texts of its pieces, each written there, else in the first place
        where the file has it; ``?`` is unknown. None: one literal piece.
    """
    start = file.text.index(line) + line.rindex(" ") + 1
    end = file.text.index(line) + len(line)
    pieces, at = [], start
    for part in parts or (file.text[start:end],):
        found = file.text.find(part, at, end)
        if part == "?":
            pieces.append(Piece(None, None))
        elif found >= 0:
            pieces.append(written(file, part, found))
            at = found + len(part)
        else:
            pieces.append(written(file, part, file.text.index(part)))
    span = Span(file.path, start, end)
    return Reference("from", span, file.text[start:end], tuple(pieces), **more)


def written(file, text, start):
    return Piece(text, Span(file.path, start, start + len(text)))


def plan(file, *wanted):
    """Plan what each reference, image and, perhaps, whether its content is the same say."""
    items = [
        Wanted(reference, parse(image) if image else None, *same)
        for reference, image, *same in wanted
    ]
    return plan_edits(items, {file.path: file})


def change(file, *wanted):
    """Return the text after the change, and why references are left."""
    planned = plan(file, *wanted)
    return apply_edits(file, planned.edits), [left.reason for left in planned.left]


# --- how an image is spelt in another's place ---


@pytest.mark.parametrize(
    ("old", "image", "new"),
    [
        pytest.param("a/b:1", "c.io/a/b:1", "c.io/a/b:1", id="same tag"),
        pytest.param("a/b", "c.io/a/b", "c.io/a/b", id="no tag"),
        pytest.param("a/b", "c.io/a/b:latest", "c.io/a/b", id="no tag is added"),
        pytest.param("a/b", "c.io/a/b:2", "c.io/a/b:2", id="another tag is"),
        pytest.param("a/b:1", "c.io/x:2", "c.io/x:2", id="another image"),
        pytest.param("c.io/b:1", "c.io/b:2", "c.io/b:2", id="another tag"),
        pytest.param(
            "redis:7",
            "h.io/hub/library/redis:7",
            "h.io/hub/library/redis:7",
            id="library",
        ),
        pytest.param("a/b:\0", "c.io/a/b", "c.io/a/b:\0", id="unknown tag"),
        pytest.param("a/b:{{ v }}", "c.io/a/b", "c.io/a/b:{{ v }}", id="Jinja tag"),
        pytest.param(
            "a.io:5000/b:\0", "c.io/b", "c.io/b:\0", id="port and unknown tag"
        ),
    ],
)
def test_an_image_is_spelt(old, image, new):
    assert respell(old, parse(image)) == (new, "")
    assert respell(new, parse(image)) == (new, "")


@pytest.mark.parametrize(
    ("old", "image"),
    [
        pytest.param("a/b:1", "docker.io/a/b:1", id="short"),
        pytest.param("index.docker.io/a/b:1", "a/b:1", id="hub alias"),
        pytest.param("a/b", "a/b:latest", id="latest"),
        pytest.param("c.io/a/b:1" + DIGEST, "c.io/a/b:1", id="its digest stays"),
        pytest.param("a/b:\0", "docker.io/a/b", id="unknown tag"),
    ],
)
def test_the_same_image_stays_as_it_is_written(old, image):
    assert respell(old, parse(image)) == (old, "")


@pytest.mark.parametrize("old", ["a/b:1" + DIGEST, "a/b" + DIGEST], ids=["tag", "none"])
def test_a_mirror_keeps_the_digest(old):
    image = parse("h.io/hub/" + old)
    assert respell(old, image, same_content=True) == ("h.io/hub/" + old, "")


@pytest.mark.parametrize("image", ["c.io/a/b:1", "c.io/a/b:1" + DIGEST])
def test_a_digest_is_dropped_with_a_word(image):
    new, note = respell("a/b:1" + DIGEST, parse(image))
    assert new == "c.io/a/b:1"
    assert note == "the digest was dropped: it belongs to the old registry"


@pytest.mark.parametrize(
    ("old", "image", "says"),
    [
        pytest.param("a/b" + DIGEST, "c.io/a/b", "a digest and no tag", id="no tag"),
        pytest.param("a/b:1" + DIGEST, "c.io/x:2", "another tag", id="another tag"),
        pytest.param("a/b:\0", "c.io/x:2", "tag is unknown", id="unknown tag"),
        pytest.param(
            "a/b:\0" + DIGEST, "c.io/a/b", "has a digest", id="unknown, digest"
        ),
        pytest.param("\0/b:1", "c.io/a/b", "nobody knows", id="unknown name"),
        pytest.param("\0", "c.io/a/b", "nobody knows", id="unknown altogether"),
        pytest.param("a/{{ b }}", "c.io/a/b", "nobody knows", id="no name"),
    ],
)
def test_what_would_be_a_guess_is_not_spelt(old, image, says):
    with pytest.raises(CannotRespell, match=says):
        respell(old, parse(image))


def test_a_mirror_keeps_an_unknown_tag_with_its_digest():
    image = parse("h.io/hub/a/b")
    new = "h.io/hub/a/b:\0" + DIGEST
    assert respell("a/b:\0" + DIGEST, image, same_content=True) == (new, "")


@pytest.mark.parametrize(
    ("old", "new", "window"),
    [
        pytest.param("a/b:1", "c.io/a/b:1", (0, 0, "c.io/"), id="put in front"),
        pytest.param("d.io/a/b:1", "c.io/a/b:1", (0, 4, "c.io"), id="host"),
        pytest.param("c.io/a:1", "c.io/a:2", (7, 8, "2"), id="tag"),
        pytest.param("c.io/ab:1", "c.io/ac:1", (5, 7, "ac"), id="whole components"),
        pytest.param("a/b", "a/b:1", (3, 3, ":1"), id="at the end"),
        pytest.param("a/a/b", "a/b", (2, 4, ""), id="taken out"),
        pytest.param("a/b:1", "c/d:2", (0, 5, "c/d:2"), id="all"),
        pytest.param("a", "a", (1, 1, ""), id="nothing"),
    ],
)
def test_where_two_spellings_differ(old, new, window):
    assert compare(old, new) == window
    start, end, text = window
    assert old[:start] + text + old[end:] == new


# --- one reference ---


@pytest.mark.parametrize(
    ("before", "image", "after"),
    [
        pytest.param(
            "FROM inveniosoftware/x:1",
            f"{CERN}/x:1",
            f"FROM {CERN}/x:1",
            id="plain",
        ),
        pytest.param(
            "# a/b:1\nFROM  --platform=$P\t a/b:1",
            "c.io/a/b:1",
            "# a/b:1\nFROM  --platform=$P\t c.io/a/b:1",
            id="by place, not by text",
        ),
        pytest.param("\udcff a/b", "c.io/z", "\udcff c.io/z", id="bytes"),
        pytest.param("FROM c.io/b", "c.io/b:2", "FROM c.io/b:2", id="a tag is added"),
        pytest.param("FROM c.io/b:1", "c.io/b:1", "FROM c.io/b:1", id="it is there"),
        pytest.param("FROM a/b:1", None, "FROM a/b:1", id="it stays"),
        pytest.param("FROM a/b", "a/b:latest", "FROM a/b", id="no tag is added"),
    ],
)
def test_a_literal_reference(before, image, after):
    file = Source("Dockerfile", before)
    assert change(file, (refer(file, before.split("\n")[-1]), image)) == (after, [])


def test_the_edit_of_a_literal_is_all_of_it():
    file = Source("Dockerfile", "FROM a/b:1\n")
    planned = plan(file, (refer(file, "FROM a/b:1"), "c.io/a/b:1"))
    edit = Edit(Span("Dockerfile", 5, 10), "a/b:1", "c.io/a/b:1")
    assert planned.edits == (edit,)
    assert planned.by_reference == ((edit,),)
    assert planned.expected == ("c.io/a/b:1",)


def test_a_dropped_digest_is_told_with_its_place():
    file = Source("Dockerfile", f"FROM a/b:1{DIGEST}\n")
    planned = plan(file, (refer(file, f"FROM a/b:1{DIGEST}"), "c.io/a/b:1"))
    note = "the digest was dropped: it belongs to the old registry"
    assert planned.notes == (f"Dockerfile:1:6: {note}",)
    assert apply_edits(file, planned.edits) == "FROM c.io/a/b:1\n"


@pytest.mark.parametrize(
    ("before", "parts", "image", "after"),
    [
        pytest.param(
            "ARG B=a/b:1\nFROM $B",
            ["a/b:1"],
            "c.io/a/b:1",
            "ARG B=c.io/a/b:1\nFROM $B",
            id="all of it in one value",
        ),
        pytest.param(
            "ARG B=a/b:1\nFROM $B",
            ["a/b:1"],
            "c.io/x:2",
            "ARG B=c.io/x:2\nFROM $B",
            id="another image in one value",
        ),
        pytest.param(
            "ARG R=a/b\nARG V=1\nFROM $R:$V",
            ["a/b", ":", "1"],
            "c.io/a/b:1",
            "ARG R=c.io/a/b\nARG V=1\nFROM $R:$V",
            id="the value that holds the repository",
        ),
        pytest.param(
            "ARG H=d.io\nFROM $H/a/b:1",
            ["d.io", "/a/b:1"],
            "c.io/a/b:1",
            "ARG H=c.io\nFROM $H/a/b:1",
            id="the value that holds the registry",
        ),
        pytest.param(
            "ARG V=1\nFROM a/b:$V",
            ["a/b:", "1"],
            "c.io/a/b:1",
            "ARG V=1\nFROM c.io/a/b:$V",
            id="the literal part beside a tag's variable",
        ),
        pytest.param(
            "FROM a/b:$V",
            ["a/b:", "?"],
            "c.io/a/b",
            "FROM c.io/a/b:$V",
            id="the literal part beside an unknown tag",
        ),
        pytest.param(
            "ARG V=b:1\nFROM a/$V",
            ["a/", "b:1"],
            "c.io/a/b:1",
            "ARG V=b:1\nFROM c.io/a/$V",
            id="put in front of the piece that begins there",
        ),
        pytest.param(
            "ARG V=b:1\nFROM d.io/$V",
            ["d.io/", "b:1"],
            "d.io/x/b:1",
            "ARG V=x/b:1\nFROM d.io/$V",
            id="put between two pieces",
        ),
        pytest.param(
            "FROM ${B:-a/b:1}",
            ["a/b:1"],
            "c.io/a/b:1",
            "FROM ${B:-c.io/a/b:1}",
            id="a default at the place of use",
        ),
        pytest.param(
            "FROM a/b:${V:-1}",
            ["a/b:", "1"],
            "docker.io/a/b:2",
            "FROM a/b:${V:-1}",
            id="the long form would take both",
        ),
        pytest.param(
            "FROM c.io/b:${V:-1}",
            ["c.io/b:", "1"],
            "c.io/b:2",
            "FROM c.io/b:${V:-2}",
            id="a tag's default at the place of use",
        ),
        pytest.param(
            "ARG R=b\nFROM c.io/$R",
            ["c.io/", "b"],
            "c.io/b:2",
            "ARG R=b:2\nFROM c.io/$R",
            id="put at the end",
        ),
        pytest.param(
            "ARG R=b:1\nFROM c.io/$R",
            ["c.io/", "b:1"],
            "c.io/b:2",
            "ARG R=b:2\nFROM c.io/$R",
            id="a value that holds name and tag",
        ),
        pytest.param(
            "ARG R=\nFROM ${R}a/b:1",
            ["a/b:1"],
            "c.io/a/b:1",
            "ARG R=\nFROM ${R}c.io/a/b:1",
            id="an empty value in front",
        ),
    ],
)
def test_a_reference_with_variables(before, parts, image, after):
    file = Source("Dockerfile", before)
    reference = refer(file, before.split("\n")[-1], *parts)
    changed, left = change(file, (reference, image))
    assert changed == after
    assert bool(left) == (after == before)


@pytest.mark.parametrize(
    ("text", "parts", "image", "says"),
    [
        pytest.param(
            "ARG V=1\nFROM c.io/b:$V",
            ["c.io/b:", "1"],
            "c.io/b:2",
            "V (Dockerfile:1:7) holds its tag only",
            id="a variable would be overwritten",
        ),
        pytest.param(
            "ARG V=1\nFROM a/b:$V",
            ["a/b:", "1"],
            "c.io/x:2",
            "put together from several values",
            id="two pieces",
        ),
        pytest.param(
            "ARG V=1\nFROM $V",
            ["?"],
            "c.io/x:2",
            "nobody knows",
            id="nothing is known",
        ),
        pytest.param(
            "FROM a/b:$V",
            ["a/b:", "?"],
            "c.io/x:2",
            "tag is unknown",
            id="an unknown tag would be overwritten",
        ),
        pytest.param(
            "ARG A=a\nFROM $A/$A",
            ["a", "/", "a"],
            "c.io/a/a",
            "A (Dockerfile:1:7) is used more than once in it",
            id="used twice",
        ),
        pytest.param(
            "FROM a/b" + DIGEST,
            [],
            "c.io/a/b",
            "a digest and no tag",
            id="a digest alone",
        ),
    ],
)
def test_what_is_not_safe_is_left_with_its_reason(text, parts, image, says):
    file = Source("Dockerfile", text)
    reference = refer(file, text.split("\n")[-1], *parts)
    changed, left = change(file, (reference, image))
    assert changed == text
    assert [says in reason for reason in left] == [True]


def test_a_value_that_is_written_nowhere_is_left():
    file = Source("Dockerfile", "FROM $B\n")
    reference = refer(file, "FROM $B", "$B")._replace(pieces=(Piece("a/b:1", None),))
    says = "it is not written in one stretch: change it by hand"
    assert change(file, (reference, "c.io/a/b:1")) == (file.text, [says])


def test_a_place_that_is_only_reported_is_left():
    file = Source("values.yml", "x: a/b:1\n")
    reference = refer(file, "x: a/b:1", report_only=True)
    changed, left = change(file, (reference, "c.io/a/b:1"))
    assert changed == file.text
    assert left == ["no place of an image is known here: change it by hand"]


def test_a_value_that_is_not_written_as_it_reads_is_left():
    file = Source("Dockerfile", "FROM a/\\\nb:1\n")
    span = Span("Dockerfile", 5, 12)
    reference = Reference("from", span, "a/\\\nb:1", (Piece("a/b:1", span),))
    says = "it is not written in one stretch: change it by hand"
    assert change(file, (reference, "c.io/a/b:1")) == (file.text, [says])


# --- values that several references share ---

SHARED = "ARG B=a/b:1\nFROM $B\nFROM $B AS x\nCOPY $B\n"


def users(*lines):
    file = Source("Dockerfile", SHARED)
    return file, [refer(file, line, "a/b:1") for line in lines]


def test_two_users_of_one_value_make_one_edit():
    file, (one, two) = users("FROM $B", "COPY $B")
    planned = plan(file, (one, "c.io/a/b:1"), (two, "c.io/a/b:1"))
    assert len(planned.edits) == 1
    assert planned.by_reference == (planned.edits, planned.edits)
    assert apply_edits(file, planned.edits) == SHARED.replace("a/b", "c.io/a/b")


def test_a_user_that_stays_keeps_the_value():
    file, (one, two) = users("FROM $B", "COPY $B")
    changed, left = change(file, (one, "c.io/a/b:1"), (two, None))
    assert changed == SHARED
    assert left == ["B (Dockerfile:1:7) also feeds Dockerfile:4:6, which stays"]


def test_users_that_become_different_keep_the_value():
    file, (one, two) = users("FROM $B", "COPY $B")
    changed, left = change(file, (one, "c.io/a/b:1"), (two, "c.io/a/b:2"))
    assert changed == SHARED
    assert left == [
        "B (Dockerfile:1:7) also feeds Dockerfile:4:6, which becomes something else",
        "B (Dockerfile:1:7) also feeds Dockerfile:2:6, which becomes something else",
    ]


def test_one_that_is_left_leaves_those_that_share_with_it():
    file = Source("Dockerfile", "ARG A=a\nFROM $A/$A\nFROM $A\n")
    twice = refer(file, "FROM $A/$A", "a", "/", "a")
    once = refer(file, "FROM $A\n".strip(), "a")
    changed, left = change(file, (twice, "c.io/a/a"), (once, "c.io/a"))
    assert changed == file.text
    assert left == [
        "A (Dockerfile:1:7) is used more than once in it",
        "A (Dockerfile:1:7) also feeds Dockerfile:2:6, which stays",
    ]


def test_the_rest_of_the_file_is_changed_all_the_same():
    file = Source("Dockerfile", SHARED + "FROM a/z:1")
    one, two = (refer(file, line, "a/b:1") for line in ("FROM $B", "COPY $B"))
    plain = refer(file, "FROM a/z:1")
    changed, left = change(file, (one, "c.io/b:1"), (two, None), (plain, "c.io/a/z:1"))
    assert changed == SHARED + "FROM c.io/a/z:1"
    assert len(left) == 1


def test_an_edit_in_another_file_than_the_reference():
    compose = Source("compose.yml", "args:\n  BASE: 'a/b:1'\n")
    docker = Source("Dockerfile", "ARG BASE=a/b:1\nFROM $BASE\n")
    default = refer(docker, "FROM $BASE", "a/b:1")
    start = compose.text.index("a/b")
    given = default._replace(pieces=(written(compose, "a/b:1", start),))
    wanted = [Wanted(one, parse("c.io/a/b:1")) for one in (default, given)]
    sources = {file.path: file for file in (compose, docker)}
    planned = plan_edits(wanted, sources)
    assert [edit.span.path for edit in planned.edits] == ["Dockerfile", "compose.yml"]
    assert apply_edits(compose, planned.edits) == "args:\n  BASE: 'c.io/a/b:1'\n"
    assert apply_edits(docker, planned.edits) == "ARG BASE=c.io/a/b:1\nFROM $BASE\n"
    kept = plan_edits([wanted[0], wanted[1]._replace(image=None)], sources)
    assert [edit.span.path for edit in kept.edits] == ["Dockerfile"]


def test_a_value_without_a_name_is_named_by_its_place():
    file = Source("Dockerfile", "FROM ${B:-a/b:1}\n")
    reference = refer(file, "FROM ${B:-a/b:1}", "a/b:1")
    left = change(file, (reference, "c.io/a/b:1"), (reference, None))[1]
    assert left == [
        "the value (Dockerfile:1:11) also feeds Dockerfile:1:6, which stays"
    ]


def touches(one, other):
    """Tell whether an edit of one stretch can change the other one's text."""
    overlap = one.start < other.end and other.start < one.end
    return one.path == other.path and (one.start == other.start or overlap)


spans = st.builds(
    lambda path, start, length: Span(path, start, start + length),
    st.sampled_from("ab"),
    st.integers(0, 12),
    st.integers(0, 5),
)


@example([[Span("a", 0, 5)], [Span("a", 2, 3)]], Span("a", 4, 5))
@given(st.lists(st.lists(st.none() | spans, max_size=3), max_size=6), spans)
def test_what_a_place_feeds(places, span):
    references = [
        Reference("from", span, "", tuple(Piece("x", place) for place in own))
        for own in places
    ]
    expected = [
        number
        for number, own in enumerate(places)
        for place in own
        if place and touches(place, span)
    ]
    assert sorted(Uses(references).of(span)) == expected


# --- Helm's split references ---

VALUES = "image:\n  registry: d.io\n  repository: a/b\n  tag: '1'\n"


def split(text, *parts, marks="/:"):
    """Return a file and its split reference, as the reader gives it."""
    file = Source("values.yaml", text)
    found = refer(file, "repository: a/b", *parts, split=True)
    pieces = list(found.pieces[:1])
    for mark, part in zip(marks, found.pieces[1:]):
        pieces += [Piece(mark, None), part]
    return file, found._replace(pieces=tuple(pieces))


@pytest.mark.parametrize(
    ("image", "after"),
    [
        pytest.param("c.io/a/b:1", VALUES.replace("d.io", "c.io"), id="registry"),
        pytest.param(
            "c.io/x/a/b:1", VALUES.replace("d.io", "c.io/x"), id="registry with a path"
        ),
        pytest.param(
            "c.io/x:1",
            VALUES.replace("d.io", "c.io").replace("a/b", "x"),
            id="registry and repository",
        ),
        pytest.param("d.io/x:1", VALUES.replace("a/b", "x"), id="repository"),
        pytest.param("d.io/a/b:2", VALUES.replace("1", "2"), id="tag"),
        pytest.param(
            "c.io/a/b:2", VALUES.replace("d.io", "c.io").replace("1", "2"), id="two"
        ),
        pytest.param("d.io/a/b:1", VALUES, id="nothing"),
    ],
)
def test_a_split_reference(image, after):
    file, reference = split(VALUES, "d.io", "a/b", "1")
    assert change(file, (reference, image)) == (after, [])


def test_a_split_reference_whose_tag_is_unknown():
    file, reference = split(VALUES, "d.io", "a/b", "?")
    after = VALUES.replace("d.io", "c.io")
    assert change(file, (reference, "c.io/a/b")) == (after, [])


def test_a_split_reference_without_a_tag():
    file, reference = split(VALUES, "d.io", "a/b")
    after = VALUES.replace("d.io", "c.io")
    assert change(file, (reference, "c.io/a/b")) == (after, [])
    assert change(file, (reference, "c.io/a/b:2")) == (
        VALUES,
        ["there is no tag beside it: change it by hand"],
    )


def test_a_split_reference_whose_registry_is_written_nowhere():
    file, reference = split(VALUES, "d.io", "a/b", "1")
    pieces = (Piece("d.io", None), *reference.pieces[1:])
    assert change(file, (reference._replace(pieces=pieces), "c.io/a/b:1")) == (
        VALUES,
        ["it is not written in one stretch: change it by hand"],
    )


def test_a_split_reference_without_a_registry():
    file, reference = split(VALUES, "a/b", "1", marks=":")
    says = "there is no registry beside it: change it by hand"
    assert change(file, (reference, "c.io/a/b:1")) == (VALUES, [says])


# --- splicing ---


@given(
    st.binary(max_size=60),
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("a/\n")), max_size=5
    ),
)
def test_no_byte_outside_the_edits_changes(data, places):
    file = Source.from_bytes("x", data)
    edits, at, kept = [], 0, []
    for gap, length, new in places:
        start = min(at + gap + 1, len(file.text))
        end = min(start + length, len(file.text))
        edits.append(Edit(Span("x", start, end), file.text[start:end], new))
        kept.append(file.text[at:start])
        at = end
    distinct = dict.fromkeys(edits)
    if len({edit.span.start for edit in distinct}) < len(edits):
        return
    parts = [part for pair in zip(kept, (edit.new for edit in edits)) for part in pair]
    expected = "".join([*parts, file.text[at:]])
    assert apply_edits(file, edits) == expected
    assert file.to_bytes(apply_edits(file, ())) == data


def edit(start, end, old, new="x", path="Dockerfile"):
    return Edit(Span(path, start, end), old, new)


def test_edits_of_other_files_are_not_made():
    file = Source("Dockerfile", "abc")
    assert apply_edits(file, [edit(0, 1, "a", path="Other")]) == "abc"


def test_edits_that_touch_are_made():
    file = Source("Dockerfile", "abc")
    assert apply_edits(file, [edit(1, 2, "b", "y"), edit(0, 1, "a")]) == "xyc"


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([edit(0, 2, "ab"), edit(1, 3, "bc")], id="overlap"),
        pytest.param([edit(0, 1, "a"), edit(0, 1, "a", "y")], id="two for one place"),
        pytest.param([edit(0, 1, "b")], id="another text"),
        pytest.param([edit(2, 4, "c")], id="beyond the end"),
    ],
)
def test_edits_that_do_not_fit_are_refused(edits):
    with pytest.raises(Refused, match=r"Dockerfile:1:\d: the change does not fit"):
        apply_edits(Source("Dockerfile", "abc"), edits)


# --- the last check ---


def read_lines(text):
    """Return the references of a file of FROM lines, as a reader would."""
    file = Source("Dockerfile", text)
    lines = (line for line in text.split("\n") if line)
    return [refer(file, line) for line in lines]


def check(reread):
    text = "FROM a/b:1\nFROM z\n"
    one, two = read_lines(text)
    wanted = [Wanted(one, parse("c.io/a/b:1")), Wanted(two, None)]
    sources = {"Dockerfile": Source("Dockerfile", text)}
    return check_edits(wanted, plan_edits(wanted, sources), sources, reread)


def test_a_change_that_reads_as_planned_is_handed_out():
    expected = "FROM c.io/a/b:1\nFROM z\n"
    texts = check(lambda texts: read_lines(texts["Dockerfile"]))
    assert texts == {"Dockerfile": expected}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        pytest.param(lambda found: found[:1], "Dockerfile: ", id="one is gone"),
        pytest.param(lambda found: [*found, found[0]], "Dockerfile: ", id="one more"),
        pytest.param(lambda found: found[::-1], "Dockerfile:1:6", id="another order"),
        pytest.param(
            lambda found: [found[0], found[0]], "Dockerfile:2:6", id="another image"
        ),
        pytest.param(
            lambda found: [found[0]._replace(stage=1), found[1]],
            "Dockerfile:1:6",
            id="another stage",
        ),
        pytest.param(
            lambda found: [found[0], found[1]._replace(refused="it is")],
            "Dockerfile:2:6",
            id="a line that Docker refuses now",
        ),
    ],
)
def test_a_change_that_reads_otherwise_is_refused(change, where):
    with pytest.raises(Refused, match=where):
        check(lambda texts: change(read_lines(texts["Dockerfile"])))


# --- the diff ---


@pytest.mark.parametrize(
    ("before", "after", "hunks"),
    [
        pytest.param("a\nb\nc\n", "a\nx\nc\n", "@@ -2 +2 @@\n-b\n+x\n", id="one line"),
        pytest.param(
            "a\nb\nc", "a\nx\ny", "@@ -2,2 +2,2 @@\n-b\n-c\n\\\n+x\n+y\n\\\n", id="two"
        ),
        pytest.param(
            "a\nb\nc\n",
            "x\nb\ny\n",
            "@@ -1 +1 @@\n-a\n+x\n@@ -3 +3 @@\n-c\n+y\n",
            id="two hunks",
        ),
        pytest.param("a\r\n", "x\r\n", "@@ -1 +1 @@\n-a\n+x\n", id="CRLF"),
        pytest.param("a", "x", "@@ -1 +1 @@\n-a\n\\\n+x\n\\\n", id="no final newline"),
        pytest.param(
            "\x1b[2Ja\u202e\udcff\n",
            "\x1b[2Jx\u202e\udcff\n",
            "@@ -1 +1 @@\n-\\x1b[2Ja\\u202e\\xff\n+\\x1b[2Jx\\u202e\\xff\n",
            id="hostile text",
        ),
        pytest.param(
            "a\x0bb\u2028c\n",
            "x\x0bb\u2028c\n",
            "@@ -1 +1 @@\n-a\\x0bb\\u2028c\n+x\\x0bb\\u2028c\n",
            id="only a line feed ends a line",
        ),
    ],
)
def test_the_diff(before, after, hunks):
    hunks = hunks.replace("\\\n", "\\ No newline at end of file\n")
    head = "--- Dockerfile\n+++ Dockerfile\n"
    assert show_diff(Source("Dockerfile", before), after) == head + hunks


def test_no_change_has_no_diff():
    assert show_diff(Source("Dockerfile", "a\n"), "a\n") == ""


def test_a_hostile_name_in_a_diff_is_escaped():
    shown = show_diff(Source("Docker\x1bfile", "a\n"), "b\n")
    assert shown.startswith("--- Docker\\x1bfile\n+++ Docker\\x1bfile\n")
