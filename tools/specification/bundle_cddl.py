"""CDDL (RFC 8610) of a trust store as a file. It has no model, so its rules stand here."""

from signedcert.model.leaf import ISSUER
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.octets import KEY_SIZE
from signedcert.model.times import MOMENT_MAX
from signedcert.trust.bundle import BUNDLE_MAX, FORMAT

_TEXT = """\
; A trust store as a file (docs/spec.md, section 13.1). A signed one is a COSE_Sign1 with this as
; its payload, media type application/vnd.signedcert.bundle.
; Generated; do not edit. docs/spec.md is normative, this file is not.
;
; Beyond what is said here: the encoding is deterministic, at most {bundle_max:,} bytes long;
; issuers stand in order of their names, status lists in order of their numbers, each once.

trust-bundle = {{
  0 => {format},                     ; format
  ? 1 => moment,              ; issued_at: when it was made
  ? 2 => moment,              ; next_update: when it becomes stale; never without label 1
  3 => [* issuer],            ; what is held of each issuer
  4 => bstr                   ; index: kid (8 bytes) and position in label 3 (4 bytes), ascending
}}

issuer = pinned-issuer / key-set-issuer

pinned-issuer = [
  name,                       ; the issuer
  bstr,                       ; its issuer document, a token
  epoch,                      ; number of the epoch that is pinned
  [* root],                   ; the Ed25519 root keys of that epoch
  [* status-list],            ; its status lists
  ? end
]

key-set-issuer = [
  name,                       ; the issuer
  bstr,                       ; its JWK Set
  ? end
]

end = (
  moment,                     ; when it was said that the issuer belongs here
  moment                      ; until when that holds
)

status-list = [
  number,                     ; its number
  bstr                        ; a Status List Token
]

epoch = 1..{integer_max}
moment = 0..{moment_max}     ; seconds since 1970-01-01T00:00:00Z
name = tstr .size (1..{issuer_max}) ; ASCII; the syntax of an issuer in section 4.3
number = 0..{integer_max}
root = bstr .size {key_size}
"""


def bundle_cddl() -> str:
    """The CDDL file of trust bundles."""
    return _TEXT.format(
        bundle_max=BUNDLE_MAX,
        format=FORMAT,
        integer_max=INTEGER_MAX,
        issuer_max=ISSUER.maximum,
        key_size=KEY_SIZE,
        moment_max=MOMENT_MAX,
    )
