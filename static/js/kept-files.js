// Files that a phone took by a link: kept on the device until they have arrived, beyond the end of the page and of the
// link. Each belongs to a `subject`; whoever opens a new link to the same subject sends what waits.

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(mode) {
  const opening = indexedDB.open("phone-photos", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "key" });
  return (await asked(opening)).transaction("waiting", mode).objectStore("waiting");
}

// A file under a key that is there already takes its place.
export async function keep({ key, subject, file }) {
  await asked((await store("readwrite")).put({ key, subject, file }));
}

export async function drop(key) {
  await asked((await store("readwrite")).delete(key));
}

export async function keptOf(subject) {
  const all = await asked((await store("readonly")).getAll());
  return all.filter((each) => each.subject === subject || each.page === window.location.pathname);
}
