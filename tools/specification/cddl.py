"""CDDL (RFC 8610) of the payload of what is signed, from its models' tables of fields.

Written so that plain tools read it too: no control operators but ``.size`` with ranges, no sockets,
no generics. What CDDL cannot say stands in comments, with the specification's section.
"""

from signedcert.model.course_record import CourseRecord
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.issuer_document import Handover, IssuerDocument
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Digest, Flag, Identifier, Leaf, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.octets import KEY_SIZE, ConfirmationKey, CoseKey, Octets
from signedcert.model.statement import BODY, Signed
from signedcert.model.times import DAY_MAX, DAY_MIN, MOMENT_MAX, Day, Moment
from signedcert.model.vocabulary import Choice, Vocabulary
from specification.models import kebab, nested_models, rule_name, vocabularies

_COLUMN = 46
#: The longest code point in UTF-8: ``.size`` of text counts bytes, the specification code points.
_CODE_POINT = 4

_NOT_ALONE = "label 0 and at least one more; alone it is bare text"
_HEADER = """\
; The payload of {name}, media type {media_type}.
; Generated from the models; do not edit. docs/spec.md is normative, this file is not.
;
; Beyond what is said here (docs/spec.md, sections 4 and {section}): the encoding is deterministic,
; at most 8 levels deep and {size:,} bytes long; no map is empty; bounds of text count code points,
; and some characters are refused. Labels 0 to 127 that are not listed {unknown}.
"""
#: What a label that is not known does, and the section that lists the fields.
_KINDS: dict[type[Signed], tuple[str, str]] = {
    IssuerDocument: ("11.2", "make a verifier refuse it"),
    Handover: ("11.2", "make a verifier refuse it"),
    VisibleRecord: ("15", "make a record indeterminate"),
    ShareClaims: ("15.6", "make a share indeterminate"),
}

#: The digests of a record, and what they are of.
REDACTION = """\
; What may be withheld. A digest is SHA-256 over the byte string that holds a disclosure, with its
; head.
digests = [4*64 digest]                        ; ascending
digest = bstr .size 32
disclosure = entry-disclosure / row-disclosure / decoy-disclosure
entry-disclosure =
    [salt, person, 0] / [salt, result, 5] /
    [salt, [1*256 listed-digest], 6] /         ; of the assessments
    [salt, [1*256 listed-digest], 7] /         ; of the identity checks
    [salt, additional-value, additional-label]
row-disclosure = [salt, assessment / identity-check]
decoy-disclosure = [salt]
listed-digest = #6.60(digest)
salt = bstr .size 16
"""

#: Rules that every file has, each with what CDDL does not say.
_VALUES = {
    f"additional-label = 128..{INTEGER_MAX}": "",
    f"additional-integer = -{INTEGER_MAX}..{INTEGER_MAX}": "",
    "additional-value = additional-leaf / additional-array / additional-map": "",
    "additional-leaf = additional-integer / bool / tstr / bstr": "",
    "additional-array = [* additional-value]": "",
    "additional-map = {* additional-integer => additional-value}": "",
    f"moment = 0..{MOMENT_MAX}": "seconds since 1970-01-01T00:00:00Z",
    f"date = {DAY_MIN}..{DAY_MAX}": "days since 1970-01-01",
    "flag = true": "false is written by leaving it out",
    f"fraction = [1..{INTEGER_MAX}, 1..9]": "m · 10^-s, m not divisible by 10",
    "signed-fraction = [additional-integer, 1..9]": "likewise",
    f"decimal = 0..{INTEGER_MAX} / fraction": "",
    "signed-decimal = additional-integer / signed-fraction": "",
    "range = [decimal, decimal]": "the lower one first; they may be equal",
}
_ED25519_KEY = {f"ed25519-key = {{1 => 1, -1 => 6, -2 => bstr .size {KEY_SIZE}}}": ""}
_KEY_VALUES = {
    "cose-key = ed25519-key / other-key": "",
    **_ED25519_KEY,
    "other-key = {1 => additional-integer, * additional-integer => additional-value}": (
        "not 1 => 1 with -1 => 6"
    ),
}
_CONFIRMATION = {
    "confirmation-key = {1 => ed25519-key}": "cnf with a COSE_Key (RFC 8747)",
    **_ED25519_KEY,
}


def cddl(model: type[Signed]) -> str:
    """The CDDL file of the payload of one kind of statement, document or share."""
    models = nested_models(model)
    if model is VisibleRecord:
        models += [each for each in nested_models(CourseRecord)[1:] if each not in models]
    name = rule_name(model)
    section, unknown = _KINDS.get(model, ("6", "make a statement indeterminate"))
    header = _HEADER.format(
        name=f"{'an' if name[0] in 'aeiou' else 'a'} {name.replace('-', ' ')}",
        media_type=model.media_type,
        section=section,
        size=model.payload_max,
        unknown=unknown,
    )
    rules = [header]
    rules.append(_claims(name, model))
    rules += [_model(each) for each in models]
    rules += [REDACTION] if model is VisibleRecord else []
    rules += [_vocabulary(each) for each in vocabularies(models)]
    texts = "".join(f"{line}\n" for line in sorted(_text_rules(models)))
    rules += [texts] if texts else []
    values = _VALUES | (_KEY_VALUES if section == "11.2" else {})
    values |= _CONFIRMATION if model is VisibleRecord else {}
    rules.append("".join(f"{_commented(code, words)}\n" for code, words in values.items()))
    return "\n".join(rules)


