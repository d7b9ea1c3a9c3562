"""Doubles of RTC clouds (rooms, webhooks, queries, credentials) and of Shumei's audio stream v2.

Certainty marks used in docstrings and in the README, as in the vendor sheets:

* ``[S]`` stated on the vendor's page the project started from
* ``[D]`` stated in the vendor's current documentation
* ``[C]`` read in the vendor's own code
* ``[T]`` seen in third-party code only
* ``[I]`` inferred, written nowhere
* ``[?]`` unknown, therefore a setting
"""
