"""The command line as a process that the permissions of files bind, whoever runs the tests."""

import os
import subprocess
import sys

#: Root may read and write everything because of these two capabilities (capabilities(7)).
_BOUND = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def run_bound(*arguments: object, env: dict[str, str] | None = None):
    """Runs a command to its end."""
    bound = _BOUND if os.geteuid() == 0 else []
    return subprocess.run(
        [*bound, sys.executable, "-m", "signedcert", *map(str, arguments)],
        env=os.environ | (env or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
