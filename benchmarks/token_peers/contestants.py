"""Who takes part: ourselves in four ways, and peers; and the process that each of them has."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks.content import ROOT
from benchmarks.environments import Environment, PeerMissing, run

ONE, LINK, BATCH, BATCH_LINK = "sc.verify", "sc.verify_text", "verify_batch", "verify_batch, links"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One library.

    :ivar name: for tables.
    :ivar script: of ``benchmarks.token_peers``, with its arguments.
    :ivar imports: what a program imports to issue and verify.
    :ivar note: what it is, and what it does not check.
    :ivar environment: None for our own.
    :ivar binary: whether a token is bytes; otherwise it is text as a link can carry it.
    """

    name: str
    script: tuple[str, ...]
    imports: str
    note: str
    environment: Environment | None = None
    binary: bool = False

    @property
    def title(self) -> str:
        """Its name, with what is installed of it."""
        packages = ", ".join(self.environment.packages) if self.environment else ""
        return f"{self.name} ({packages.replace('==', ' ')})" if packages else self.name

    def python(self) -> Path:
        """Its Python.

        :raises PeerMissing: where it cannot be installed or loaded.
        """
        if self.environment is None:
            return Path(sys.executable)
        python = self.environment.python()
        run([python, "-c", self.imports], f"{self.name} cannot be loaded")
        return python


#: What no verification of ours can be faster than.
BARE = Contestant(
    "bare PyNaCl",
    ("bare",),
    "import nacl.signing",
    "signs, and verifies the signatures over the messages of our tokens, and nothing else; its "
    "process loads signedcert, too, to make them",
)
BARE_OPENSSL = Contestant(
    "bare OpenSSL",
    ("bare", "--openssl"),
    "from cryptography.hazmat.primitives.asymmetric import ed25519",
    "the same by the library that the peers use",
)
OURS = (
    Contestant(
        ONE,
        ("own",),
        "import signedcert",
        "one token a call, all checks that there are; issuing verifies its own signature",
    ),
    Contestant(LINK, ("own", "--links"), "import signedcert", "one link a call"),
    Contestant(
        BATCH, ("own_batch",), "import signedcert.bulk", "all tokens in one call, one thread"
    ),
    Contestant(
        BATCH_LINK,
        ("own_batch", "--links"),
        "import signedcert.bulk",
        "all links in one call, one thread",
    ),
)
PEERS = (
    Contestant(
        "python-cwt",
        ("python_cwt",),
        "import cwt",
        "CWT in COSE_Sign1, Ed25519 by OpenSSL. Checks the signature and the times; does not "
        "check the schema, withdrawal, key periods or that the encoding is the only one. "
        "Adds an end and a beginning to every token",
        Environment("python-cwt", ("cwt==3.3.0", "cbor2==5.9.0", "cryptography==50.0.2")),
        binary=True,
    ),
    Contestant(
        "joserfc",
        ("joserfc_jwt",),
        "from joserfc import jwt; from joserfc.jwk import OKPKey",
        "JWT, Ed25519 by OpenSSL. Checks the signature, the issuer and the times; does not check "
        "the schema, withdrawal or key periods",
        Environment("joserfc", ("joserfc==1.8.0", "cryptography==50.0.2")),
    ),
    Contestant(
        "openbadgeslib",
        ("openbadges",),
        "import openbadgeslib",
        "Open Badge 3.0 as JWT, Ed25519 by OpenSSL. Checks the signature, the structure and the "
        "times; withdrawal and the issuer's key only online. The token alone, without the picture "
        "that it is baked into",
        Environment(
            "openbadgeslib", ("openbadgeslib==4.6.3", "PyJWT==2.15.1", "cryptography==50.0.2")
        ),
    ),
)


class Process:
    """A script of ``benchmarks.token_peers`` that waits to be asked."""

    def __init__(self, contestant: Contestant, given: Path) -> None:
        script, *arguments = contestant.script
        module = f"benchmarks.token_peers.{script}"
        self._name = contestant.name
        self._process = subprocess.Popen(
            [contestant.python(), "-m", module, given, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def ask(self, what: str) -> Any:
        """The answer.

        :raises PeerMissing: when the script ended instead.
        """
        stdin, stdout, stderr = (
            self._process.stdin,
            self._process.stdout,
            self._process.stderr,
        )
        assert stdin
        assert stdout
        assert stderr
        try:
            stdin.write(what + "\n")
            stdin.flush()
            return json.loads(stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            last = (stderr.read().strip().splitlines() or ["no reason was given"])[-1]
            raise PeerMissing(f"{self._name} failed ({last})") from None

    def tokens(self) -> list[bytes]:
        """What it issued."""
        return [base64.b64decode(each) for each in self.ask("tokens")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # closes its input, which ends it
