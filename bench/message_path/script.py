"""What the leads say. Both assistants ask these ten questions in this order; both understand and answer the interruption."""

START = "start"

ANSWERS = (
    ("company", "What is your company called?", "we are called Blue Door"),
    ("sells", "What do you sell?", "handmade shoes and bags"),
    ("city", "Where are you?", "we are in Manchester"),
    ("customers", "Who are your customers?", "young families in the city"),
    ("problem", "What is your biggest problem in marketing?", "nobody finds our website"),
    ("budget", "What can you spend a month?", "about 2000 euros a month"),
    ("team", "How many people work on marketing?", "three people"),
    ("timeline", "When do you want to start?", "next month"),
    ("person", "What is your name?", "Zoe Martin"),
    ("email", "And your e-mail address?", "zoe@example.com"),
)
"""(question id, question, answer)"""

INTERRUPTION = "how much does it cost?"

TEN_QUESTIONS = tuple(answer for _, _, answer in ANSWERS)

TWO_HUNDRED_TURNS = TEN_QUESTIONS[:9] + (INTERRUPTION,) * 191
"""Nine answers, then the tenth question stays open: turns 10 to 200 are all of one kind and so can be compared."""
