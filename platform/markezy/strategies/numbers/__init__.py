"""The figures of a strategy: how the budget divides, what it can bring, which steps fit. Pure arithmetic on data files."""
