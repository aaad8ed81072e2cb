"""`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), and the names older clients read."""

import math

from fairuse.counters import State, Verdict


def headers(verdict: Verdict) -> dict[str, str]:
    """What every answer says: the policies that hold for the caller, and how the one nearest to its end stands."""
    refused_by = verdict.refused_by
    told = [state for state in verdict.states if state.counter.shown or state is refused_by]
    if not told:
        return {}
    nearest = refused_by or min(told, key=lambda state: state.left / max(state.counter.limit, 1))
    reset = math.ceil(nearest.wait or nearest.reset)
    named = {
        "RateLimit-Policy": ", ".join(_policy(state) for state in told),
        "RateLimit": f'"{nearest.counter.name}";r={nearest.left};t={reset}',
        "RateLimit-Limit": str(nearest.counter.limit),
        "RateLimit-Remaining": str(nearest.left),
        "RateLimit-Reset": str(reset),
    }
    return {**named, "Retry-After": str(verdict.retry_after)} if refused_by else named


def _policy(state: State) -> str:
    return f'"{state.counter.name}";q={state.counter.limit};w={state.counter.seconds}'
