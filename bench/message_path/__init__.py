"""A lead's message, from HTTP request to answer: stock Rasa and Markezy on the same machine, database server and questions."""
