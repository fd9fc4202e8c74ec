// A photograph made small before it is sent: a JPEG; as it was where this browser cannot draw it.

export async function shrunk(file, { longest, enough, quality = 0.8, name = "photo.jpg" }) {
  if (file.size <= enough && file.type === "image/jpeg") return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    return made ? new File([made], name, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}
