// Reads QR codes: by the browser's own detector where it has one, else by the bundled library.

const LONGEST_SIDE = 1600;

export async function byBrowser() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

export async function byLibrary() {
  const library = await import("./vendor/qr-0.7.0/decode.js");
  return new library.BarcodeDetector({ formats: ["qr_code"] });
}

let reader = null;

async function detector() {
  reader ??= (await byBrowser()) ?? (await byLibrary());
  return reader;
}

// The text of the first QR code in a picture (canvas, video, bitmap); empty if there is none.
export async function readPicture(picture) {
  const [found] = await (await detector()).detect(picture);
  return found?.rawValue ?? "";
}

// The text in a photo of any size, which is looked at as a whole in a smaller copy. Throws if it is no picture.
export async function readFile(file) {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(whole.width * scale));
  canvas.height = Math.max(1, Math.round(whole.height * scale));
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  return readPicture(canvas);
}
