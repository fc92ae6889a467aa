#!/usr/bin/env python3
"""Walks a running reference bank through every endpoint and holds each request and answer against data/api/*.yaml.

Usage: check-traffic.py PROGRAM API-FOLDER.  Speaks TAP. Fails on any breach of the documents and on an operation of
theirs that was never exercised.
"""

import base64
import ctypes
import hashlib
import http.client
import json
import pathlib
import re
import secrets
import subprocess
import sys
import time
import uuid

import jsonschema
import yaml

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_id():
    number = (int(time.time() * 1000) << 80) | secrets.randbits(80)
    return "".join(ALPHABET[(number >> (5 * (25 - i))) & 31] for i in range(26))


class Key:
    """A device's Ed25519 key, by way of libsodium."""

    def __init__(self):
        self.sodium = ctypes.CDLL("libsodium.so.23")
        if self.sodium.sodium_init() < 0:
            raise RuntimeError("libsodium")
        self.public = ctypes.create_string_buffer(32)
        self.secret = ctypes.create_string_buffer(64)
        self.sodium.crypto_sign_keypair(self.public, self.secret)

    def public_text(self):
        return base64.b64encode(self.public.raw).decode()

    def sign(self, text):
        data = text.encode()
        out = ctypes.create_string_buffer(64)
        self.sodium.crypto_sign_detached(out, None, data, ctypes.c_ulonglong(len(data)), self.secret)
        return base64.b64encode(out.raw).decode()


    def verifies(self, key, signature, text):
        data = text.encode()
        return self.sodium.crypto_sign_verify_detached(base64.b64decode(signature), data, ctypes.c_ulonglong(len(data)),
                                                       base64.b64decode(key)) == 0


def content_digest(data):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def signature_base(components, values, parameters):
    """RFC 9421, 2.5: components as they stand in the list, with their values."""
    lines = [f"{component}: {values[component]}" for component in components]
    return "\n".join(lines + [f'"@signature-params": ({" ".join(components)}){parameters}'])


def parameters_of(key, created):
    return f';created={created};keyid="{key}";alg="ed25519";tag="jinnang"'


class Message:
    """The parts of a request that its signature and its answer's stand on."""

    def __init__(self, method, target, headers):
        path, mark, query = target.partition("?")
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.derived = {"@method": method, "@path": path, "@query": "?" + query}

    def values(self, names, suffix=""):
        known = {**self.derived, **self.headers}
        return {f'"{name}"{suffix}': known[name] for name in names if name in known}

    def sign(self, key, counter, data):
        """Gives the headers that make the request a signed one."""
        added = {"Jinnang-Counter": str(counter)}
        if data:
            added["Content-Digest"] = content_digest(data)
        self.headers.update({name.lower(): value for name, value in added.items()})
        values = self.values(["@method", "@path", "@query", "x-request-id", "jinnang-counter", "content-digest",
                              "idempotency-key", "consent-id", "authorization"])
        parameters = parameters_of(key.public_text(), int(time.time()))
        base = signature_base(list(values), values, parameters)
        added["Signature-Input"] = f'jn=({" ".join(values)}){parameters}'
        added["Signature"] = f"jn=:{key.sign(base)}:"
        return added

    def answer_is_signed(self, checker, keys, status, headers):
        values = {'"@status"': str(status)}
        if "Content-Digest" in headers:
            values['"content-digest"'] = headers["Content-Digest"]
        values.update(self.values(["@method", "@path", "@query", "x-request-id", "jinnang-counter", "idempotency-key"],
                                  ";req"))
        match = re.fullmatch(r'jn=\((.*)\);created=([0-9]+);keyid="([^"]+)";alg="ed25519";tag="jinnang"',
                             headers.get("Signature-Input", ""))
        signature = re.fullmatch(r"jn=:([A-Za-z0-9+/=]+):", headers.get("Signature", ""))
        if not match or not signature or match[1] != " ".join(values) or match[3] not in keys:
            return False
        return checker.verifies(match[3], signature[1],
                                signature_base(list(values), values, parameters_of(match[3], match[2])))


