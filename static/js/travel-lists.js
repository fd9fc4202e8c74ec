// What a phone has heard from the portal: the public keys, and the receipts that were used or revoked. Both come
// signed, are kept in the browser's cache, and are checked again each time they are read from there.
//
// Kept are the keys, one whole list, and what came since that list; a new whole one is fetched when it is a day old.

import { HEAD_BYTES, KEY_ID_BYTES, NotCanonical, fits, hex, isGenuine, readCbor } from "./signed-cbor.js";

const KEYS_PURPOSE = "customs-portal travel keys 1";
const LIST_PURPOSE = "customs-portal travel list 1";
const CACHE = "travel-lists";
const LARGEST = 4 * 1024 * 1024;
const ID_BYTES = 8;
const DAY = 24 * 60 * 60;
const WAIT = 10_000;

export class NotTrusted extends Error {}

export const nothingHeard = () => ({
  keys: new Map(), keysAt: 0, used: new Set(), revoked: new Set(), listAt: 0, wholeAt: 0,
});

// The keys of a signed list. One of the keys that the phone trusts must have signed it; the first list is trusted since
// it came from the portal itself.
export async function readKeys(bytes, { trusted, signatures }) {
  const [content, signed] = shaped(bytes, (value) => Array.isArray(value) && value.length === 2);
  const [version, at, rows] = shaped(content, (value) => Array.isArray(value) && value.length === 3);
  if (version !== 1) throw new NotTrusted("version");
  const listed = new Map(rows.map(([id, publicKey, signsFrom, signsUntil, withdrawnAt]) =>
    [hex(id), { publicKey, signsFrom, signsUntil, withdrawnAt }]));
  const judges = trusted.size ? trusted : listed;
  for (const [id, signature] of signed) {
    const key = judges.get(hex(id));
    if (!key || key.withdrawnAt) continue;
    const { publicKey } = key;
    if (await fits(content, { key: id, signature, purpose: KEYS_PURPOSE, publicKey, signatures })) {
      return { keys: listed, at };
    }
  }
  throw new NotTrusted("keys");
}

// The list of what was withdrawn since an instant (0: whole), signed by a key that is known and not withdrawn.
export async function readList(bytes, { keys, signatures }) {
  if (bytes.length <= HEAD_BYTES || bytes.length > LARGEST) throw new NotTrusted("size");
  const key = keys.get(hex(bytes.subarray(0, KEY_ID_BYTES)));
  if (!key || key.withdrawnAt) throw new NotTrusted("key");
  const { publicKey } = key;
  if (!(await isGenuine(bytes, { purpose: LIST_PURPOSE, publicKey, signatures }))) throw new NotTrusted("signature");
  const content = bytes.subarray(HEAD_BYTES);
  const [version, at, since, used, revoked] = shaped(content, (value) => Array.isArray(value) && value.length === 5);
  if (version !== 1) throw new NotTrusted("version");
  return { at, since, used: ids(used), revoked: ids(revoked) };
}

function shaped(bytes, hasShape) {
  if (!(bytes instanceof Uint8Array) || bytes.length > LARGEST) throw new NotTrusted("size");
  try {
    const value = readCbor(bytes);
    if (hasShape(value)) return value;
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
  }
  throw new NotTrusted("content");
}

function ids(bytes) {
  const found = new Set();
  for (let place = 0; place < bytes.length; place += ID_BYTES) found.add(hex(bytes.subarray(place, place + ID_BYTES)));
  return found;
}

// What is kept --------------------------------------------------------------------------------------------------

// Without a secure connection a browser keeps nothing; then it is heard anew each time.
const kept = () => (globalThis.caches ? caches.open(CACHE) : null);

async function read(address) {
  const found = await (await kept())?.match(address);
  return found ? new Uint8Array(await found.arrayBuffer()) : null;
}

async function keep(address, bytes) {
  await (await kept())?.put(address, new Response(bytes));
}

export async function forget() {
  if (globalThis.caches) await caches.delete(CACHE);
}

const sinceOf = (address) => `${address}?since`;

// What the phone knows without a line.
export async function remembered({ keysAddress, listAddress, signatures }) {
  const heard = nothingHeard();
  try {
    const bytes = await read(keysAddress);
    if (bytes) takeKeys(heard, await readKeys(bytes, { trusted: new Map(), signatures }));
    for (const address of [listAddress, sinceOf(listAddress)]) {
      const list = await read(address);
      if (list) takeList(heard, await readList(list, { keys: heard.keys, signatures }));
    }
  } catch (error) {
    if (!(error instanceof NotTrusted)) throw error;
  }
  return heard;
}

function takeKeys(heard, { keys, at }) {
  heard.keys = keys;
  heard.keysAt = at;
}

function takeList(heard, list) {
  if (list.since === 0) Object.assign(heard, { used: new Set(), revoked: new Set(), wholeAt: list.at });
  else if (list.since !== heard.wholeAt) return;
  for (const id of list.used) heard.used.add(id);
  for (const id of list.revoked) heard.revoked.add(id);
  heard.listAt = list.at;
}

// Ask the portal, keep what it says and return what is known now. Throws when there is no line, or NotTrusted.
export async function hear(held, { keysAddress, listAddress, signatures, at }) {
  const heard = { ...held, used: new Set(held.used), revoked: new Set(held.revoked) };
  const keysBytes = await fetched(keysAddress);
  const keys = await readKeys(keysBytes, { trusted: held.keys, signatures });
  if (keys.at < held.keysAt) throw new NotTrusted("older keys");
  takeKeys(heard, keys);
  const isFresh = held.wholeAt && at - held.wholeAt < DAY;
  const listBytes = await fetched(isFresh ? `${listAddress}?since=${held.wholeAt}` : listAddress);
  const list = await readList(listBytes, { keys: heard.keys, signatures });
  if (list.since !== (isFresh ? held.wholeAt : 0) || list.at < held.listAt) throw new NotTrusted("another list");
  takeList(heard, list);
  await keep(keysAddress, keysBytes);
  await keep(isFresh ? sinceOf(listAddress) : listAddress, listBytes);
  return heard;
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(WAIT) });
  if (!answer.ok) throw new Error(answer.statusText);
  return new Uint8Array(await answer.arrayBuffer());
}
