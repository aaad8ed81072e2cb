"""What every domain stands on: settings, errors, transactions, events, the outbox, tokens. It imports no domain."""
