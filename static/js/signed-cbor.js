// Small signed messages, as lib/signed_cbor.py writes them: key id, signature, content in canonical CBOR.

export const KEY_ID_BYTES = 4;
export const HEAD_BYTES = KEY_ID_BYTES + 64;
const DEEPEST = 8;
const texts = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const bytesOf = new TextEncoder();

export class NotCanonical extends Error {}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function isGenuine(message, { purpose, publicKey, signatures }) {
  const key = message.subarray(0, KEY_ID_BYTES);
  return fits(message.subarray(HEAD_BYTES), { key, signature: message.subarray(KEY_ID_BYTES, HEAD_BYTES), purpose,
    publicKey, signatures });
}

// Whether `signature` of the key fits the content for the purpose.
export function fits(content, { key, signature, purpose, publicKey, signatures }) {
  const begin = bytesOf.encode(`${purpose}\0`);
  const signed = new Uint8Array(begin.length + key.length + content.length);
  signed.set(begin);
  signed.set(key, begin.length);
  signed.set(content, begin.length + key.length);
  return signatures.fits(signature, signed, publicKey);
}

// What canonical CBOR says: whole numbers up to 2^53 - 1, bytes, texts and arrays. Anything else is NotCanonical.
export function readCbor(bytes) {
  const reading = new Reading(bytes);
  const value = reading.item(0);
  if (reading.place !== bytes.length) throw new NotCanonical();
  return value;
}

class Reading {
  constructor(bytes) {
    this.bytes = bytes;
    this.place = 0;
  }

  item(depth) {
    if (depth > DEEPEST) throw new NotCanonical();
    const first = this.take(1)[0];
    const size = this.number(first & 31);
    switch (first >> 5) {
      case 0:
        return size;
      case 2:
        return this.take(size);
      case 3:
        return this.text(this.take(size));
      case 4:
        return this.array(size, depth);
      default:
        throw new NotCanonical();
    }
  }

  // The number behind the first byte, in its shortest form.
  number(form) {
    if (form < 24) return form;
    if (form > 27) throw new NotCanonical();
    const size = 2 ** (form - 24);
    const number = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    const least = form === 24 ? 24 : 2 ** (size * 4);
    if (number < least || !Number.isSafeInteger(number)) throw new NotCanonical();
    return number;
  }

  array(size, depth) {
    if (size > this.bytes.length - this.place) throw new NotCanonical();
    return Array.from({ length: size }, () => this.item(depth + 1));
  }

  text(bytes) {
    try {
      return texts.decode(bytes);
    } catch {
      throw new NotCanonical();
    }
  }

  take(size) {
    if (size > this.bytes.length - this.place) throw new NotCanonical();
    this.place += size;
    return this.bytes.subarray(this.place - size, this.place);
  }
}
