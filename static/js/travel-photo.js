// Photographs are made small on the phone before they are sent, and lie here until the server has them.

import { shrunk } from "./photo-shrink.js";

const SMALL = { longest: 1600, enough: 400_000 };

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("travel", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function photos(mode, act) {
  const base = await open();
  try {
    return await new Promise((resolve, reject) => {
      const asked = act(base.transaction("photos", mode).objectStore("photos"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    base.close();
  }
}

const ofForm = (name) => IDBKeyRange.bound(`${name} `, `${name} \uffff`);

// [[field, photo]] of the form with this name; none where the browser keeps nothing.
export async function photosOf(name) {
  try {
    const keys = await photos("readonly", (all) => all.getAllKeys(ofForm(name)));
    const values = await photos("readonly", (all) => all.getAll(ofForm(name)));
    return keys.map((key, place) => [key.slice(name.length + 1), values[place]]);
  } catch {
    return [];
  }
}

export async function forgetPhotos(name) {
  try {
    await photos("readwrite", (all) => all.delete(ofForm(name)));
  } catch { /* nothing was kept */ }
}

// A photo is chosen: the small one takes its place in the form, and is kept until it was sent.
export async function take(input, name) {
  const [file] = input.files;
  if (!file) return;
  const small = await shrunk(file, SMALL);
  if (input.files[0] !== file) return;
  const list = new DataTransfer();
  list.items.add(small);
  input.files = list.files;
  if (!name) return;
  try {
    await photos("readwrite", (all) => all.put(small, `${name} ${input.name}`));
  } catch { /* no room: it goes with the form alone */ }
}