def _claims(name: str, model: type[Signed]) -> str:
    fields = [field for field in model.fields_by_label if field.in_claims]
    body = _commented(f"  {BODY} => {name}-body", "what is stated")
    return "\n".join([f"{name} = {{", *map(_entry, fields), _EXTENSION, body, "}", ""])


_EXTENSION = "  * additional-label => additional-value,"


def _model(model: type[Labelled]) -> str:
    name = rule_name(model)
    words = f"; {(model.__doc__ or '').strip().splitlines()[0]}"
    fields = [field for field in model.fields_by_label if not field.in_claims]
    if model.wire_form == "array":
        items = [f"{_type(field.shape)}," for field in fields]
        items[-1] = items[-1].removesuffix(",")
        lines = [
            _commented(f"  {item}", f"{field.name}: {field.meaning}")
            for item, field in zip(items, fields, strict=True)
        ]
        return "\n".join([words, f"{name} = [", *lines, "]", ""])
    entries = [*map(_entry, fields), *_after(model), "}", ""]
    if model.wire_form == "map_or_bare":
        first = f"{name} = {_type(fields[0].shape)} / {name}-map"
        note = _commented(
            f"{name}-map = {{", "label 0 and at least one more; alone it is bare text"
        )
        return "\n".join([words, first, note, *entries])
    suffix = "-body" if issubclass(model, Signed) else ""
    return "\n".join([words, f"{name}{suffix} = {{", *entries])


def _after(model: type[Labelled]) -> tuple[str, ...]:
    if model is VisibleRecord:
        return _EXTENSION, _commented("  #7.59 => digests", "of what may be withheld")
    return (_EXTENSION.removesuffix(","),)


def _entry(field: Field) -> str:
    optional = "" if field.required else "? "
    entry = f"  {optional}{field.number} => {_type(field.shape)},"
    return _commented(entry, f"{field.name}: {field.meaning}")


def _commented(code: str, comment: str) -> str:
    return f"{code:<{_COLUMN}} ; {comment}" if comment else code


def _vocabulary(vocabulary: type[Vocabulary]) -> str:
    lines = [f"; {(vocabulary.__doc__ or '').strip()}", f"{kebab(vocabulary.__name__)} ="]
    for member in vocabulary:
        slash = "/" if member.value else " "
        lines.append(_commented(f"  {slash} {member.value}", member.json_name))
    return "\n".join([*lines, ""])


def _type(shape: Shape) -> str:
    match shape:
        case Many(item, maximum):
            inner = _type(item)
            return f"[1*{maximum} ({inner})]" if "/" in inner else f"[1*{maximum} {inner}]"
        case Nested(model) | Row(model):
            return kebab(model.__name__)
        case TextOr(text, model):
            return f"{_type(text)} / {kebab(model.__name__)}"
        case Leaf():
            return _leaf(shape)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Text(maximum, paragraphs):
            return f"{'paragraphs' if paragraphs else 'line'}-{maximum}"
        case Pattern(name):
            return name
        case Integer(minimum, maximum):
            return f"{minimum}..{maximum}"
        case Choice(vocabulary, other):
            return kebab(vocabulary.__name__) + (f" / line-{other}" if other else "")
        case Number(signed):
            return "signed-decimal" if signed else "decimal"
        case NumberRange():
            return "range"
        case Day():
            return "date"
        case Moment():
            return "moment"
        case Flag():
            return "flag"
        case Octets(minimum, maximum):
            return f"bstr .size ({minimum}..{maximum})"
        case CoseKey():
            return "cose-key"
        case ConfirmationKey():
            return "confirmation-key"
        case Identifier() | Digest():
            return f"bstr .size {10 if isinstance(leaf, Identifier) else 32}"
    raise TypeError(f"{leaf!r} has no CDDL")


def _text_rules(models: list[type[Labelled]]) -> set[str]:
    rules = set()
    for model in models:
        for field in model.fields_by_label:
            shape = field.shape.item if isinstance(field.shape, Many) else field.shape
            leaf = shape.text if isinstance(shape, TextOr) else shape
            if isinstance(leaf, Choice) and leaf.other:
                leaf = Text(leaf.other)
            if isinstance(leaf, Text):
                size = f"(1..{_CODE_POINT * leaf.maximum})"
                feeds = ", line feeds allowed" if leaf.paragraphs else ""
                words = f"1 to {leaf.maximum} code points{feeds} (section 4.3)"
                rules.add(_commented(f"{_leaf(leaf)} = tstr .size {size}", words))
            elif isinstance(leaf, Pattern):
                rule = f"{leaf.name} = tstr .size (1..{leaf.maximum})"
                section = "11.2" if leaf.name == "template" else "4.3"
                rules.add(_commented(rule, f"ASCII; syntax in section {section}"))
    return rules
