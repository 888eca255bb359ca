"""Runs the command line as ``python -m onduty_server``; holds nothing else."""

from onduty_server.cli.main import main

if __name__ == "__main__":
    main()
