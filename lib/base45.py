"""Base45 (RFC 9285): bytes as the 45 characters that a QR code packs tightest. Each content has one spelling."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


class NotBase45(ValueError):
    """The text is not what `encode` writes."""


def encode(content: bytes) -> str:
    """Two bytes become three characters, a last single one two."""
    text = []
    for place in range(0, len(content), 2):
        pair = content[place : place + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            text.append(ALPHABET[digit])
    return "".join(text)


def decode(text: str) -> bytes:
    """The bytes of a text that `encode` wrote; any other text is refused."""
    content = bytearray()
    for place in range(0, len(text), 3):
        group = text[place : place + 3]
        size = len(group) - 1
        try:
            number = sum(_VALUES[character] * 45**power for power, character in enumerate(group))
            content += number.to_bytes(size, "big")
        except (KeyError, OverflowError) as unreadable:
            raise NotBase45(text) from unreadable
        if not size:
            raise NotBase45(text)
    return bytes(content)
