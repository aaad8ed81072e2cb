"""How leads reach the assistant: Rasa input channels, each in its own folder with its output beside it.

What all channels share lies here: the durable inbox, the running of a turn, the edge. No channel imports another.
"""
