"""Python imports this first when this folder is in PYTHONPATH. Brings a fault into web processes and job workers, and
only there."""

import importlib
import os
import sys

if os.environ.get("ROUNDTABLE_FAULT") and {"mysite.web", "runjobs"} & set(sys.orig_argv):
    importlib.import_module(os.environ["ROUNDTABLE_FAULT"])
