"""Random mails, signed by dkimpy, changed in their blanks, and verified by dkimpy: one JSON document a line."""

import base64
import json
import random
import sys
import time

import dkim

count, seed, key, record = int(sys.argv[1]), int(sys.argv[2]), open(sys.argv[3], "rb").read(), sys.argv[4].encode()
chance = random.Random(seed)
# Before the clock of the tests.
time.time = lambda: 1795000000
WORDS = [b"We", b"will", b"honor", b"your", b"objection.", b"=20", b"\xc3\xa9", b"=", b"--", b".", b">From"]
BLANKS = [b" ", b" ", b" ", b"\t", b"  ", b" \t ", b"\t\t"]
ENDS = [b"", b"", b"", b" ", b"\t", b"  \t"]


def line():
    words = [chance.choice(WORDS) for _ in range(chance.choice([0, 0, 0, 1, 3, 8]))]
    return (chance.choice(ENDS) + b"".join(w + chance.choice(BLANKS) for w in words)).rstrip() + chance.choice(ENDS)


def body():
    lines = [line() for _ in range(chance.randrange(8))]
    lines += [chance.choice(ENDS) for _ in range(chance.choice([0, 0, 1, 2, 5]))]
    return b"".join(one + b"\r\n" for one in lines)


def fold():
    return chance.choice([b" ", b" ", b"  ", b"\r\n ", b"\r\n\t", b" \r\n  "])


def headers():
    subject = fold().join([b"Your", b"request", b"#1", b"now"][: chance.randrange(5)])
    found = [
        b"Date:" + fold() + b"Tue, 24 Nov 2026 11:55:00 +0000",
        b"From:" + fold() + b"Facebook <noreply@support.facebook.com>",
        b"To:" + fold() + b"anna@example.org",
        b"Subject:" + chance.choice([b"", b" ", b"  "]) + subject + chance.choice(ENDS),
        b"X-A: " + line(),
        b"X-A: again",
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: 8bit",
    ]
    chance.shuffle(found)
    return b"".join(one + b"\r\n" for one in found)


def changed(mail):
    """As a server on the way might change it, and as it must not."""
    for _ in range(chance.choice([0, 0, 1, 2])):
        at = chance.randrange(len(mail))
        if mail[at : at + 1] in (b" ", b"\t") and mail[at - 1 : at] != b"\n":
            mail = mail[:at] + chance.choice([b" ", b"\t", b"  "]) + mail[at + 1 :]
        elif mail[at : at + 2] == b"\r\n" and mail.find(b"\r\n\r\n") < at - 4:
            mail = mail[:at] + chance.choice([b" ", b"\t", b"\r\n", b" \r\n"]) + mail[at:]
    return mail + chance.choice([b"", b"", b"\r\n", b" \r\n", b"\r\n\t\r\n", b"x\r\n"])


for _ in range(count):
    mail = headers() + b"\r\n" + body()
    names = [b"from", b"to", b"subject", b"date", b"content-type", b"content-transfer-encoding", b"mime-version"]
    names += chance.choice([[], [b"x-a"], [b"x-a", b"x-a"], [b"x-a", b"x-a", b"x-a"], [b"x-none", b"subject"]])
    forms = (chance.choice([b"relaxed", b"simple"]), chance.choice([b"relaxed", b"relaxed", b"simple"]))
    head = dkim.sign(mail, b"s1024", b"support.facebook.com", key, canonicalize=forms, include_headers=names)
    mail = changed(head + mail)
    is_right = dkim.verify(mail, dnsfunc=lambda name, timeout=5: record)
    print(json.dumps({"mail": base64.b64encode(mail).decode(), "is_right": is_right}))
