# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What holds of any bytes at all: for hypothesis, and for the fuzz targets."""

from invenio_cli_registry.builds import named_image
from invenio_cli_registry.migration.splice import Edit, apply_edits
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.source import Source
from invenio_cli_registry.readers.yaml import read_yaml
from invenio_cli_registry.reference import InvalidReference, parse

from .rewriting import CERN, read, rewrite

#: Where one of these stands, what is written is not what it means.
_MARKS = frozenset("\\`\"'\r\n\x85\u2028\u2029")


def check_dockerfile(data, path="Dockerfile"):
    """Check all that must hold of a Dockerfile, whatever its bytes are."""
    source = Source.from_bytes(path, data)
    assert source.to_bytes() == data
    found = read_dockerfile(source)
    _check_dockerfile(found, source)
    brief = read_dockerfile(source, whole=False)
    assert (brief.stages, brief.references) == (found.stages, found.references)
    check_rewrite(data, path)


def _check_dockerfile(found, source):
    end = 0
    for step in found.instructions:
        assert end <= step.start < step.end <= len(source.text)
        # As BuildKit counts: a line that holds nothing but its continuation is the first.
        assert 1 <= step.line <= source.position(step.start)[0]
        assert len(step.offsets) == len(step.text)
        assert list(step.offsets) == sorted(set(step.offsets))
        assert all(step.start <= at < step.end for at in step.offsets)
        assert "".join(source.text[at] for at in step.offsets) == step.text
        for heredoc in step.heredocs:
            assert source.cut(heredoc.body) == heredoc.text
            assert step.start <= heredoc.body.start <= heredoc.body.end <= step.end
        end = step.start
    for number, stage in enumerate(found.stages):
        assert stage.number == number
        assert stage.parent is None or stage.parent < number
    for reference in found.references:
        _check_reference(reference, source)


def check_yaml(data, path="docker-compose.yml"):
    """Check all that must hold of a YAML file, whatever its bytes are."""
    source = Source.from_bytes(path, data)
    assert source.to_bytes() == data
    found = read_yaml(source)
    lines = source.text.count("\n") + 1
    assert all(0 <= problem.line <= lines for problem in found.problems)
    for reference in found.references:
        _check_reference(reference, source)
    for service in found.services:
        if service.build:
            for pieces in service.build.args.values():
                _check_pieces(pieces, source)
            if service.build.inline:
                for reference in service.build.inline.references:
                    # Of what is in no literal block only the scalar's place is known.
                    placed = any(piece.span for piece in reference.pieces)
                    _check_reference(reference, source, placed=placed)
    check_rewrite(data, path)


def _check_reference(reference, source, *, placed=True):
    span = reference.span
    assert span.path == source.path
    assert 0 <= span.start <= span.end <= len(source.text)
    written = source.cut(span)
    # What YAML has no letter for stands as another one in what it means.
    as_it_means = not (_MARKS & {*written} or "\ufffd" in reference.text)
    if placed and as_it_means and not reference.split:
        assert written == reference.text
    _check_pieces(reference.pieces, source)
    if reference.expanded is not None and not reference.unresolved:
        try:
            parse(reference.expanded)
        except InvalidReference as error:
            raise AssertionError(f"{reference} is resolved, and is no name") from error


def _check_pieces(pieces, source):
    for piece in pieces:
        if piece.span:
            assert 0 <= piece.span.start <= piece.span.end <= len(source.text)
            written = source.cut(piece.span)
            if piece.text is not None and not _MARKS & set(written):
                assert written == piece.text
            same = Edit(piece.span, written, written)
            assert apply_edits(source, [same]) == source.text


def check_rewrite(data, path):
    """Check that a move changes names where it says and nothing else, and needs one run."""
    changed, plan = rewrite(data, path, CERN)
    source = Source.from_bytes(path, data)
    assert changed == spliced(data, source, plan.edits)
    _check_again(source, source.changed(_text(path, changed)), plan)
    again, second = rewrite(changed, path, CERN)
    assert again == changed
    assert not second.edits


def spliced(data, source, edits):
    """Return the bytes of a file with other bytes at the spans, and all else as it is."""

    def offset(at):
        return len(source.to_bytes(source.text[:at]))

    parts, end = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = offset(edit.span.start)
        assert source.cut(edit.span) == edit.old
        new = edit.new.encode(source.encoding, "surrogateescape")
        parts += [data[end:start], new]
        end = offset(edit.span.end)
    return b"".join([*parts, data[end:]])


def _text(path, data):
    return Source.from_bytes(path, data).text


def _check_again(before, after, plan):
    """Check that a file reads as before, but for the images that were to move."""
    (old, structure), (new, same) = read(before), read(after)
    assert structure == same
    assert [one.kind for one in old] == [one.kind for one in new]
    for reference, moved in zip(old, new):
        image = named_image(reference)
        wanted = (image and CERN.choose(image)) or image
        found = named_image(moved)
        assert found == wanted or (plan.left and found == image)
