// Acts of an officer that wait on this phone: kept in its database, sent one after another, each under its own key.
// The server does a key once and answers it the same ever after, so that sending again is never wrong.

const NAME = "border-acts";
const STORE = "acts";
const WAIT = 15_000;
export const WAITING = "waiting";
export const DONE = "done";
export const REFUSED = "refused";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function database() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
  return asked(opening);
}

async function store(mode) {
  return (await database()).transaction(STORE, mode).objectStore(STORE);
}

export async function all() {
  const acts = await asked((await store("readonly")).getAll());
  return acts.sort((one, other) => one.at - other.at);
}

export async function keep(act) {
  await asked((await store("readwrite")).put(act));
}

export async function forget(key) {
  await asked((await store("readwrite")).delete(key));
}

async function freshToken() {
  const page = await fetch("/travellers/scan/", { redirect: "manual", signal: AbortSignal.timeout(WAIT) });
  if (!page.ok) return null;
  const read = new DOMParser().parseFromString(await page.text(), "text/html");
  return read.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? null;
}

function post(act, token) {
  const body = new URLSearchParams(act.fields);
  body.set("key", act.key);
  body.set("told_at", String(Math.floor(act.at / 1000)));
  return fetch(act.url, {
    method: "POST",
    body,
    headers: { Accept: "application/json", "X-CSRFToken": token },
    redirect: "manual",
    signal: AbortSignal.timeout(WAIT),
  });
}

// What became of one act: "line" (no line, or the server is busy), "signIn", or the act with its answer.
async function sendOne(act, token) {
  let answer;
  try {
    answer = await post(act, token);
    if (answer.status === 403) {
      const fresh = await freshToken();
      if (!fresh) return "signIn";
      answer = await post(act, fresh);
    }
  } catch {
    return "line";
  }
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signIn";
  if (answer.status >= 500 || answer.status === 429) return "line";
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const said = isJson ? await answer.json() : { done: false, violations: [], sentence: "", status: answer.status };
  return { ...act, state: said.done ? DONE : REFUSED, answer: said };
}

// Send what waits of this officer, in order. Returns the acts that were answered and why it stopped, if it did.
export async function send({ officer, token }) {
  const answered = [];
  const work = async () => {
    for (const act of await all()) {
      if (act.state !== WAITING || act.officer !== officer) continue;
      const sent = await sendOne(act, token);
      if (typeof sent === "string") return { answered, stopped: sent };
      await keep(sent);
      answered.push(sent);
    }
    return { answered, stopped: "" };
  };
  return navigator.locks ? navigator.locks.request(NAME, work) : work();
}
