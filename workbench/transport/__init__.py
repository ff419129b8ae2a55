"""The network: one HTTP client, one HTTP server, tokens in memory. The only room that opens sockets.

Knows bytes, limits, deadlines and journals; must not know the standard.
"""
