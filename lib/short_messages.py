"""How long a text is as an SMS: in the alphabet of GSM 03.38 160 characters go into one, in any other 70 (UCS-2).

A longer text is cut into parts of 153 or 67 characters, and each part costs as much as a message.
"""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")
MOST_CHARACTERS = 160
_PLAIN = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "’": "'", "“": '"', "”": '"'})


def parts(text: str) -> int:
    """How many messages the text is sent as."""
    if all(sign in _GSM or sign in _GSM_TWICE for sign in text):
        length, one, more = sum(2 if sign in _GSM_TWICE else 1 for sign in text), 160, 153
    else:
        length, one, more = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= one else -(-length // more)


def shortened(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """The text in signs that cost least, on one line, cut with "..." where it is longer than `most` characters."""
    line = " ".join(text.translate(_PLAIN).split())
    return line if len(line) <= most else line[: most - 3].rstrip() + "..."
