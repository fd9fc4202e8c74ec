// Photographs are made small on the phone before they are sent, and lie here until the server has them.

const LONGEST = 1600;
const SMALL_ENOUGH = 400_000;
const QUALITY = 0.8;

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

// The photo as a JPEG of at most 1600 points; as it was where this browser cannot draw it.
async function shrunk(file) {
  if (file.size <= SMALL_ENOUGH && file.type === "image/jpeg") return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return made ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

// A photo is chosen: the small one takes its place in the form, and is kept until it was sent.
export async function take(input, name) {
  const [file] = input.files;
  if (!file) return;
  const small = await shrunk(file);
  if (input.files[0] !== file) return;
  const list = new DataTransfer();
  list.items.add(small);
  input.files = list.files;
  if (!name) return;
  try {
    await photos("readwrite", (all) => all.put(small, `${name} ${input.name}`));
  } catch { /* no room: it goes with the form alone */ }
}
