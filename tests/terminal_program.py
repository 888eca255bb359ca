"""Runs `onduty` so that the terminal on its input is the one whose Ctrl-C and hang-up reach it."""

import fcntl
import termios

from onduty_cli.main import main

if __name__ == "__main__":
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    main()
