"""`python -m installation.desk`: started by the supervisor, never by hand."""

from installation import child

if __name__ == "__main__":
    session, arena, stop, _ = child.enter("desk")
    from installation.desk.process import main

    main(session, arena, stop)
