// Signatures of Ed25519: by the browser itself where it can, else by the bundled library, which needs no SHA-512 of the
// browser either. Both are strict in the same way: one signature for each key and content, as the server checks it.

const PUBLIC_BYTES = 32;
const SIGNATURE_BYTES = 64;
// The base point of the curve, which is a public key as good as any, to ask whether the browser knows the algorithm.
const SOME_KEY = new Uint8Array(PUBLIC_BYTES).fill(0x66, 1);
SOME_KEY[0] = 0x58;

export async function byBrowser() {
  try {
    await crypto.subtle.importKey("raw", SOME_KEY, "Ed25519", false, ["verify"]);
  } catch {
    return null;
  }
  return {
    name: "browser",
    async fits(signature, content, publicKey) {
      if (signature.length !== SIGNATURE_BYTES || publicKey.length !== PUBLIC_BYTES) return false;
      try {
        const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
        return await crypto.subtle.verify("Ed25519", key, signature, content);
      } catch {
        return false;
      }
    },
  };
}

export async function byLibrary() {
  const [noble, { sha512 }] = await Promise.all([
    import("./vendor/noble-ed25519-3.2.0/index.js"),
    import("./vendor/noble-hashes-2.4.0/sha2.js"),
  ]);
  noble.hashes.sha512 = sha512;
  return {
    name: "library",
    async fits(signature, content, publicKey) {
      if (signature.length !== SIGNATURE_BYTES || publicKey.length !== PUBLIC_BYTES) return false;
      try {
        return noble.verify(signature, content, publicKey, { zip215: false });
      } catch {
        return false;
      }
    },
  };
}

export async function signatures() {
  return (await byBrowser()) ?? byLibrary();
}
