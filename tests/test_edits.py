# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How an image is spelt, which part is edited, the last check, the diff.

Whole files, before and after, are in ``test_rewriting``.
"""

import re
import time

import pytest

from invenio_cli_registry.edits import (
    Wanted,
    change_files,
    check_edits,
    plan_edits,
    respell,
    show_diff,
)
from invenio_cli_registry.image import parse
from invenio_cli_registry.model import Edit, Source
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.terminal import Refused

DIGEST = "@sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("old", "image", "new"),
    [
        ("a/b:1", "c.io/a/b:1", "c.io/a/b:1"),
        ("a/b", "c.io/a/b:latest", "c.io/a/b"),
        ("a/b", "c.io/x:2", "c.io/x:2"),
        ("a.io:5000/b:\0", "c.io/b", "c.io/b:\0"),
        ("a/b:{{ v }}", "c.io/a/b", "c.io/a/b:{{ v }}"),
        ("index.docker.io/a/b:1", "a/b:1", "index.docker.io/a/b:1"),
        ("c.io/b:1" + DIGEST, "c.io/b:1", "c.io/b:1" + DIGEST),
        ("a/b:\0", "docker.io/a/b", "a/b:\0"),
    ],
)
def test_an_image_is_spelt(old, image, new):
    assert respell(old, parse(image)) == (new, "")
    assert respell(new, parse(image)) == (new, "")


@pytest.mark.parametrize("tag", ["", ":1", ":\0"], ids=["none", "known", "unknown"])
def test_a_digest_stays_where_the_same_bytes_are_served(tag):
    image = parse("h.io/hub/a/b" + ("" if tag == ":\0" else tag))
    old, new = f"a/b{tag}{DIGEST}", f"h.io/hub/a/b{tag}{DIGEST}"
    assert respell(old, image, same_content=True) == (new, "")
    if tag == ":1":
        note = "the digest was dropped: it belongs to the old registry"
        assert respell(old, image) == ("h.io/hub/a/b:1", note)


@pytest.mark.parametrize(
    ("old", "image", "says"),
    [
        ("a/b" + DIGEST, "c.io/a/b", "names this one image"),
        ("a/b:1" + DIGEST, "c.io/x:2", "names this one image"),
        ("a/b:\0", "c.io/x:2", "tag is unknown"),
        ("a/b:\0" + DIGEST, "c.io/a/b", "tag is unknown"),
        ("\0/b:1", "c.io/a/b", "not in the files"),
        ("a/{{ b }}", "c.io/a/b", "not in the files"),
    ],
)
def test_what_would_be_a_guess_is_not_spelt(old, image, says):
    with pytest.raises(Refused, match=says):
        respell(old, parse(image))


def change(text, images):
    """Return the text with the images of a Dockerfile changed, and why some are left.

    :param images: what each becomes, in the order of use; None: it stays.
    """
    found = read_dockerfile(Source("Dockerfile", text))
    given = zip(found.references, images)
    wanted = [Wanted(one, parse(image) if image else None) for one, image in given]
    plan = plan_edits(wanted, [found])
    changed = dict(change_files(plan.edits))
    return changed.get(found.source, text), [left.reason for left in plan.left]


@pytest.mark.parametrize(
    ("before", "image", "after"),
    [
        ("ARG B=a/b:1\nFROM $B", "c.io/x:2", "ARG B=c.io/x:2\nFROM $B"),
        ("ARG H=d.io\nFROM $H/b:1", "c.io/b:1", "ARG H=c.io\nFROM $H/b:1"),
        ("ARG H=d.io\nFROM $H/b:1", "d.io/c:2", "ARG H=d.io\nFROM $H/c:2"),
        ("ARG R=b\nFROM c.io/$R:1", "c.io/x/b:1", "ARG R=b\nFROM c.io/x/$R:1"),
        ("FROM c.io/b:${V:-1}", "c.io/b:2", "FROM c.io/b:${V:-2}"),
        ("ARG R=b:1\nFROM c.io/$R", "c.io/b:2", "ARG R=b:2\nFROM c.io/$R"),
        ("ARG R=\nFROM ${R}a/b:1", "c.io/a/b:1", "ARG R=\nFROM ${R}c.io/a/b:1"),
    ],
)
def test_the_part_that_differs_is_changed(before, image, after):
    assert change(before, [image]) == (after, [])


SEVERAL = "it is put together from several values: change it by hand"
TAG = "V (Dockerfile:1:7) holds its tag only, and may be used elsewhere"
TWICE = "A (Dockerfile:1:7) is used more than once in one name"


@pytest.mark.parametrize(
    ("text", "image", "says"),
    [
        ("ARG V=1\nFROM c.io/b:$V", "c.io/b:2", TAG),
        ("ARG V=1\nFROM a/b:$V", "c.io/x:2", SEVERAL),
        ("ARG V=8\nFROM a/b:1.$V", "c.io/x:2.8", SEVERAL),
        ("ARG A=a\nFROM $A/$A", "c.io/a/a", TWICE),
    ],
)
def test_what_is_not_safe_is_left_with_its_reason(text, image, says):
    assert change(text, [image]) == (text, [says])


SHARED = "ARG B=a/b:1\nFROM $B\nFROM $B AS x\n"
B = "B (Dockerfile:1:7) is also used at Dockerfile:{}: change it by hand"


@pytest.mark.parametrize(
    ("images", "after", "reasons"),
    [
        (["c.io/b:1"] * 2, SHARED.replace("a/b", "c.io/b"), []),
        (["c.io/b:1", None], SHARED, [B.format("3:6")]),
        (["c.io/b:1", "c.io/b:2"], SHARED, [B.format("3:6"), B.format("2:6")]),
    ],
    ids=["same", "one stays", "different"],
)
def test_a_value_of_two_images(images, after, reasons):
    assert change(SHARED, images) == (after, reasons)
    # One that cannot be changed leaves those that share a value with it.
    text = "ARG A=a\nFROM $A/$A\nFROM $A\n"
    assert len(change(text, ["c.io/a/a", "c.io/a"])[1]) == 2


def test_shared_values_take_linear_time():
    def measure(count):
        text = "ARG S=a\n" + "".join(f"ARG A{at}=a/b\n" for at in range(count))
        for at in range(count):
            text += f"FROM $A{at}\nARG A{at}\nFROM $S/x{at}\n"
        text += "RUN " + " ".join(f"$A{at}" for at in range(count))
        found = read_dockerfile(Source("Dockerfile", text))
        wanted = [Wanted(one, parse("c.io/a/b")) for one in found.references]
        started = time.perf_counter()
        plan = plan_edits(wanted, [found])
        assert len(plan.left) >= count
        return time.perf_counter() - started

    measure(10)
    assert min(measure(2_000) for _ in range(3)) < 10 * measure(500)


ABC = Source("Dockerfile", "abc")


@pytest.mark.parametrize(
    ("edits", "after"),
    [
        ([(1, 2, "y"), (0, 1, "x")], "xyc"),
        ([(0, 1, "x"), (0, 1, "x")], "xbc"),
        ([(0, 2, "x"), (1, 3, "x")], None),
        ([(0, 1, "x"), (0, 1, "y")], None),
    ],
    ids=["side by side", "the same twice", "overlap", "two for one place"],
)
def test_edits_are_made_or_refused(edits, after):
    other = Edit(Source("A", "a").span(0, 1), "b")
    given = [other, *(Edit(ABC.span(start, end), new) for start, end, new in edits)]
    if after is None:
        with pytest.raises(Refused, match=r"Dockerfile:1:\d: two changes overlap"):
            change_files(given)
    else:
        assert [text for _, text in change_files(given)] == ["b", after]


@pytest.mark.parametrize(
    ("reread", "where"),
    [
        (lambda found: found, None),
        (lambda found: found[:1], "Dockerfile: "),
        (lambda found: [*found, found[0]], "Dockerfile: "),
        (lambda found: found[::-1], "Dockerfile:1:6"),
        (lambda found: [found[0], found[0]], "Dockerfile:2:6"),
        (lambda found: [found[0]._replace(stage=1), found[1]], "Dockerfile:1:6"),
        (lambda found: [found[0], found[1]._replace(refused="it")], "Dockerfile:2:6"),
    ],
    ids=["right", "one less", "one more", "order", "image", "stage", "refused now"],
)
def test_a_change_that_reads_differently_is_refused(reread, where):
    source = Source("Dockerfile", "FROM a/b:1\nFROM z\n")
    one, two = read_dockerfile(source).references
    plan = plan_edits([Wanted(one, parse("c.io/a/b:1")), Wanted(two, None)])

    def read(texts):
        return reread(read_dockerfile(source.changed(texts["Dockerfile"])).references)

    if where is None:
        assert check_edits(plan, read) == ((source, "FROM c.io/a/b:1\nFROM z\n"),)
    else:
        with pytest.raises(Refused, match=re.escape(where)):
            check_edits(plan, read)


@pytest.mark.parametrize(
    ("before", "after", "hunks"),
    [
        ("a\nb\nc", "a\nx\ny", "@@ -2,2 +2,2 @@\n-b\n-c\n\\\n+x\n+y\n\\\n"),
        ("a\nb\nc\n", "x\nb\ny\n", "@@ -1 +1 @@\n-a\n+x\n@@ -3 +3 @@\n-c\n+y\n"),
        ("a\r\n", "x\r\n", "@@ -1 +1 @@\n-a\n+x\n"),
        ("\x1b\u202e\udcff\n", "\x1bx\n", "@@ -1 +1 @@\n-\\x1b\\u202e\\xff\n+\\x1bx\n"),
    ],
    ids=["no final newline", "apart", "CRLF", "hostile text"],
)
def test_the_diff(before, after, hunks):
    hunks = hunks.replace("\\\n", "\\ No newline at end of file\n")
    head = "--- Docker\\x1bfile\n+++ Docker\\x1bfile\n"
    assert show_diff(Source("Docker\x1bfile", before), after) == head + hunks
    assert show_diff(Source("Dockerfile", before), before) == ""
