"""Values that some rule is about, and values that no rule allows."""

from cbor_oracle import Raw, head

INTEGERS = (
    *(0, 1, 2, 3, 5, 8, 15, 16, 23, 24, 100, 127, 128, 255, 256, 1000, 1001, 65_535, 65_536),
    *(2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**64 - 1, 253402300799, 253402300800, 1793613600),
    *(-1, -8, -19, -7, -24, -25, -256, -65_537, -719_162, -719_163, 2_932_896, 2_932_897),
    *(1 - 2**53, -(2**53), -(2**64), 294, 65_533, 65_534),
)
LABELS = (*range(26), 126, 127, 128, 129, 200, 2**53 - 1, 2**53, -1, -2, -65_537, 65_533, 65_534)
#: Single characters that some rule is about.
CHARACTERS = (
    *"aZ09 .-_/:#%{}+=~\n\r\t\0\x1f\x7f\x80\x85\x9f\xa0\xad",
    *"éß\u0301\u030a\u200b\u200e\u2027\u2028\u2029\u202a\u202e\u202f\u2065\u2066\u2069\u206a",
    *"字\ud7ff\ue000\ufeff\ufffd\uffff𝔸\U000dffff\U000e0000\U000e007f\U000e0080\U0010ffff\ud800",
)
TEXTS = (
    *("", "a", "en", "en-US", "EN", "https://a", "ftp://a", "learn.example.edu", "a.b/c", "a.b/"),
    *("00000000-0000", "0000-0000-0000-0000", "185G-R38E-1W81-24GK", "__proto__", "constructor"),
    *(
        "application/vnd.signedcert.certificate",
        "application/vnd.signedcert.x",
        "x" * 35,
        "x" * 201,
    ),
    *("application/vnd.signedcert.record+sd-cwt", "application/statuslist+cwt", "𝔸" * 200),
    *("https://learn.example.edu/status/{number}.cwt", "https://a/{number}", "bits", "lst"),
)
SIZES = (0, 1, 9, 10, 11, 12, 15, 16, 17, 31, 32, 33, 64, 100)
FAULTY = tuple(
    map(
        Raw,
        (
            *(head(0, 5, 1), head(0, 5, 8), head(1, 0, 2), head(2, 1, 1) + b"x"),
            *(b"\xf6", b"\xf7", b"\xf9\x3c\x00", b"\xfa\x3f\x80\0\0", b"\xfb" + bytes(8), b"\xff"),
            *(b"\x9f\x00\xff", b"\xbf\xff", b"\x5f\x41a\xff", b"\x1c", b"\x5b" + b"\xff" * 8),
            *(b"\xf8\x3b", b"\xf8\x14", b"\xe0", b"\xc0\x00", b"\xd8\x3c\x40", b"\xa2\x01\0\x01\0"),
            *(
                b"\xa2\x01\0\x00\0",
                b"\x62\xc3\x28",
                b"\x63\xed\xa0\x80",
                b"\x61\xff",
                b"\xa1\x61x\0",
            ),
        ),
    )
)
