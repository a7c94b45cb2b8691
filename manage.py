#!/usr/bin/env python
"""Roundtable's command line: `manage.py serve` runs everything, `manage.py help` lists the rest."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a bad setting: one sentence, no traceback
        sys.exit(str(error))


if __name__ == "__main__":
    main()
