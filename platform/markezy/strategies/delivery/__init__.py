"""A strategy's way to its lead: the link, the chat, the e-mail; whom no mail goes to, and what comes back from mail servers."""
