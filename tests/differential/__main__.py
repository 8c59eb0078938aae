"""``python -m tests.differential``: the long run."""

import argparse
import sys
from collections import Counter
from pathlib import Path


def main() -> int:
    """Runs, and says what was reached; 1 where the two verifiers differ."""
    sys.path.insert(0, str(Path(__file__).parents[1]))  # where the tests' own modules are
    from differential.driver import as_vector, first_difference

    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    options = parser.parse_args()
    reached: Counter[str] = Counter()
    found = first_difference(options.seed, options.first, options.inputs, reached, progress=True)
    sys.stdout.writelines(f"{count:9,}  {reason}\n" for reason, count in reached.most_common())
    of_seed = f"--seed {options.seed}"
    if found is None:
        sys.stdout.write(f"the same answers to {options.inputs:,} inputs of {of_seed}\n")
        return 0
    sys.stdout.write(f"{as_vector(found)}\n")
    again = f"python -m tests.differential {of_seed} --first {found.number} --inputs 1"
    sys.stdout.write(f"the two differ; once more: {again}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
