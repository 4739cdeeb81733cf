"""`python -m installation.decks a`: started by the supervisor, never by hand."""

import sys

from installation import child

if __name__ == "__main__":
    session, arena, stop, _ = child.enter(f"deck_{sys.argv[1]}")
    child.first_to_go()
    from installation.decks.process import main

    main(sys.argv[1], session, arena, stop)
