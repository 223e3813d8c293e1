"""Reads an OFX file with two parsers that nobody here wrote, and prints what each understood, as JSON."""

import io
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "python"))

import ofxparse  # noqa: E402
from ofxtools.Parser import OFXTree  # noqa: E402


def by_ofxparse(content):
    ofx = ofxparse.OfxParser.parse(io.BytesIO(content))
    return [
        {
            "account": account.account_id,
            "card": account.type == ofxparse.AccountType.CreditCard,
            "currency": account.statement.currency.upper(),
            "balance": str(account.statement.balance),
            "transactions": [
                {
                    "id": one.id,
                    "amount": str(one.amount),
                    "day": one.date.date().isoformat(),
                    "name": one.payee,
                    "memo": one.memo,
                }
                for one in account.statement.transactions
            ],
        }
        for account in ofx.accounts
    ]


def by_ofxtools(content):
    tree = OFXTree()
    tree.parse(io.BytesIO(content))
    # The conversion checks every element against the specification: order, length, type, presence.
    ofx = tree.convert()
    return [
        {
            "account": one.account.acctid,
            "card": type(one).__name__ == "CCSTMTRS",
            "currency": one.curdef,
            "balance": str(one.ledgerbal.balamt),
            "transactions": [
                {
                    "id": line.fitid,
                    "amount": str(line.trnamt),
                    "day": line.dtposted.date().isoformat(),
                    "name": line.name,
                    "memo": line.memo or "",
                }
                for line in one.transactions
            ],
        }
        for one in ofx.statements
    ]


content = pathlib.Path(sys.argv[1]).read_bytes()
READERS = {"ofxparse": by_ofxparse, "ofxtools": by_ofxtools}
print(json.dumps({name: READERS[name](content) for name in sys.argv[2:]}))
