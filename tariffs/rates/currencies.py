"""Currencies a rate text may name: ISO 4217 codes, and the signs and Russian words that stand for one of them.

A code that is not among them is refused: "5 MAX" is no amount of money. Codes withdrawn since 2010 stay, so that
rates of their time can still be read.
"""

import re

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
    VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG
    ANG BYR CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL
"""
CURRENCIES = frozenset(_CODES.split())

_END = r"(?![A-Za-zА-Яа-яЁё0-9])"
_WORDS = (
    ("EUR", rf"€|евро{_END}|euros?{_END}"),
    ("GBP", rf"£|фунт(?:а|ов)?\s+стерлингов{_END}"),
    ("USD", rf"(?:US)?\$|(?:долл\.|доллар(?:а|ов)?{_END})(?:\s*США{_END})?"),
    ("BYN", rf"белорусск(?:ий|их)\s+рубл(?:ь|я|ей){_END}"),
    ("RUB", rf"(?:российск(?:ий|их)\s+)?(?:руб\.|руб{_END}|рубл(?:ь|я|ей){_END})"),
    ("TJS", rf"сомони{_END}"),
    ("KZT", rf"тенге{_END}"),
    ("CNY", rf"юан(?:ь|я|ей){_END}"),
)
_PATTERNS = tuple((code, re.compile(spellings, re.IGNORECASE)) for code, spellings in _WORDS)
_CODE_FORM = re.compile(rf"[A-Z]{{3}}{_END}")


def currency_at(text: str, place: int) -> tuple[str, int] | None:
    """The currency that stands at `place` of `text` and where it ends; None where there is none."""
    found = _CODE_FORM.match(text, place)
    if found is not None and found.group() in CURRENCIES:
        return found.group(), found.end()
    for code, pattern in _PATTERNS:
        if (word := pattern.match(text, place)) is not None:
            return code, word.end()
    return None
