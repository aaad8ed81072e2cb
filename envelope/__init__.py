"""How personal data is sealed: pure arithmetic that both interpreters share (docs/decisions/0012-sealing.md).

It knows no database, no framework and no clock. `bot/` and `markezy.kernel` fetch the keys and keep the boxes.
"""
