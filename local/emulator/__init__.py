"""The AWS emulator as Earshot starts it: the pinned ministack, plus mends where it silently differs from AWS.

Nothing in ``template.yaml`` or in a function is bent to suit the emulator; what it gets wrong and the bundle
relies on is put right here, in its own process, as small as possible. ``tests/local`` runs every mend's test
twice: it must pass on this emulator and must *fail* on the bare one, so that the day an upgrade closes a gap the
suite says so and the mend goes.

Runs in its own virtual environment (the emulator pins botocore): ``python -m local.emulator``, configured by the
emulator's own variables (``GATEWAY_PORT``, ``BIND_HOST``, ``SFN_WAIT_SCALE`` …).
"""