class Document:
    """One OpenAPI 3.0 document."""

    def __init__(self, path):
        self.root = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.resolver = jsonschema.RefResolver.from_schema(self.root)
        self.operations = {}
        for template, item in self.root["paths"].items():
            pattern = re.compile("^" + re.sub(r"\\\{[^/]+\\\}", "([^/]+)", re.escape(template)) + "$")
            for method in ("get", "post", "put", "delete"):
                if method in item:
                    self.operations[(method, template)] = (pattern, item, item[method])

    def resolve(self, node):
        return self.resolver.resolve(node["$ref"])[1] if "$ref" in node else node

    def check(self, schema, value):
        validator = jsonschema.Draft4Validator(schema, resolver=self.resolver)
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(value)]


class Walker:
    def __init__(self, port, documents):
        self.port = port
        self.documents = documents
        self.seen = set()
        self.breaches = []
        self.session = {}
        self.key = Key()
        self.keys = []
        self.counter = int(time.time() * 1_000_000)

    def find(self, method, path):
        for document in self.documents:
            for name, (pattern, item, operation) in document.operations.items():
                if name[0] == method and pattern.match(path):
                    return document, name, item, operation
        return None

    def breach(self, text):
        self.breaches.append(text)

    def check_request(self, found, path, query, headers, body):
        document, name, item, operation = found
        where = f"{name[0].upper()} {name[1]} request"
        values = re.match("^" + re.sub(r"\{([^/]+)\}", r"(?P<\1>[^/]+)", name[1]) + "$", path).groupdict()
        pairs = dict(part.split("=", 1) for part in query.split("&")) if query else {}
        known = set()
        for parameter in item.get("parameters", []) + operation.get("parameters", []):
            parameter = document.resolve(parameter)
            place = {"path": values, "query": pairs, "header": headers}[parameter["in"]]
            value = place.get(parameter["name"])
            known.add((parameter["in"], parameter["name"]))
            if value is None:
                if parameter.get("required"):
                    self.breach(f"{where}: {parameter['name']} is missing")
                continue
            kind = document.resolve(parameter["schema"]).get("type")
            typed = int(value) if kind == "integer" else value == "true" if kind == "boolean" else value
            for error in document.check(parameter["schema"], typed):
                self.breach(f"{where}: {parameter['name']}{error}")
        for key in pairs:
            if ("query", key) not in known:
                self.breach(f"{where}: {key} is not in the document")
        if body is None and operation.get("requestBody", {}).get("required"):
            self.breach(f"{where}: body is missing")
        if body is not None:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            for error in document.check(schema, body):
                self.breach(f"{where}: {error}")

    def check_answer(self, found, status, headers, data, request_id):
        document, name, _, operation = found
        where = f"{name[0].upper()} {name[1]} {status}"
        answer = operation["responses"].get(str(status))
        if answer is None:
            self.breach(f"{where}: status is not in the document: {data[:200]}")
            return
        self.seen.add(name)
        answer = document.resolve(answer)
        for header, rule in answer.get("headers", {}).items():
            rule = document.resolve(rule)
            value = headers.get(header)
            if value is None and rule.get("required"):
                self.breach(f"{where}: header {header} is missing")
            elif value is not None:
                for error in document.check(rule["schema"], value):
                    self.breach(f"{where}: header {header}{error}")
        if headers.get("X-Request-ID") != request_id:
            self.breach(f"{where}: X-Request-ID is not echoed")
        if "content" not in answer:
            if data:
                self.breach(f"{where}: body where none should be")
            return
        (media, content), = answer["content"].items()
        if headers.get("Content-Type") != media:
            self.breach(f"{where}: media type {headers.get('Content-Type')}")
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        if headers.get("Content-Digest") != f"sha-256=:{digest}:":
            self.breach(f"{where}: Content-Digest does not match")
        if headers.get("Content-Length") != str(len(data)):
            self.breach(f"{where}: Content-Length does not match")
        for error in document.check(content["schema"], json.loads(data)):
            self.breach(f"{where}: {error}")

    def call(self, method, target, body=None, expect=200, key=None, good=True, raw=None, headers=None, signed=True):
        """Sends one request; good=False when it breaks the documents on purpose."""
        path, _, query = target.partition("?")
        request_id = str(uuid.uuid4())
        sent = {"X-Request-ID": request_id, **self.session, **(headers or {})}
        if path.startswith("/psd2/"):
            sent.setdefault("PSU-IP-Address", "127.0.0.1")
        if method != "GET" and key != "":
            if key or method != "POST" or not path.endswith(("resolve", "checks", "confirmations")):
                sent["Idempotency-Key"] = f'"{key or make_id()}"'
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        if data is not None:
            sent["Content-Type"] = "application/json"
        found = self.find(method.lower(), path)
        if found is None:
            self.breach(f"{method} {path}: not in the documents")
            return None
        if good:
            self.check_request(found, path, query, sent, body)
        message = Message(method, target, sent)
        self.counter += 1
        if signed:
            sent.update(message.sign(self.key, self.counter, data))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        connection.request(method, target, data, sent)
        answer = connection.getresponse()
        received = answer.read()
        connection.close()
        got = dict(answer.getheaders())
        if answer.status != expect:
            self.breach(f"{method} {target}: {answer.status} instead of {expect}: {received[:200]}")
        self.check_answer(found, answer.status, got, received, request_id)
        if self.keys and not message.answer_is_signed(self.key, self.keys, answer.status, got):
            self.breach(f"{method} {target}: the answer is not signed as the answer to this request")
        self.headers = got
        return json.loads(received) if received else None

    # The way of a customer.

    def enrol(self):
        self.keys = [key["publicKey"] for key in self.call("GET", "/wallet/v1/keys", signed=False)["keys"]]
        start = self.call("POST", "/wallet/v1/enrolments",
                          {"phone": "13800138000", "devicePublicKey": self.key.public_text(),
                           "deviceName": "桌面电脑"}, 201)
        at = f"/wallet/v1/enrolments/{start['enrolmentId']}"
        code = self.call("GET", "/wallet/v1/test-phone/messages?after=0")["messages"][-1]["code"]
        wrong = "000000" if code != "000000" else "000001"
        self.call("POST", at + "/finish", {}, 409)
        self.call("PUT", at + "/code", {"code": wrong}, 400)
        self.call("PUT", at + "/code", {"code": code})
        self.call("PUT", at + "/pin", {"pin": "121212"}, 400)
        self.call("PUT", at + "/pin", {"pin": "258036"})
        self.call("PUT", at + "/identity", {"name": "王小明", "residentId": "110101199605080000"}, 400)
        self.call("PUT", at + "/identity", {"sample": True})
        self.call("PUT", at + "/card", {"cardNumber": "6299010008712340"}, 400)
        self.call("PUT", at + "/card", {"sample": True})
        self.call("PUT", f"/wallet/v1/enrolments/{make_id()}/pin", {"pin": "258036"}, 404)
        session = self.call("POST", at + "/finish", {}, 201)
        self.session = {"Authorization": "Bearer " + session["sessionSecret"], "Consent-ID": session["consentId"]}

    def read(self):
        account = self.call("GET", "/psd2/v1/accounts?withBalance=true")["accounts"][0]
        self.call("GET", "/psd2/v1/accounts", expect=304, headers={"If-None-Match": self.headers_of("/psd2/v1/accounts")})
        self.account = account["resourceId"]
        self.bban = account["bban"]
        at = f"/psd2/v1/accounts/{self.account}"
        self.call("GET", at)
        self.call("GET", at + "/balances")
        self.call("GET", f"/psd2/v1/accounts/{make_id()}/balances", expect=404)
        self.call("GET", at + "/transactions", expect=400, good=False)
        page = self.call("GET", at + "/transactions?bookingStatus=both&entryReferenceFrom=0&itemsPerPage=100")
        last = page["transactions"]["booked"][-1]
        while "next" in page["transactions"]["_links"]:
            page = self.call("GET", page["transactions"]["_links"]["next"]["href"])
            last = page["transactions"]["booked"][-1]
        self.call("GET", at + f"/transactions/{last['transactionId']}")
        self.call("GET", at + f"/transactions/{make_id()}", expect=404)
        self.call("GET", at + "/transactions?bookingStatus=pending")
        self.call("GET", at + "/transactions?bookingStatus=booked&dateFrom=2020-01-01&dateTo=2020-01-31")
        for path in ("profile", "offers", "points?from=0", "events?after=0&wait=0"):
            self.call("GET", "/wallet/v1/" + path)
        self.last = int(last["entryReference"])

    def listen(self):
        """The stream's beginning; what it says later is tested elsewhere."""
        target = "/wallet/v1/events/stream"
        request_id = str(uuid.uuid4())
        sent = {"X-Request-ID": request_id, "Last-Event-ID": "0", **self.session}
        found = self.find("get", target)
        self.check_request(found, target, "", sent, None)
        message = Message("GET", target, sent)
        self.counter += 1
        sent.update(message.sign(self.key, self.counter, None))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        connection.request("GET", target, None, sent)
        answer = connection.getresponse()
        got = dict(answer.getheaders())
        begun = answer.read(13)
        connection.close()
        if answer.status != 200 or got.get("Content-Type") != "text/event-stream" or begun != b"retry: 1000\n\n":
            self.breach(f"GET {target}: {answer.status} {got} {begun!r}")
        if got.get("X-Request-ID") != request_id or not message.answer_is_signed(self.key, self.keys, 200, got):
            self.breach(f"GET {target}: the head of the stream is not signed as the answer to this request")
        self.seen.add(found[1])

    def headers_of(self, target):
        self.call("GET", target)
        return self.headers["ETag"]

    def order(self, product, amount, account, name, expect=201, memo=None, wallet=None, intent=None):
        intent = intent or make_id()
        body = {"endToEndIdentification": intent, "debtorAccount": {"bban": self.bban},
                "instructedAmount": {"currency": "CNY", "amount": amount}, "creditorAccount": {"bban": account},
                "creditorName": name}
        if memo:
            body["remittanceInformationUnstructured"] = memo
        if wallet:
            body["wallet"] = wallet
        answer = self.call("POST", f"/psd2/v1/payments/{product}", body, expect, key=intent)
        return intent, body, answer

    def begin(self, product, payment):
        at = f"/psd2/v1/payments/{product}/{payment['paymentId']}"
        authorisation = self.call("POST", at + "/authorisations", None, 201)
        self.call("GET", at + f"/authorisations/{authorisation['authorisationId']}")
        return at, f"{at}/authorisations/{authorisation['authorisationId']}", authorisation

    def proof(self, payment, authorisation, pin="258036"):
        return {"psuData": {"password": pin},
                "deviceSignature": self.key.sign(f"{payment['orderDigest']}:{authorisation['authorisationId']}")}

    def pay(self):
        shop = self.call("GET", "/wallet/v1/sandbox/shops")["shops"][0]
        resolved = self.call("POST", "/wallet/v1/qr/resolve", {"payload": shop["payload"]})
        payee = resolved["payee"]
        wallet = {"qrPayload": shop["payload"], "coupon": "best"}
        intent, body, payment = self.order("qr-payments", resolved["amount"]["amount"], payee["account"],
                                           payee["name"], wallet=wallet)
        at, auth, authorisation = self.begin("qr-payments", payment)
        self.call("PUT", auth, self.proof(payment, authorisation, "111222"), 401)
        bad = self.proof(payment, authorisation)
        bad["deviceSignature"] = self.key.sign("another order")
        self.call("PUT", auth, bad, 401)
        key = make_id()
        made = self.call("PUT", auth, self.proof(payment, authorisation), key=key)
        if "Server-Timing" not in self.headers:
            self.breach("PUT authorisation: a commit without Server-Timing")
        again = self.call("PUT", auth, self.proof(payment, authorisation), key=key)
        if made != again or self.headers.get("Idempotency-Replayed") != "true":
            self.breach("PUT authorisation: the same key does not replay the answer")
        self.call("PUT", auth, {"authenticationMethodId": "sms"}, 422, key=key)
        self.call("PUT", auth, {"authenticationMethodId": "sms"}, 409)
        self.call("GET", at)
        self.call("GET", at + "/status")
        self.call("DELETE", at, expect=409)
        self.call("GET", f"/wallet/v1/intents/{intent}")
        self.call("POST", f"/wallet/v1/intents/{intent}/settlement", {})
        self.call("POST", "/wallet/v1/qr/resolve", {"payload": shop["payload"]}, 409)
        body["creditorName"] = "别人"
        self.call("POST", "/psd2/v1/payments/qr-payments", body, 422, key=intent)
        page = self.call("GET", f"/psd2/v1/accounts/{self.account}/transactions"
                                f"?bookingStatus=both&entryReferenceFrom={self.last}")
        entries = page["transactions"]["booked"]
        if len(entries) != 1 or entries[0]["transactionId"] != made["transactionId"]:
            self.breach("the payment is not the one new entry of the feed")
        self.call("GET", "/wallet/v1/offers")
        self.call("GET", "/wallet/v1/points")
        self.call("GET", "/wallet/v1/events?after=1&wait=5")

    def transfer(self):
        payees = self.call("GET", "/wallet/v1/profile")["payees"]
        house = next(p for p in payees if p["account"].startswith("629988"))
        other = next(p for p in payees if not p["account"].startswith("629988"))
        for payee in (house, other):
            self.call("POST", "/wallet/v1/payee-checks", {"account": payee["account"], "name": payee["name"]})
        self.call("POST", "/wallet/v1/payee-checks", {"account": house["account"], "name": "欧阳不在"})
        self.call("POST", "/wallet/v1/payee-checks", {"account": "6299889999999999999", "name": "张三"}, 404)
        self.call("POST", "/psd2/v1/funds-confirmations",
                  {"account": {"bban": self.bban}, "instructedAmount": {"currency": "CNY", "amount": "10.00"}})
        self.call("POST", "/psd2/v1/funds-confirmations",
                  {"account": {"bban": "629988000000"}, "instructedAmount": {"currency": "CNY", "amount": "1.00"}}, 404)
        _, _, payment = self.order("book-transfers", "30.00", house["account"], house["name"], memo="饭钱")
        _, auth, authorisation = self.begin("book-transfers", payment)
        self.call("PUT", auth, self.proof(payment, authorisation))
        # An account never paid before asks for a code by SMS.
        _, _, payment = self.order("ibps-credit-transfers", "12.50", "6299041234567890123", "新朋友")
        _, auth, authorisation = self.begin("ibps-credit-transfers", payment)
        self.call("PUT", auth, self.proof(payment, authorisation))
        self.call("PUT", auth, {"authenticationMethodId": "sms"})
        code = self.call("GET", "/wallet/v1/test-phone/messages?after=1")["messages"][-1]["code"]
        wrong = "000000" if code != "000000" else "000001"
        self.call("PUT", auth, {"scaAuthenticationData": wrong}, 400)
        self.call("PUT", auth, {"scaAuthenticationData": code})
        intent, _, payment = self.order("ibps-credit-transfers", "1.00", other["account"], other["name"])
        self.call("DELETE", f"/psd2/v1/payments/ibps-credit-transfers/{payment['paymentId']}", expect=204)
        self.call("POST", f"/wallet/v1/intents/{intent}/settlement", {})

    def order_by_card(self, product, card, amount, account, name, expect=201, wallet=None):
        intent = make_id()
        body = {"endToEndIdentification": intent, "debtorAccount": {"maskedPan": card["maskedPan"]},
                "instructedAmount": {"currency": "CNY", "amount": amount}, "creditorAccount": {"bban": account},
                "creditorName": name, "wallet": {**(wallet or {}), "cardId": card["cardId"]}}
        return self.call("POST", f"/psd2/v1/payments/{product}", body, expect, key=intent)

    def top_up(self):
        profile = self.call("GET", "/wallet/v1/profile")
        cards = {card["kind"]: card for card in profile["cards"]}
        name = profile["customer"]["name"]
        payment = self.order_by_card("ibps-credit-transfers", cards["debit"], "50.00", self.bban, name)
        self.call("GET", f"/psd2/v1/payments/ibps-credit-transfers/{payment['paymentId']}")
        _, auth, authorisation = self.begin("ibps-credit-transfers", payment)
        proof = self.proof(payment, authorisation)
        key = make_id()
        self.call("PUT", auth, proof, key=key)
        self.call("PUT", auth, proof, key=key)
        for card in ("debit", "credit"):
            shop = self.call("GET", "/wallet/v1/sandbox/shops")["shops"][0]
            payee = self.call("POST", "/wallet/v1/qr/resolve", {"payload": shop["payload"]})["payee"]
            payment = self.order_by_card("qr-payments", cards[card], "22.00", payee["account"], payee["name"],
                                         wallet={"qrPayload": shop["payload"], "coupon": "best"})
            _, auth, authorisation = self.begin("qr-payments", payment)
            self.call("PUT", auth, self.proof(payment, authorisation))
        entries = self.call("GET", f"/psd2/v1/accounts/{self.account}/transactions?bookingStatus=both"
                                   f"&entryReferenceFrom={self.last}")["transactions"]["booked"]
        if [entry["wallet"]["kind"] for entry in entries].count("topup") != 3:
            self.breach("a top-up and two payments by card are not three entries that bring money")
        self.order_by_card("ibps-credit-transfers", cards["credit"], "50.00", self.bban, name, 400)
        self.order_by_card("ibps-credit-transfers", {**cards["debit"], "cardId": make_id()}, "50.00", self.bban, name, 404)

    def give_back(self):
        entries = self.call("GET", f"/psd2/v1/accounts/{self.account}/transactions?bookingStatus=both"
                                   f"&entryReferenceFrom={self.last}")["transactions"]["booked"]
        paid = next(entry for entry in entries if entry["wallet"]["kind"] == "transfer")
        made = self.call("POST", "/wallet/v1/sandbox/returns", {"transactionId": paid["transactionId"]}, 201)
        self.call("POST", "/wallet/v1/sandbox/returns", {"transactionId": paid["transactionId"]}, 409)
        self.call("POST", "/wallet/v1/sandbox/returns", {"transactionId": make_id()}, 404)
        entries = self.call("GET", f"/psd2/v1/accounts/{self.account}/transactions?bookingStatus=both"
                                   f"&entryReferenceFrom={self.last}")["transactions"]["booked"]
        last = entries[-1]
        if last["transactionId"] != made["transactionId"] or last["wallet"].get("returns") != paid["transactionId"]:
            self.breach("the return is not told in the feed")

    def refuse(self):
        payee = self.call("GET", "/wallet/v1/profile")["payees"][0]
        product = "book-transfers" if payee["account"].startswith("629988") else "ibps-credit-transfers"
        self.order(product, "4999.00", payee["account"], payee["name"], 400)
        self.order(product, "5000.01", payee["account"], payee["name"], 400)
        self.order(product, "0.00", payee["account"], payee["name"], 400)
        self.order("book-transfers", "1.00", "6299889999999999999", "张三", 404)
        intent = make_id()
        self.call("GET", f"/wallet/v1/intents/{intent}", expect=404)
        self.call("POST", f"/wallet/v1/intents/{intent}/settlement", {})
        self.order(product, "1.00", payee["account"], payee["name"], 409, intent=intent)
        self.call("POST", "/wallet/v1/qr/resolve", {"payload": "000201"}, 400)
        self.call("POST", "/wallet/v1/qr/resolve", {"payload": "x", "more": 1}, 400, good=False)
        self.call("POST", "/wallet/v1/qr/resolve", None, 400, good=False, raw=b"[" * 1000)
        self.call("POST", "/wallet/v1/qr/resolve", None, 400, good=False, raw=b'{"payload":"a","payload":"b"}')
        self.call("POST", "/wallet/v1/qr/resolve", None, 413, good=False, raw=b" " * 70000)
        self.call("POST", f"/wallet/v1/intents/{intent}/settlement", {}, 400, key="", good=False)
        self.call("GET", "/psd2/v1/accounts", expect=401, headers={"Authorization": "Bearer nothing"})

    def consent(self):
        wanted = {"access": {"accounts": [{"bban": self.bban}], "balances": []}, "recurringIndicator": True,
                  "validUntil": "9999-12-31", "frequencyPerDay": 4, "combinedServiceIndicator": False}
        made = self.call("POST", "/psd2/v1/consents", wanted, 201)
        if made["consentId"] != self.session["Consent-ID"]:
            self.breach("the consent is not this device's")
        wanted["access"]["accounts"] = [{"bban": "6299889999999999999"}]
        self.call("POST", "/psd2/v1/consents", wanted, 400)
        at = f"/psd2/v1/consents/{made['consentId']}"
        self.call("GET", at)
        self.call("GET", at + "/status")
        self.call("GET", f"/psd2/v1/consents/{make_id()}", expect=404)
        self.call("GET", f"/psd2/v1/consents/{make_id()}/status", expect=404)
        self.call("DELETE", at, expect=204)
        revoked = self.call("GET", at + "/status", expect=401)
        if revoked["reason"] != "DEVICE_REVOKED":
            self.breach("a revoked device is not told so")

    def rotate(self):
        before = self.call("GET", "/wallet/v1/keys")["keys"]
        after = self.call("POST", "/wallet/v1/sandbox/rotate-key", {})["keys"]
        announced = next(key["keyId"] for key in before if key["state"] == "next")
        current = next(key["keyId"] for key in after if key["state"] == "current")
        if announced != current or current not in self.headers["Signature-Input"]:
            self.breach("the announced key did not become the current one")

    def reset(self):
        self.call("POST", "/wallet/v1/sandbox/reset", {}, 204)
        self.call("GET", "/psd2/v1/accounts", expect=401)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    documents = [Document(folder / name) for name in ("psd2-subset.yaml", "wallet.yaml")]
    bank = subprocess.Popen([program, "--port", "0"], stdout=subprocess.PIPE, text=True)
    number = failed = 0
    try:
        port = int(bank.stdout.readline().strip().rsplit(":", 1)[1])
        walker = Walker(port, documents)
        for step in ("enrol", "read", "pay", "listen", "transfer", "top_up", "give_back", "refuse", "consent", "rotate", "reset"):
            number += 1
            before = len(walker.breaches)
            try:
                getattr(walker, step)()
            except Exception as error:  # a step that cannot go on is a breach like any other
                walker.breach(f"{step}: {type(error).__name__}: {error}")
            for text in walker.breaches[before:]:
                print("#", text)
            good = len(walker.breaches) == before
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {step}", flush=True)
    finally:
        bank.terminate()
        code = bank.wait(timeout=20)
    missing = [name for document in documents for name in document.operations if name not in walker.seen]
    for name in missing:
        print("# never exercised:", name[0].upper(), name[1])
    number += 1
    failed += bool(missing)
    print(f"{'not ok' if missing else 'ok'} {number} - every operation of the documents was exercised")
    number += 1
    failed += code != 0
    print(f"{'ok' if code == 0 else 'not ok'} {number} - the program stops cleanly on SIGTERM")
    print(f"1..{number}")
    return 1 if failed else 0


sys.exit(main())
