"""Logs in anew every second, because logging out is among the calls that are tried."""

import os

import requests
import schemathesis


@schemathesis.auth(refresh_interval=1)
class LogIn:
    def get(self, case, context):
        answer = requests.post(
            os.environ["DOCKET_URL"] + "/api/v1/auth/log-in",
            json={"login": os.environ["DOCKET_EMAIL"], "password": os.environ["DOCKET_PASSWORD"], "cookies": False},
        )
        answer.raise_for_status()
        return answer.json()["access_token"]

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
