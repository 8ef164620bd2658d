"""For all tests: properties are tried on the same examples each time, however slow the machine is.

So a change is never refused for what another one broke. `--hypothesis-profile=exploring` looks for new ones.
"""

from hypothesis import settings

settings.register_profile("exploring", settings.get_profile("ci"), derandomize=False)
settings.load_profile("ci")
