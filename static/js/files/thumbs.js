// A small picture of a file that is about to be sent, and how large the whole is.

const LONGEST = 480; // pixels

/** {thumb: a data address, width, height}; nothing of what this browser cannot show. */
export async function smallPicture(blob) {
  if (!blob.type.startsWith("image/") || blob.type === "image/svg+xml") return {};
  try {
    const image = await createImageBitmap(blob);
    const { width, height } = image;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return { thumb: canvas.toDataURL("image/webp", 0.7), width, height };
  } catch {
    return {};
  }
}
