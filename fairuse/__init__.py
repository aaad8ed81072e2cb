"""How much one caller and one agency may use, counted alike by both interpreters.

Pure: no database, no Redis client, no web server. `markezy.kernel.limits` and `channels.limits` bring those.
"""
