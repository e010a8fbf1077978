"""Run the command line: ``python -m talentopt``."""

from talentopt.cli.main import main

main()
