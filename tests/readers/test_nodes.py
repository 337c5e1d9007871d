# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""YAML as nodes: where a scalar stands, what merges, and what is no YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.model import Source
from invenio_cli_registry.readers import nodes
from invenio_cli_registry.readers.nodes import (
    DEEPEST,
    Mapping,
    Scalar,
    Sequence,
    compose,
    elements,
    get,
    items,
    scalar,
)

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


@pytest.fixture(params=LOADERS, ids=["python", "libyaml"])
def loader(request, monkeypatch):
    """Read with each of PyYAML's two readers; a host may have only the one in Python."""
    monkeypatch.setattr(yaml, "CSafeLoader", request.param, raising=False)


def only(text):
    """Return the one document of a text."""
    composed = compose(Source("x.yml", text))
    assert composed.problem is None
    (document,) = composed.documents
    return document


def place(text, key="k"):
    """Return what stands at the place of a key's value, and whether it is the value."""
    source = Source("x.yml", text)
    (document,) = compose(source).documents
    span, exact = get(document, key).place(source)
    return span.text, exact


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        pytest.param("x:1", "x:1", id="plain"),
        pytest.param("x:1 # c", "x:1", id="comment"),
        pytest.param("x:1  ", "x:1", id="blanks-behind"),
        pytest.param("'x:1'", "x:1", id="single-quotes"),
        pytest.param('"x:1"', "x:1", id="double-quotes"),
        pytest.param("''", "", id="empty-quotes"),
        pytest.param("'&a !b'", "&a !b", id="like-properties"),
        pytest.param("&a x:1", "x:1", id="anchor"),
        pytest.param("!reset x:1", "x:1", id="tag"),
        pytest.param("!!str x:1", "x:1", id="known-tag"),
        pytest.param("! x:1", "x:1", id="tag-of-no-name"),
        pytest.param("!<tag:yaml.org,2002:str> x:1", "x:1", id="whole-tag"),
        pytest.param("&a !b x:1", "x:1", id="anchor-and-tag"),
        pytest.param("!b &a 'x:1'", "x:1", id="tag-and-anchor"),
        pytest.param("&a\n  x:1", "x:1", id="on-the-next-line"),
        pytest.param("&a # c\n\n  # d\n  'x:1'", "x:1", id="behind-comments"),
        pytest.param("\n  x:1", "x:1", id="value-on-the-next-line"),
    ],
)
@pytest.mark.parametrize(
    "before",
    ["", "é\U0001f600: é # \x85#\u2028\n", "a: b\r\nc: d\r\n"],
    ids=["first", "characters", "crlf"],
)
@pytest.mark.usefixtures("loader")
def test_a_scalar_stands_at_its_place(before, written, stands):
    assert place(f"{before}k: {written}\n") == (stands, True)
    assert place(f"{before}k: {written}") == (stands, True)
    assert place(f"{before}k: {written}\nz: y\n".replace("\n", "\r\n")) == (
        stands,
        True,
    )


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        pytest.param("x\n  y", "x\n  y", id="plain-on-two-lines"),
        pytest.param("'x''y'", "x''y", id="doubled-quote"),
        pytest.param('"x\\x3a1"', "x\\x3a1", id="escape"),
        pytest.param('"x\\\n  y"', "x\\\n  y", id="escaped-line-end"),
        pytest.param("|-\n  x:1", "|-\n  x:1\n", id="literal"),
        pytest.param(">-\n  x:1", ">-\n  x:1\n", id="folded"),
        pytest.param("&a |-\n  x:1", "|-\n  x:1\n", id="literal-with-anchor"),
        pytest.param("x\x85  y", "x\x85  y", id="next-line-character"),
        pytest.param("x\udcffy", "x\udcffy", id="no-utf8"),
        pytest.param("x\ufeffy", "x\ufeffy", id="mark-in-the-middle"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_a_scalar_that_is_written_otherwise(written, stands):
    assert place(f"k: {written}\n") == (stands, False)


@pytest.mark.usefixtures("loader")
def test_places_behind_a_second_byte_order_mark():
    assert place("\ufeffa: b\nk: x:1\n") == ("x:1", True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.usefixtures("loader")
def test_places_in_every_encoding(encoding):
    source = Source.from_bytes("x.yml", "é: \U0001f600\nk: x:1\n".encode(encoding))
    (document,) = compose(source).documents
    span, exact = get(document, "k").place(source)
    assert (span.text, exact) == ("x:1", True)


@pytest.mark.usefixtures("loader")
def test_tabs_in_front_of_a_comment():
    assert place("k: x:1 # a\tb\n") == ("x:1", True)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("a: 1\nb: [\n", 2, "expected", id="open"),
        pytest.param("a: b: c\n", 1, "mapping values", id="two-colons"),
        pytest.param("a: é\x85\nb: {{ c }}\nd: {{\n", 3, "expected", id="template"),
        pytest.param("a: 1\n{% if b %}\n", 2, "cannot start", id="jinja"),
        pytest.param("a: 1\nb: *c\n", 2, "the alias *c stands for nothing", id="alias"),
        pytest.param("--- &c 1\n--- *c\n", 2, "*c", id="alias-of-another-document"),
        pytest.param("a: 1\nb: &c {<<: *c}\n", 2, "*c stands", id="merge-of-itself"),
        pytest.param("a: &c 1\nb: &c [*c]\n", 2, "*c stands", id="list-of-itself"),
        pytest.param("a: !x!y b\n", 1, "undefined tag", id="tag-handle"),
        pytest.param("%YAML 3.0\n--- a\n", 1, "incompatible", id="version"),
        pytest.param("a: 1\nb: \x01\n", 2, "U+0001", id="control"),
        pytest.param("a: 1\nb: \0\n", 2, "U+0000", id="nul"),
        pytest.param("# \x7f\n", 1, "U+007F", id="delete"),
        pytest.param("# \uffff\n", 1, "U+FFFF", id="no-character"),
        pytest.param("a: '", 1, "end of stream", id="quote"),
        pytest.param("a:\n  " + "[" * 200_000, 2, "deep", id="deep-flow"),
        pytest.param("{a: " * 200_000, 1, "deep", id="deep-mappings"),
        pytest.param("- " * 50_000 + "a", 1, "deep", id="deep-block"),
        pytest.param("? " * 50_000 + "a", 1, "deep", id="deep-keys"),
        pytest.param(
            "".join(" " * at + "a:\n" for at in range(200)),
            DEEPEST + 1,
            "deep",
            id="steps",
        ),
    ],
)
@pytest.mark.usefixtures("loader")
def test_what_is_no_yaml_has_a_line(text, line, said):
    composed = compose(Source("x.yml", text))
    assert composed.documents == ()
    assert composed.problem.path == "x.yml"
    assert composed.problem.message.startswith("not YAML: ")
    assert said in composed.problem.message
    assert composed.problem.line == line


