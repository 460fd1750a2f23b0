"""One card payment by requests, with nothing kept: python_requests.py BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE"""

import sys

import requests

base, client, secret, device = sys.argv[1:]
with requests.Session() as session:
    form = {"grant_type": "device", "client_id": client, "client_secret": secret, "code": device}
    token = session.post(f"{base}/oauth/token", json=form).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    sale = {"merchantRef": "requests", "basket_info": {"sum": 20002, "currency": "EUR"}}
    created = session.post(f"{base}/api/v2/Smart/Transactions", json=sale).json()
    paid = session.post(f"{base}/api/v2/Smart/Transactions/{created['id']}/start/cashless").json()
print("approved" if paid["status"] == "ok" else paid)
