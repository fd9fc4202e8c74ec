// The page that scans: a QR code from the camera or a photo goes where a typed code goes.

import { readFile, readPicture } from "./qr-reader.js";

const LOOK_EVERY = 150;
const root = document.querySelector("[data-scan]");
const video = root.querySelector("[data-video]");
const said = root.querySelector("[data-said]");
const form = root.querySelector("[data-find]");
const start = root.querySelector("[data-camera-start]");
const photo = root.querySelector("[data-photo]");
const withoutLine = root.querySelector("[data-offline]");
const unseen = root.querySelector("[data-unseen]");

function found(text) {
  if (navigator.onLine === false) {
    unseen.value = text;
    unseen.focus();
    return;
  }
  form.elements.text.value = text;
  form.requestSubmit();
}

async function watch(stream) {
  const text = video.readyState >= 2 ? await readPicture(video).catch(() => "") : "";
  if (!text) {
    setTimeout(() => watch(stream), LOOK_EVERY);
    return;
  }
  for (const track of stream.getTracks()) track.stop();
  video.hidden = true;
  found(text);
}

async function openCamera() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    watch(stream);
  } catch {
    said.textContent = root.dataset.camera;
  }
}

async function readPhoto(file) {
  const text = file ? await readFile(file).catch(() => "") : "";
  if (text) found(text);
  else said.textContent = root.dataset.none;
}

function showLine() {
  withoutLine.hidden = navigator.onLine !== false;
}

photo.hidden = false;
photo.querySelector("input").addEventListener("change", (event) => readPhoto(event.target.files[0]));
if (navigator.mediaDevices?.getUserMedia) {
  start.hidden = false;
  start.addEventListener("click", openCamera);
}
addEventListener("online", showLine);
addEventListener("offline", showLine);
showLine();