@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000"])
@pytest.mark.usefixtures("loader")
def test_an_escape_of_no_character(escape):
    composed = compose(Source("x.yml", f'a: "{escape}"\n'))
    assert (composed.documents, composed.problem.line) == ((), 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# c\n", id="comment"),
        pytest.param("\n\r\n", id="lines"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_no_document(text):
    assert compose(Source("x.yml", text)) == ((), (), None)


@pytest.mark.usefixtures("loader")
def test_documents():
    composed = compose(Source("x.yml", "a: 1\n---\n[b]\n---\nc\n...\n---\n"))
    kinds = [type(document) for document in composed.documents]
    assert kinds == [Mapping, Sequence, Scalar, Scalar]


@pytest.mark.usefixtures("loader")
def test_as_deep_as_is_allowed():
    assert compose(Source("x.yml", "[" * DEEPEST + "]" * DEEPEST)).problem is None
    assert compose(Source("x.yml", "[" * DEEPEST + "[]" + "]" * DEEPEST)).problem


@pytest.mark.usefixtures("loader")
def test_an_alias_is_the_node_that_it_stands_for():
    document = only("a: &x {b: c}\nd: *x\ne: [*x]\n")
    assert get(document, "a") is get(document, "d")
    assert elements(get(document, "e")) == [get(document, "a")]


@pytest.mark.usefixtures("loader")
def test_an_anchor_given_twice_is_the_nearest_above():
    document = only("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")
    assert [get(document, key).value for key in "abcd"] == ["1", "1", "2", "2"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("{k: v}", {"k": "v"}, id="own"),
        pytest.param("{k: v, k: w}", {"k": "v"}, id="twice"),
        pytest.param("{<<: *a}", {"k": "a", "l": "a"}, id="merged"),
        pytest.param("{<<: *a, k: v}", {"k": "v", "l": "a"}, id="own-wins"),
        pytest.param("{k: v, <<: *a}", {"k": "v", "l": "a"}, id="own-first-wins"),
        pytest.param("{<<: [*b, *a]}", {"k": "b", "l": "a", "m": "b"}, id="list"),
        pytest.param("{<<: [*c, *b]}", {"k": "a", "l": "a", "m": "b"}, id="first-wins"),
        pytest.param("{<<: *a, <<: *b}", {"k": "a", "l": "a", "m": "b"}, id="two"),
        pytest.param("{<<: {k: v}}", {"k": "v"}, id="written-there"),
        pytest.param("{<<: text, k: v}", {"k": "v"}, id="of-a-scalar"),
        pytest.param("{<<: [], k: v}", {"k": "v"}, id="of-nothing"),
        pytest.param("{[x]: v, {y: z}: v, k: v}", {"k": "v"}, id="keys-of-no-name"),
        pytest.param("[k]", {}, id="sequence"),
        pytest.param("k", {}, id="scalar"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_what_a_mapping_holds(written, expected):
    document = only("- &a {k: a, l: a}\n- &b {k: b, m: b}\n- &c {<<: *a}\n- " + written)
    node = elements(document)[-1]
    assert {name: value.value for name, value in items(node)} == expected
    for key in "klm":
        value = get(node, key)
        assert (value.value if value else None) == expected.get(key)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("x", "x", id="text"),
        pytest.param("1", "1", id="number"),
        pytest.param("false", "false", id="bool"),
        pytest.param("'null'", "null", id="quoted"),
        pytest.param('""', "", id="empty-quotes"),
        pytest.param("!reset x", "x", id="tagged"),
        pytest.param("", None, id="nothing"),
        pytest.param("~", None, id="tilde"),
        pytest.param("null", None, id="null"),
        pytest.param("NULL", None, id="capitals"),
        pytest.param("&a", None, id="anchor-of-nothing"),
        pytest.param("!reset null", None, id="reset"),
        pytest.param("[x]", None, id="sequence"),
        pytest.param("{x: y}", None, id="mapping"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_which_scalars_say_something(written, value):
    found = scalar(get(only(f"k: {written}\n"), "k"))
    assert (found.value if found else None) == value


def test_nothing_holds_nothing():
    assert list(items(None)) == []
    assert get(None, "k") is None
    assert elements(None) == []
    assert scalar(None) is None


def test_merges_of_merges():
    links = "".join(f"- &n{n} {{<<: *n{n - 1}, k{n}: v}}\n" for n in range(1, 200))
    last = elements(only("- &n0 {k0: v}\n" + links))[-1]
    assert [name for name, _ in items(last)] == [f"k{n}" for n in range(199, -1, -1)]
    assert get(last, "k0").value == "v"


@pytest.mark.usefixtures("loader")
def test_as_much_as_aliases_may_repeat(monkeypatch):
    # "a: &a [b, c]" is 9 with its anchor; each alias of it repeats that.
    monkeypatch.setattr(nodes, "MOST_REPEATED", 27)
    text = "x: &a [b, c]\ny: [*a, *a]\nz: *a\n"
    assert compose(Source("x.yml", text)).problem is None
    composed = compose(Source("x.yml", text + "\nw: *a\n"))
    assert "repeat too much" in composed.problem.message
    assert composed.problem.line == 5


@pytest.mark.usefixtures("loader")
def test_what_aliases_repeat_counts_with_their_own(monkeypatch):
    # 4 for the scalar, then 4 + "&b [*a]" of 7 for each of the two.
    monkeypatch.setattr(nodes, "MOST_REPEATED", 4 + 11 + 11)
    text = "x: &a v\ny: &b [*a]\nz: [*b, *b]\n"
    assert compose(Source("x.yml", text)).problem is None
    assert compose(Source("x.yml", text + "w: *a\n")).problem


def _scalars(node, seen):
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, Scalar):
        yield node
    else:
        children = node if isinstance(node, Sequence) else dict(node.pairs).values()
        for child in children:
            yield from _scalars(child, seen)


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="a:-[]{}&*!|>'\"\\\n\r\t #%?,<~\x85\u2028é", max_size=60),
        st.binary(max_size=60).map(lambda data: Source.from_bytes("x", data).text),
    )
)
def test_any_text_is_composed_or_a_problem(text):
    source = Source("x.yml", text)
    composed = compose(source)
    assert not (composed.documents and composed.problem)
    for document in composed.documents:
        for node in _scalars(document, set()):
            span, exact = node.place(source)
            assert 0 <= span.start <= span.end <= len(text)
            assert not exact or span.text == node.value
