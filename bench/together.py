"""Several parts, one after another, each in a child of one process that has imported them all: `… together DIR PART…`.

What a part prints is kept in `DIR/PART.txt`; the name of each that failed is printed.
"""

import importlib
import os
import sys
import traceback
from pathlib import Path


def main(folder: Path, parts: list[str]) -> None:
    modules = {part: importlib.import_module(f"bench.{part}") for part in parts}
    for part, module in modules.items():
        child = os.fork()
        if child == 0:
            _run(module.main, folder / f"{part}.txt")
        if os.waitpid(child, 0)[1]:
            print(part, flush=True)


def _run(part: object, kept: Path) -> None:
    """Never returns: the child ends here, whatever the part has left running in it."""
    code = 1
    with kept.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        assert callable(part)
        part()
        code = 0
    except SystemExit as end:
        code = 1 if end.code else 0
    except BaseException:  # it is printed, and told by the code of the child
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
