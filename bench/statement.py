"""A camt.053 of 100,000 entries, booked by the worker with progress: entries a second, and the memory it takes."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench import size
from bench.portal import ratio, table, trader
from lib.creditor_reference import COMPANY, reference_of
from payments import services
from payments.models import BankFile

ENTRIES = size(100_000, 300)
SECONDS = 1800


def written(entries: int, reference: str) -> Iterator[str]:
    """Nine of ten entries have the company's reference, the tenth has none."""
    today = timezone.localdate()
    currency = "TJS"
    yield (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<Stmt><Id>B{time.time_ns()}</Id><CreDtTm>{today}T18:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{settings.BANK_ACCOUNTS[0]}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
    )
    for code, amount in (("OPBD", "0.00"), ("CLBD", f"{entries}.00")):
        yield (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{today}</Dt></Dt></Bal>"
        )
    run = time.time_ns()
    for number in range(entries):
        text = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if number % 10 else "<Ustrd>tea</Ustrd>"
        yield (
            f'<Ntry><Amt Ccy="{currency}">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
            f"<ValDt><Dt>{today}</Dt></ValDt><AcctSvcrRef>B{run}-{number}</AcctSvcrRef><NtryDtls><TxDtls>"
            f"<RltdPties><Dbtr><Pty><Nm>Payer {number}</Nm></Pty></Dbtr></RltdPties><RmtInf>{text}</RmtInf>"
            "</TxDtls></NtryDtls></Ntry>"
        )
    yield "</Stmt></BkToCstmrStmt></Document>"


def resident(pid: int) -> int:
    """MB of the largest process among `pid` and those below it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if pid in (int(said["Pid"]), int(said["PPid"])) and "VmRSS" in said:
            found.append(int(said["VmRSS"].split()[0]) // 1024)
    return max(found, default=0)


def main() -> None:
    worker = int(json.loads(os.environ["BENCH_PROCESSES"])["worker"])
    _user, company = trader()
    with tempfile.TemporaryFile() as content:
        for piece in written(ENTRIES, reference_of(COMPANY, company.tin)):
            content.write(piece.encode())
        megabytes = content.tell() / 1e6
        before = most = resident(worker)
        started = time.monotonic()
        kept, _new = services.receive_file(
            name="bench.xml", content=content, source=BankFile.Source.FOLDER, by=None, at=timezone.now()
        )
    seen = set()
    while kept.status in BankFile.UNFINISHED and time.monotonic() - started < SECONDS:
        time.sleep(0.25)
        kept.refresh_from_db()
        seen.add(kept.done)
        most = max(most, resident(worker))
    seconds = time.monotonic() - started
    assert (kept.status, kept.new) == (BankFile.Status.BOOKED, ENTRIES), (kept.status, kept.new, kept.fault)
    rows = [
        (f"{ENTRIES:,} entries, {megabytes:.0f} MB: judged and booked", f"{seconds:.1f} s", "", ""),
        ("entries a second", f"{ENTRIES / seconds:.0f}", "", ""),
        ("steps of progress that were seen", f"{len(seen)}", "", ""),
        ("memory of the worker at most, MB", f"{most}", f"{before} before", ratio(most, max(before, 1))),
    ]
    table("Statement: camt.053 through the worker", rows)


if __name__ == "__main__":
    main()
