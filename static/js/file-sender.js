// Files on their way: one after another, each with its own progress and end. A line that drops means trying again under
// the same key, so that a file comes once however often it was sent; a file that is refused stops no other.

const PAUSES = [1500, 3000, 6000, 12000, 20000];
const BUSY = new Set([0, 408, 429, 500, 502, 503, 504]);

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function post(address, body, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.timeout = 300_000;
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, body: request.response ?? {} });
    request.onerror = request.ontimeout = request.onabort = () => resolve({ status: 0, body: {} });
    request.send(body);
  });
}

// The beginning of a file that is gone reads as if it were empty, and so does its size; the whole of it does not.
function isReadable(file) {
  const [part, least] = file.size ? [file.slice(0, 1), 1] : [file, 0];
  return part.arrayBuffer().then((read) => read.byteLength === least, () => false);
}

const pause = (ms) => new Promise((resolve) => {
  const timer = setTimeout(done, ms);
  function done() {
    clearTimeout(timer);
    removeEventListener("online", done);
    resolve();
  }
  addEventListener("online", done);
});

export class Sender {
  // `show(entry)` draws the state of a file, `done(entry)` is called when it was answered, with the answer's `status`.
  // `limit` in bytes and `tooLarge`, what is said of a file beyond it, which is not sent at all; `unreadable`, what is
  // said of one that this device does not give out: a folder, or a file that was moved or changed after it was chosen.
  constructor({ address, token, show, done, limit = Infinity, tooLarge = "", unreadable = "" }) {
    Object.assign(this, { address, token, show, done, limit, tooLarge, unreadable, waiting: [], busy: false });
  }

  get left() {
    return this.waiting.length + (this.busy ? 1 : 0);
  }

  add(file, more = {}, prepare = async (same) => same, key = newKey()) {
    const entry = { file, more, prepare, key, state: "waiting", part: 0, said: "", status: 0 };
    this.waiting.push(entry);
    this.show(entry);
    this.#next();
    return entry;
  }

  async #next() {
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length) await this.#send(this.waiting.shift());
    this.busy = false;
  }

  async #send(entry) {
    const file = await entry.prepare(entry.file, entry.key);
    if (file.size > this.limit) return void this.#say(entry, "refused", this.tooLarge);
    for (let tries = 0; ; tries += 1) {
      if (!(await isReadable(file))) return void this.#say(entry, "refused", this.unreadable);
      this.#say(entry, tries ? "again" : "sending");
      const body = new FormData();
      body.set("csrfmiddlewaretoken", this.token());
      body.set("key", entry.key);
      for (const [name, value] of Object.entries(entry.more)) body.set(name, value);
      body.set("file", file, file.name);
      const answer = await post(this.address, body, (part) => {
        entry.part = part;
        this.show(entry);
      });
      if (!BUSY.has(answer.status)) return void this.#end(entry, answer);
      this.#say(entry, "again");
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
  }

  #say(entry, state, said = "") {
    Object.assign(entry, { state, said });
    this.show(entry);
  }

  #end(entry, answer) {
    const faults = answer.body?.violations ?? [];
    const said = faults.map((fault) => fault.sentence).join(" ");
    entry.status = answer.status;
    if (answer.status === 201) this.#say(entry, "done");
    else if (answer.status === 413) this.#say(entry, "refused", this.tooLarge);
    else this.#say(entry, "refused", said || `${answer.status}`);
    entry.answer = answer.body;
    this.done(entry);
  }
}

// A line of the list of what is on its way; `words` are those of the states.
export function lineOf(list, entry, words) {
  if (!entry.line) {
    entry.line = document.createElement("li");
    entry.line.innerHTML = "<span></span><b></b><progress max=1></progress>";
    entry.line.querySelector("span").textContent = entry.file.name;
    list.prepend(entry.line);
  }
  const [, said, bar] = entry.line.children;
  said.className = `is-${entry.state}`;
  said.textContent = entry.said || words[entry.state] || "";
  bar.value = entry.state === "done" ? 1 : entry.part;
  bar.hidden = entry.state === "done" || entry.state === "refused";
}
