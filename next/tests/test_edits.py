# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How an image is spelt, splicing, the last check, the diff: what no file shows by itself.

Whole files, before and after, are in ``test_rewriting``.
"""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.edits import (
    CannotRespell,
    Wanted,
    apply_edits,
    check_edits,
    plan_edits,
    respell,
    show_diff,
)
from invenio_cli_registry.errors import Refused
from invenio_cli_registry.image import parse
from invenio_cli_registry.model import Edit, Piece, Reference, Source
from invenio_cli_registry.readers.dockerfile import read_dockerfile

DIGEST = "@sha256:" + "0" * 64


# How an image is spelt in another's place


@pytest.mark.parametrize(
    ("old", "image", "new"),
    [
        pytest.param("a/b:1", "c.io/a/b:1", "c.io/a/b:1", id="same tag"),
        pytest.param("a/b", "c.io/a/b", "c.io/a/b", id="no tag"),
        pytest.param("a/b", "c.io/a/b:latest", "c.io/a/b", id="no tag is added"),
        pytest.param("a/b", "c.io/a/b:2", "c.io/a/b:2", id="another tag is"),
        pytest.param("c.io/b:1", "c.io/x:2", "c.io/x:2", id="another image"),
        pytest.param("redis:7", "h.io/library/redis:7", "h.io/library/redis:7", id="7"),
        pytest.param("a/b:\0", "c.io/a/b", "c.io/a/b:\0", id="unknown tag"),
        pytest.param("a/b:{{ v }}", "c.io/a/b", "c.io/a/b:{{ v }}", id="Jinja tag"),
        pytest.param("a.io:5000/b:\0", "c.io/b", "c.io/b:\0", id="a port, unknown tag"),
        pytest.param("a/b:1", "docker.io/a/b:1", "a/b:1", id="short"),
        pytest.param(
            "index.docker.io/a/b:1", "a/b:1", "index.docker.io/a/b:1", id="hub"
        ),
        pytest.param("a/b", "a/b:latest", "a/b", id="latest"),
        pytest.param("c.io/b:1" + DIGEST, "c.io/b:1", "c.io/b:1" + DIGEST, id="digest"),
        pytest.param("a/b:\0", "docker.io/a/b", "a/b:\0", id="the same, unknown tag"),
    ],
)
def test_an_image_is_spelt(old, image, new):
    assert respell(old, parse(image)) == (new, "")
    assert respell(new, parse(image)) == (new, "")


@pytest.mark.parametrize("tag", ["", ":1", ":\0"], ids=["none", "known", "unknown"])
def test_where_the_same_bytes_are_served_the_digest_stays(tag):
    image = parse("h.io/hub/a/b" + ("" if tag == ":\0" else tag))
    old, new = f"a/b{tag}{DIGEST}", f"h.io/hub/a/b{tag}{DIGEST}"
    assert respell(old, image, same_content=True) == (new, "")


@pytest.mark.parametrize("image", ["c.io/a/b:1", "c.io/a/b:1" + DIGEST])
def test_a_digest_is_dropped_with_a_note(image):
    note = "the digest was dropped: it belongs to the old registry"
    assert respell("a/b:1" + DIGEST, parse(image)) == ("c.io/a/b:1", note)


@pytest.mark.parametrize(
    ("old", "image", "says"),
    [
        pytest.param("a/b" + DIGEST, "c.io/a/b", "a digest and no tag", id="no tag"),
        pytest.param("a/b:1" + DIGEST, "c.io/x:2", "another tag", id="another tag"),
        pytest.param("a/b:\0", "c.io/x:2", "tag is unknown", id="unknown tag"),
        pytest.param("a/b:\0" + DIGEST, "c.io/a/b", "has a digest", id="and a digest"),
        pytest.param("\0/b:1", "c.io/a/b", "not in the files", id="unknown name"),
        pytest.param("\0", "c.io/a/b", "not in the files", id="unknown altogether"),
        pytest.param("a/{{ b }}", "c.io/a/b", "not in the files", id="no name"),
    ],
)
def test_what_would_be_a_guess_is_not_spelt(old, image, says):
    with pytest.raises(CannotRespell, match=says):
        respell(old, parse(image))


# One reference


def change(text, images, path="Dockerfile"):
    """Return the text with the images of a Dockerfile changed, and why some are left.

    :param images: what each becomes, in the order of use; None: it stays.
    """
    found = read_dockerfile(Source(path, text))
    wanted = [
        Wanted(reference, parse(image) if image else None)
        for reference, image in zip(found.references, images)
    ]
    assert len(wanted) == len(found.references)
    plan = plan_edits(wanted, [found])
    return apply_edits(found.source, plan.edits), [left.reason for left in plan.left]


@pytest.mark.parametrize(
    ("before", "image", "after"),
    [
        pytest.param(
            "ARG B=a/b:1\nFROM $B",
            "c.io/x:2",
            "ARG B=c.io/x:2\nFROM $B",
            id="all of it in one value",
        ),
        pytest.param(
            "ARG H=d.io\nFROM $H/a/b:1",
            "c.io/a/b:1",
            "ARG H=c.io\nFROM $H/a/b:1",
            id="the value that holds the registry",
        ),
        pytest.param(
            "ARG H=d.io\nFROM $H/b:1",
            "d.io/x/c:2",
            "ARG H=d.io\nFROM $H/x/c:2",
            id="the part behind a variable",
        ),
        pytest.param(
            "ARG R=b\nFROM c.io/$R:1",
            "c.io/x/b:1",
            "ARG R=b\nFROM c.io/x/$R:1",
            id="put between two parts",
        ),
        pytest.param(
            "FROM c.io/b:${V:-1}",
            "c.io/b:2",
            "FROM c.io/b:${V:-2}",
            id="a tag's default at the place of use",
        ),
        pytest.param(
            "ARG R=b:1\nFROM c.io/$R",
            "c.io/b:2",
            "ARG R=b:2\nFROM c.io/$R",
            id="a value that holds name and tag",
        ),
        pytest.param(
            "ARG R=b\nFROM c.io/$R", "c.io/b:2", "ARG R=b:2\nFROM c.io/$R", id="added"
        ),
        pytest.param(
            "ARG R=\nFROM ${R}a/b:1",
            "c.io/a/b:1",
            "ARG R=\nFROM ${R}c.io/a/b:1",
            id="an empty value in front",
        ),
        pytest.param(
            "ARG V=8\nFROM a/centos$V:1",
            "c.io/a/centos8:1",
            "ARG V=8\nFROM c.io/a/centos$V:1",
            id="a part of the name",
        ),
        pytest.param("\udcff\nFROM a/b", "c.io/z", "\udcff\nFROM c.io/z", id="bytes"),
    ],
)
def test_the_part_that_differs_is_changed(before, image, after):
    assert change(before, [image]) == (after, [])


@pytest.mark.parametrize(
    ("text", "image", "says"),
    [
        pytest.param(
            "ARG V=1\nFROM c.io/b:$V",
            "c.io/b:2",
            "V (Dockerfile:1:7) holds its tag only, and may be used elsewhere",
            id="a variable would be overwritten",
        ),
        pytest.param(
            "ARG V=1\nFROM a/b:$V",
            "c.io/x:2",
            "it is put together from several values: change it by hand",
            id="two parts",
        ),
        pytest.param(
            "ARG V=8\nFROM a/b:1.$V",
            "c.io/x:2.8",
            "it is put together from several values: change it by hand",
            id="a tag that ends alike",
        ),
        pytest.param(
            "ARG A=a\nFROM $A/$A",
            "c.io/a/a",
            "A (Dockerfile:1:7) is used more than once in one name",
            id="used twice",
        ),
        pytest.param(
            "FROM a/\\\nb:1",
            "c.io/a/b:1",
            "it is not written in one stretch: change it by hand",
            id="over two lines",
        ),
    ],
)
def test_what_is_not_safe_is_left_with_its_reason(text, image, says):
    assert change(text, [image]) == (text, [says])


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"pieces": (Piece("a/b:1", None),)}, "it is not written in one stretch: "),
        ({"fixed": "add an alias first"}, "add an alias first"),
    ],
    ids=["written nowhere", "fixed"],
)
def test_what_a_reader_forbids_is_left(more, says):
    source = Source("c.yml", "x: a/b:1\n")
    span = source.span(3, 8)
    reference = Reference("yaml", span, "a/b:1", (Piece("a/b:1", span),))
    wanted = Wanted(reference._replace(**more), parse("c.io/a/b:1"))
    (left,) = plan_edits([wanted]).left
    assert left.reason.startswith(says)
    # Where nothing is to be written nothing is left.
    assert plan_edits([wanted._replace(image=parse("a/b:1"))]).left == ()


# Values that several references share


SHARED = "ARG B=a/b:1\nFROM $B\nFROM $B AS x\n"
B = "B (Dockerfile:1:7) is"


@pytest.mark.parametrize(
    ("images", "after", "reasons"),
    [
        pytest.param(["c.io/b:1"] * 2, SHARED.replace("a/b", "c.io/b"), [], id="same"),
        pytest.param(
            ["c.io/b:1", None],
            SHARED,
            [f"{B} also used at Dockerfile:3:6, which stays"],
            id="one stays",
        ),
        pytest.param(
            ["c.io/b:1", "c.io/b:2"],
            SHARED,
            [f"{B} used by images that become different ones"] * 2,
            id="different ones",
        ),
    ],
)
def test_a_value_of_two_images(images, after, reasons):
    assert change(SHARED, images) == (after, reasons)


def test_one_that_is_left_leaves_those_that_share_with_it():
    text = "ARG A=a\nFROM $A/$A\nFROM $A\nFROM a/z\n"
    after, left = change(text, ["c.io/a/a", "c.io/a", "c.io/a/z"])
    assert after == text.replace("a/z", "c.io/a/z")
    assert len(left) == 2


def test_of_a_shared_value_each_reference_names_the_edit():
    found = read_dockerfile(Source("Dockerfile", SHARED))
    plan = plan_edits([Wanted(one, parse("c.io/b:1")) for one in found.references])
    (edit,) = plan.edits
    assert (edit.old, edit.new) == ("a/b:1", "c.io/b:1")
    assert plan.by_reference == ((edit,), (edit,))
    assert plan.expected == ("c.io/b:1", "c.io/b:1")


def chain(length):
    """Return a file of which each name shares one part with the next; the last stays."""
    source = Source("values.yaml", "x" * length)
    pieces = [Piece("x", source.span(at, at + 1)) for at in range(length)]
    dash, colon = Piece("/", None), Piece(":", None)
    return [
        Reference("yaml", two.span, "", (one, dash, two, colon, one), split=True)
        for one, two in zip(pieces, pieces[1:])
    ]


def test_a_chain_of_shared_values_takes_linear_time():
    def measure(length):
        references = chain(length)
        wanted = [Wanted(one, parse("y.io/y/y:y")) for one in references]
        wanted[-1] = wanted[-1]._replace(image=None)
        started = time.perf_counter()
        plan = plan_edits(wanted)
        taken = time.perf_counter() - started
        assert (len(plan.left), plan.edits) == (length - 2, ())
        return taken

    measure(100)
    assert min(measure(16_000) for _ in range(3)) < 10 * measure(4_000)


def test_what_commands_use_is_found_in_linear_time():
    def measure(count):
        names = [f"A{number}" for number in range(count)]
        text = "".join(
            [
                *(f"ARG {name}=a/b{last}\n" for name, last in zip(names, ["", *names])),
                *(f"FROM ${name}\nARG {name}\n" for name in names),
                "RUN " + " ".join(f"${name}" for name in names),
            ]
        )
        found = read_dockerfile(Source("Dockerfile", text))
        wanted = [Wanted(one, parse("c.io/b:1")) for one in found.references]
        started = time.perf_counter()
        plan = plan_edits(wanted, [found])
        assert len(plan.left) == count
        return time.perf_counter() - started

    measure(10)
    assert min(measure(2_000) for _ in range(3)) < 10 * measure(500)


# Helm's split references

HELM = "image:\n  registry: d.io\n  repository: a/b\n  tag: '1'\n"


def split(*parts):
    """Return a split reference of the file, as the reader gives it; None is unknown."""
    source = Source("values.yaml", HELM)
    pieces = []
    for mark, part in zip(["", "/", ":"], parts):
        pieces += [Piece(mark, None)] if mark else []
        at = HELM.index(part) if part else 0
        pieces.append(Piece(part, source.span(at, at + len(part)) if part else None))
    at = HELM.index("a/b")
    return Reference("yaml", source.span(at, at + 3), "a/b", tuple(pieces), split=True)


@pytest.mark.parametrize(
    ("parts", "image", "changes"),
    [
        pytest.param("d.io a/b 1", "c.io/a/b:1", ["d.io c.io"], id="registry"),
        pytest.param("d.io a/b 1", "c.io/x/a/b:1", ["d.io c.io/x"], id="with a path"),
        pytest.param("d.io a/b 1", "c.io/x:1", ["d.io c.io", "a/b x"], id="both"),
        pytest.param("d.io a/b 1", "d.io/x:1", ["a/b x"], id="repository"),
        pytest.param("d.io a/b 1", "d.io/a/b:2", ["1 2"], id="tag"),
        pytest.param("d.io a/b 1", "d.io/a/b:1", [], id="nothing"),
        pytest.param("d.io a/b ?", "c.io/a/b", ["d.io c.io"], id="unknown tag"),
        pytest.param("d.io a/b", "c.io/a/b", ["d.io c.io"], id="no tag"),
        pytest.param("d.io a/b", "c.io/a/b:2", "there is no tag alongside", id="a tag"),
        pytest.param(
            "? a/b 1", "c.io/a/b:1", "not in the files", id="unknown registry"
        ),
    ],
)
def test_a_split_reference(parts, image, changes):
    reference = split(*(None if one == "?" else one for one in parts.split()))
    plan = plan_edits([Wanted(reference, parse(image))])
    if isinstance(changes, str):
        assert [changes in left.reason for left in plan.left] == [True]
    else:
        assert [f"{edit.old} {edit.new}" for edit in plan.edits] == changes


# Splicing


@given(
    st.binary(max_size=60),
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("a/\n")), max_size=5
    ),
)
def test_no_byte_outside_the_edits_changes(data, places):
    source = Source.from_bytes("x", data)
    edits, parts, at = [], [], 0
    for gap, length, new in places:
        start = min(at + gap + 1, len(source.text))
        end = min(start + length, len(source.text))
        if at < start < end:
            edits.append(Edit(source.span(start, end), new))
            parts += [source.text[at:start], new]
            at = end
    text = apply_edits(source, reversed(edits))
    assert text == "".join([*parts, source.text[at:]])
    assert source.to_bytes(apply_edits(source, ())) == data


ABC = Source("Dockerfile", "abc")


def edit(start, end, new="x", source=ABC):
    return Edit(source.span(start, end), new)


@pytest.mark.parametrize(
    ("edits", "after"),
    [
        pytest.param([edit(1, 2, "y"), edit(0, 1)], "xyc", id="side by side"),
        pytest.param([edit(0, 1), edit(0, 1)], "xbc", id="the same twice"),
        pytest.param([edit(0, 1, source=Source("B", "a"))], "abc", id="another file's"),
        pytest.param(
            [edit(0, 1, source=Source("Dockerfile", "a"))], "xbc", id="reread"
        ),
        pytest.param([edit(0, 2), edit(1, 3)], None, id="overlap"),
        pytest.param([edit(0, 1), edit(0, 1, "y")], None, id="two for one place"),
        pytest.param(
            [edit(0, 1, source=Source("Dockerfile", "b"))], None, id="other text"
        ),
        pytest.param(
            [edit(2, 4, source=Source("Dockerfile", "abcd"))], None, id="beyond the end"
        ),
    ],
)
def test_edits_are_made_or_refused(edits, after):
    if after is None:
        with pytest.raises(Refused, match=r"Dockerfile:1:\d: the change does not fit"):
            apply_edits(ABC, edits)
    else:
        assert apply_edits(ABC, edits) == after


# The last check


def check(reread):
    source = Source("Dockerfile", "FROM a/b:1\nFROM z\n")
    one, two = read_dockerfile(source).references
    wanted = [Wanted(one, parse("c.io/a/b:1")), Wanted(two, None)]
    return check_edits(
        wanted,
        plan_edits(wanted),
        lambda texts: reread(
            read_dockerfile(source.changed(texts["Dockerfile"])).references
        ),
    )


def test_a_change_that_reads_as_planned_is_handed_out():
    ((source, text),) = check(lambda found: found)
    assert (source.path, text) == ("Dockerfile", "FROM c.io/a/b:1\nFROM z\n")


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
def test_a_change_that_reads_differently_is_refused(change, where):
    with pytest.raises(Refused, match=re.escape(where)):
        check(change)


# The diff


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
            id="apart",
        ),
        pytest.param("a\r\n", "x\r\n", "@@ -1 +1 @@\n-a\n+x\n", id="CRLF"),
        pytest.param("a", "x", "@@ -1 +1 @@\n-a\n\\\n+x\n\\\n", id="no final newline"),
        pytest.param(
            "\x1b[2Ja\u202e\udcff\x0bb\u2028c\n",
            "\x1b[2Jx\u202e\udcff\x0bb\u2028c\n",
            "@@ -1 +1 @@\n-\\x1b[2Ja\\u202e\\xff\\x0bb\\u2028c\n"
            "+\\x1b[2Jx\\u202e\\xff\\x0bb\\u2028c\n",
            id="hostile text, and only a line feed ends a line",
        ),
    ],
)
def test_the_diff(before, after, hunks):
    hunks = hunks.replace("\\\n", "\\ No newline at end of file\n")
    head = "--- Docker\\x1bfile\n+++ Docker\\x1bfile\n"
    assert show_diff(Source("Docker\x1bfile", before), after) == head + hunks


def test_no_change_has_no_diff():
    assert show_diff(Source("Dockerfile", "a\n"), "a\n") == ""
