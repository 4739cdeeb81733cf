"""`python -m installation.studio`: started by the desk when the explorer is used, never by hand."""

import os
import sys

from installation import child

if __name__ == "__main__":
    child.die_with_parent(int(sys.argv[1]))
    child.first_to_go()
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from installation.studio.process import main

    main()
