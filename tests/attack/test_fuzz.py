"""Whatever the OpenAPI document allows, and what it doesn't, is answered without a fault of ours."""

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tests.attack.conftest import LONG
from tests.attack.tally import Attacks
from tests.attack.world import Agency

KIND = "random requests after the OpenAPI document"
_EACH = 200 if LONG else 6
_ENDS_ONE_S_OWN_SESSION = ("auth/logout",)


def test_no_request_makes_the_server_fail(web_url: str, intruder: Agency, attacks: Attacks) -> None:
    document = requests.get(f"{web_url}/api/v1/openapi.json", timeout=30).json()
    schema = schemathesis.openapi.from_dict(document)
    headers = {"Authorization": f"Bearer {intruder.tokens['owner']}"}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith(_ENDS_ONE_S_OWN_SESSION):
            continue

        @trying(
            max_examples=_EACH, deadline=None, database=None, derandomize=not LONG,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        @given(st.data())
        def send(data: st.DataObject) -> None:
            case = data.draw(operation.as_strategy())  # noqa: B023 - called within this turn of the loop
            answer = case.call(base_url=web_url, headers=headers, timeout=30)
            what = f"{case.method} {case.formatted_path}: {answer.status_code}"
            attacks.held(KIND, what, answer.status_code < 500)

        send()
    attacks.check(KIND)
