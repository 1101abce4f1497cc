"""How fast, how big and how steady: `make bench` measures it, beside peers, in one run.

The rule it keeps: a figure is printed only by the run that took it, with the number that it is held to beside it.
"""
