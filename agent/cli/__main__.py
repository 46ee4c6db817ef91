"""`python -m agent.cli`, the same as `pullquote`."""

import sys

from agent.cli.app import main

sys.exit(main())
