"""What ``docs/performance.md`` says around its numbers."""

HEAD = """\
# How fast, how small, and against what

This page is generated. `make bench` measures everything and writes it; so does this, without the
other benchmarks:

    .venv/bin/python -m benchmarks.run --only performance

Peers and engines get environments of their own below `build/benchmarks`, with pinned versions.

What the numbers are: medians with quartiles, **0.81** (0.80–0.83). What is compared took turns in
one run, because the clock of a small virtual machine jumps; ratios are of neighbours in time, and
mean more than rates. *Bare* is PyNaCl's (libsodium's) Ed25519 alone over the same messages, in a
loop, on one core, and is the limit: nobody who verifies these signatures with it can be faster.
All certificates are those of one roster (`benchmarks/roster.py`): real course titles, real
forenames with real surnames of the same country in its own script, up to eight skills, a
signatory, two limitations. Issuing verifies each signature that it makes, as always."""

#: By name: title, what stands before the numbers, what stands after them.
SECTIONS = {
    "bulk": (
        "The kernel against the limit",
        """\
`issue_batch` and `verify_batch` on Arrow batches in memory, without reading and writing files. The
limit is *cores × one core's bare rate*: of PyNaCl's verification for verifying, of signing and
verifying for issuing. The rows of bare PyNaCl on all cores show what the machine itself loses when
all of its cores work, or when it has something else to do. The last column is by processor time:
what is left is everything but signatures. Verifying includes every check there is: schema, key
period, status list.""",
        """\
The second table says where a core's time goes. Threads share one interpreter: only signatures leave
it. So runs use processes.""",
    ),
    "growth": (
        "Whole commands, from a thousand rows to a million",
        """\
`signedcert bulk issue roster.csv` and `signedcert bulk verify certificates.parquet`, with all that
a process takes from its start: Python, reading the roster, the ledger, files that outlive a power
cut. Memory is the sum over all processes of the run, at most; PSS counts what they share once.

![Time and memory over the number of rows](images/performance-growth.svg)""",
        "",
    ),
    "profiles": (
        "Where the time of whole commands goes",
        """\
py-spy looks at all processes of one run of each command 200 times a second, and takes some of the
time itself. To repeat it alone: `python -m benchmarks.profiles`.""",
        """\
The ledger, the parts of a run that may be killed, and the result each write every token once: that
is what *nothing is lost, and nothing issued twice* costs. The kernel's own share is in the section
above, measured without a profiler.""",
    ),
    "million": (
        "A million, killed on the way",
        """\
`bulk issue` is killed (SIGKILL) on the way and begun again with the same words, then everything is
verified by `bulk verify`. Whether the result is right is told without signedcert: by pyarrow,
SQLite, cbor2 and OpenSSL. To repeat it alone: `python -m benchmarks.million`.""",
        "",
    ),
    "peers": (
        "Against peers, with the same certificates",
        """\
Each has a process in an environment of its own, on one core, with its keys made and warm; rates are
by processor time. Issuing goes from a row's values to a token, verifying from a token (or a link)
to its contents. The EU pipeline is that of the EU digital COVID certificate: zlib, base 45,
alphanumeric mode. QR codes are made by one writer (segno).

![Certificates verified a second, on one core](images/performance-peers.svg)""",
        """\
Peers verify with OpenSSL. Bare PyNaCl's row says how many times as fast as a peer a verifier can be
that uses libsodium, checks each signature for itself, and does nothing else.""",
    ),
    "engines": (
        "One worker against two, on Spark and on Ray",
        """\
The same kernel through `signedcert.bulk.spark` and `signedcert.bulk.ray`, on the real engine,
on this machine.""",
        "",
    ),
}
