"""Every sector's golden leads as finished documents, to look at: what a lead would get, made the same way, without a database."""
