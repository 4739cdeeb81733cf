"""`python -m installation.outputs`, started by the supervisor."""

from installation.outputs.process import main

if __name__ == "__main__":
    main()
