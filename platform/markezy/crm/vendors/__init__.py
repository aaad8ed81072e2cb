"""One folder a vendor: `client` speaks its wire format, `mapper` its vocabulary."""
