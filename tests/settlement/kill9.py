"""`python -m tests.settlement.kill9`: a life of money killed with SIGKILL at every one of its moments (some minutes)."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["KILL_STRIDE"] = "1"
    sys.exit(pytest.main(["-q", "-s", "-p", "no:xdist", "tests/settlement/test_kill9.py"]))
