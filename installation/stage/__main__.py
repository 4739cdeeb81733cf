"""`python -m installation.stage`, started by the supervisor."""

from installation.stage.process import main

if __name__ == "__main__":
    main()
