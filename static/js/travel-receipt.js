// A traveller's receipt, read and judged on this phone exactly as lib/travel_receipt.py does on the server.

import { HEAD_BYTES, KEY_ID_BYTES, NotCanonical, hex, isGenuine, readCbor } from "./signed-cbor.js";

const PREFIX = "TR1:";
const OURS = /^TR[0-9]{1,2}:/;
const MOST_CHARACTERS = 300;
const PURPOSE = "customs-portal travel receipt 1";
const ID_BYTES = 8;
const CLOCK_TOLERANCE = 3600;
const LAST_SECOND = 253402300799;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]));
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

const whole = (least, most) => (value) => Number.isInteger(value) && value >= least && value <= most;
const spelt = (shape) => (value) => typeof value === "string" && shape.test(value);
const areInitials = (value) => typeof value === "string" && [...value].length <= 12 && !UNSEEN.test(value);
const isHash = (value) => value instanceof Uint8Array && value.length === 16;

// The fields in the order in which they are signed.
const FIELDS = [
  ["version", whole(1, 1)],
  ["reference", spelt(/^[A-Z0-9][A-Z0-9-]{3,19}$/)],
  ["answer", whole(0, 3)],
  ["minorUnits", whole(0, Number.MAX_SAFE_INTEGER)],
  ["decimals", whole(0, 4)],
  ["currency", spelt(/^[A-Z]{3}$/)],
  ["direction", whole(0, 1)],
  ["post", spelt(/^[A-Z0-9]{2,8}$/)],
  ["issuedAt", whole(0, LAST_SECOND)],
  ["validUntil", whole(0, LAST_SECOND)],
  ["travellers", whole(1, 999)],
  ["initials", areInitials],
  ["declaration", isHash],
];

// The bytes of base45 (RFC 9285), in its one spelling; null for any other text.
export function base45(text) {
  const bytes = [];
  for (let place = 0; place < text.length; place += 3) {
    const group = Array.from(text.slice(place, place + 3), (character) => VALUES.get(character) ?? NaN);
    const number = group.reduceRight((sum, value) => sum * 45 + value, 0);
    const size = group.length - 1;
    if (size < 1 || !(number < 256 ** size)) return null;
    if (size === 2) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return new Uint8Array(bytes);
}

// {outcome, receipt}: `at` is in seconds; `heard` holds keys by id, and the ids of used and revoked receipts.
export async function check(text, { heard, at, signatures }) {
  const ours = OURS.exec(text);
  if (!ours) return { outcome: "foreign" };
  if (ours[0] !== PREFIX) return { outcome: "newer" };
  const message = text.length <= MOST_CHARACTERS ? base45(text.slice(PREFIX.length)) : null;
  if (!message || message.length <= HEAD_BYTES) return { outcome: "damaged" };
  const key = heard.keys.get(hex(message.subarray(0, KEY_ID_BYTES)));
  if (!key) return { outcome: "unknown_key" };
  const isRight = await isGenuine(message, { purpose: PURPOSE, publicKey: key.publicKey, signatures });
  if (!isRight) return { outcome: "forged" };
  if (key.withdrawnAt) return { outcome: "key_withdrawn" };
  const receipt = read(message.subarray(HEAD_BYTES));
  if (!receipt) return { outcome: "damaged" };
  const id = hex(message.subarray(KEY_ID_BYTES, KEY_ID_BYTES + ID_BYTES));
  return { outcome: judged(receipt, { key, id, heard, at }), receipt };
}

function judged(receipt, { key, id, heard, at }) {
  const isAfter = key.signsUntil && receipt.issuedAt > key.signsUntil;
  if (receipt.issuedAt < key.signsFrom || isAfter) return "out_of_term";
  if (heard.revoked.has(id)) return "revoked";
  if (heard.used.has(id)) return "used";
  if (at > receipt.validUntil) return "expired";
  if (at < receipt.issuedAt - CLOCK_TOLERANCE) return "not_yet";
  return "genuine";
}

function read(content) {
  let values;
  try {
    values = readCbor(content);
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
  if (!Array.isArray(values) || values.length !== FIELDS.length) return null;
  if (!FIELDS.every(([, fits], place) => fits(values[place]))) return null;
  const receipt = Object.fromEntries(FIELDS.map(([name], place) => [name, values[place]]));
  return receipt.validUntil >= receipt.issuedAt ? receipt : null;
}
