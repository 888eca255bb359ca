"""Runs the command line as ``python -m onduty_cli``; holds nothing else."""

from onduty_cli.main import main

if __name__ == "__main__":
    main()
