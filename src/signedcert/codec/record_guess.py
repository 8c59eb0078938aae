"""Records and shares taken apart by position.

Each has one encoding. What does not fit at some byte is no such frame, or breaks a rule;
:mod:`signedcert.codec.frames` says which.
"""

from signedcert.codec.framing import KID_SIZE, SIGNATURE_SIZE, Frame, protected_header
from signedcert.codec.record_framing import (
    AFTER_RECORD,
    BEFORE_RECORD,
    DISCLOSURE_MAX,
    DISCLOSURES_MAX,
    RECORD_MAX,
    SD_CLAIMS,
    SHARE_MAX,
    SHARE_PAYLOAD_MAX,
    RecordFrame,
    ShareFrame,
    array_head,
)
from signedcert.model.kinds import RECORD
from signedcert.model.statement import PAYLOAD_MAX

_HEADER = protected_header(RECORD, bytes(KID_SIZE))
_KID_AT = _HEADER.index(bytes(KID_SIZE))
_START = b"\xd2\x84\x58%c%b" % (len(_HEADER), _HEADER[:_KID_AT])
_AFTER_KID = _HEADER[_KID_AT + KID_SIZE :]
#: From the start of a record's token to what follows its protected header.
_HEADER_SIZE = len(_START) + KID_SIZE + len(_AFTER_KID)
_EMPTY_MAP, _WITH_DISCLOSURES = b"\xa0", bytes((0xA1, SD_CLAIMS))
_BEFORE_SIGNATURE = b"\x58\x40"
#: Heads of byte strings of 24 to 255 bytes, and of 23 bytes (RFC 8949, section 3).
_ONE_BYTE_HEAD, _LONGEST_IN_HEAD = 0x58, 0x57
_SIGN1 = b"\xd2\x84"


def guess_record(token: bytes) -> RecordFrame | None:
    """The frame of a record's token; None where it is none, or breaks a rule."""
    found = _record_at(token, 0) if len(token) <= RECORD_MAX else None
    return found[0] if found and found[1] == len(token) else None


def guess_share(token: bytes) -> ShareFrame | None:
    """The frame of a share; None where it is none, or breaks a rule."""
    if len(token) > SHARE_MAX or not token.startswith(_SIGN1):
        return None
    header = _bytes_at(token, len(_SIGN1))
    if header is None:
        return None
    protected, position = header
    if not protected.startswith(BEFORE_RECORD) or token[position : position + 1] != _EMPTY_MAP:
        return None
    record = _record_at(protected, len(BEFORE_RECORD))
    if record is None or protected[record[1] :] != AFTER_RECORD:
        return None
    if record[1] - len(BEFORE_RECORD) > RECORD_MAX:
        return None
    rest = _signed_at(token, position + 1, SHARE_PAYLOAD_MAX)
    if rest is None or rest[2] != len(token):
        return None
    return ShareFrame(record[0], protected, rest[0], rest[1])


def _record_at(data: bytes, start: int) -> tuple[RecordFrame, int] | None:
    """The record that begins at a position, and the position after it."""
    position = start + _HEADER_SIZE
    if (
        not data.startswith(_START, start)
        or data[position - len(_AFTER_KID) : position] != _AFTER_KID
    ):
        return None
    kid_at = start + len(_START)
    disclosures: tuple[bytes, ...] = ()
    if data.startswith(_WITH_DISCLOSURES, position):
        found = _disclosures_at(data, position + len(_WITH_DISCLOSURES))
        if found is None:
            return None
        disclosures, position = found
    elif data.startswith(_EMPTY_MAP, position):
        position += 1
    else:
        return None
    signed = _signed_at(data, position, PAYLOAD_MAX)
    if signed is None:
        return None
    frame = Frame(RECORD, data[kid_at : kid_at + KID_SIZE], signed[0], signed[1])
    return RecordFrame(frame, disclosures), signed[2]


def _disclosures_at(data: bytes, position: int) -> tuple[tuple[bytes, ...], int] | None:
    head = data[position : position + 3]
    if not head:
        return None
    count, size = head[0] & 31, 1
    if count > 23:
        size = {24: 2, 25: 3}.get(count, 0)
        count = int.from_bytes(head[1:size], "big")
    if head[:size] != array_head(count) or not 0 < count <= DISCLOSURES_MAX:
        return None
    position += size
    found = []
    previous = b""
    for _ in range(count):
        # As _bytes_at has it; a call for each would take as long as hashing it.
        first = data[position] if position < len(data) else 0
        if first == _ONE_BYTE_HEAD and position + 1 < len(data) and data[position + 1] > 23:
            end = position + 2 + data[position + 1]
        elif 0x40 < first <= _LONGEST_IN_HEAD:
            end = position + first - 0x3F
        else:
            item = _bytes_at(data, position)
            if item is None or not 0 < len(item[0]) <= DISCLOSURE_MAX:
                return None
            end = item[1]
        disclosure = data[position:end]
        # Where the data ends before it should, what follows is missing, too.
        if not previous < disclosure:
            return None
        found.append(disclosure)
        previous, position = disclosure, end
    return tuple(found), position


def _signed_at(data: bytes, position: int, most: int) -> tuple[bytes, bytes, int] | None:
    """Payload and signature, and the position after them."""
    payload = _bytes_at(data, position)
    if payload is None or not 0 < len(payload[0]) <= most:
        return None
    begin = payload[1] + len(_BEFORE_SIGNATURE)
    end = begin + SIGNATURE_SIZE
    if data[payload[1] : begin] != _BEFORE_SIGNATURE or end > len(data):
        return None
    return payload[0], data[begin:end], end


def _bytes_at(data: bytes, position: int) -> tuple[bytes, int] | None:
    """The byte string whose head, the shortest, is at a position, and the position after it."""
    first = data[position] if position < len(data) else 0
    if first == 0x58:
        start = position + 2
        size = data[position + 1] if start <= len(data) else 0
        least = 24
    elif first == 0x59:
        start = position + 3
        size = int.from_bytes(data[position + 1 : start], "big")
        least = 256
    else:
        start, size, least = position + 1, first - 0x40, 0
        if size > 23:
            return None
    end = start + size
    return (data[start:end], end) if least <= size and end <= len(data) else None
