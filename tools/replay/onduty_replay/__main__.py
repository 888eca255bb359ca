"""Runs the replay as ``python -m onduty_replay``; holds nothing else."""

from onduty_replay.command import main

if __name__ == "__main__":
    main()
