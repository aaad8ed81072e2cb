"""How much callers and agencies may use: counted in Redis, told in headers, refused with a time to come back at."""

from markezy.kernel.limits.limiter import Limits
from markezy.kernel.limits.plan_book import PlanBook, give_plan, plan_of

__all__ = ["Limits", "PlanBook", "give_plan", "plan_of"]
