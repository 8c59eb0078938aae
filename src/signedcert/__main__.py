"""``python -m signedcert``: the command line."""

from signedcert.cli import main

main()
