"""Tries the REST API of a real server with Schemathesis: `run.py PROGRAM EXAMPLES [OPTION…]`.

Starts the program in a folder of its own, makes an account, and tries every call with EXAMPLES generated cases each, then
chains of calls along the links of the description. Options go to Schemathesis, and so does its exit
code back.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
BACKENDS = ("DOCKET_DATABASE_URL", "DOCKET_REDIS_URL")
EMAIL, PASSWORD = "ann@example.org", "correct horse battery"


def start(program, folder):
    """Starts the server on a port that the system picks; answers the process and its address."""
    environment = {
        "DOCKET_ADDR": "127.0.0.1:0",
        # Hashing that costs nothing, and no pauses: it is the calls that are tried.
        "DOCKET_ARGON2": "m=8,t=1,p=1",
        "DOCKET_CODE_RESEND": "0s",
        **{f"DOCKET_LIMIT_{what}": "off" for what in ("LOG_IN", "ACCOUNT", "SIGN_UP", "FORGOT", "VERIFY", "REFRESH", "ADVISE", "USER")},
        "DOCKET_LOG_FORMAT": "json",
        # Other backends than what is embedded, where somebody started them.
        **{name: value for name, value in os.environ.items() if name in BACKENDS},
    }
    server = subprocess.Popen([program, "serve"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        fields = json.loads(line)["fields"]
        if fields.get("message") == "Docket is ready":
            # Whatever else it says must not fill the pipe.
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return server, fields["url"]
    sys.exit("the server did not start")


def call(url, body=None):
    """Sends a body as JSON, or asks for a page; answers its text."""
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def sign_up(url):
    """Makes the account that the hooks log in with."""
    new = {"email": EMAIL, "username": "ann", "password": PASSWORD}
    flow = json.loads(call(f"{url}/api/v1/auth/sign-up", new))["flow"]
    for _ in range(100):
        mailed = re.search(r"(\d{6}) is your Docket code", call(f"{url}/dev/mail"))
        if mailed:
            call(f"{url}/api/v1/auth/verify", {"flow": flow, "code": mailed[1]})
            return
        time.sleep(0.1)
    sys.exit("the mail with the code did not come")


def main(program, examples, *options):
    with tempfile.TemporaryDirectory() as folder:
        server, url = start(os.path.abspath(program), folder)
        try:
            sign_up(url)
            environment = {
                **os.environ,
                "SCHEMATHESIS_HOOKS": "hooks",
                "DOCKET_URL": url,
                "DOCKET_EMAIL": EMAIL,
                "DOCKET_PASSWORD": PASSWORD,
            }
            schemathesis = os.path.join(os.path.dirname(sys.executable), "schemathesis")
            arguments = ["run", f"{url}/api/openapi.json", "--checks", "all", "--max-examples", examples, *options]
            return subprocess.run([schemathesis, *arguments], cwd=HERE, env=environment, check=False).returncode
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
