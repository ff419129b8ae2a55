"""Use cases: the one door that the window and the command line share, over everything below it.

A session is an open workspace with its history, keys, directory, receiver and embedded sandbox. Must not know Qt.
Nothing is imported here, so that the window can read `views` and `events` without loading what makes them.
"""
