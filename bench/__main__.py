"""`python -m bench`: every comparison there is."""

from bench.message_path.__main__ import main

if __name__ == "__main__":
    main()
