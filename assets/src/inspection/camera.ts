/** What the server takes at most is 16 MB; a little less leaves room. */
const LARGEST = 15 * 1024 * 1024;
const LONGEST_SIDE = 2048;

/**
 * The photo as it will be sent. A JPEG stays as the camera made it, so that the server can read place and time before it
 * strips them; anything else the browser can show becomes a JPEG here.
 */
export async function prepare(file: File): Promise<Blob> {
  // A copy: some phones take the file behind the reference away.
  const bytes = await file.arrayBuffer();
  const head = new Uint8Array(bytes, 0, Math.min(3, bytes.byteLength));
  const isJpeg = head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
  const blob = new Blob([bytes], { type: isJpeg ? "image/jpeg" : file.type });
  return isJpeg && blob.size <= LARGEST ? blob : redrawn(blob);
}

async function redrawn(blob: Blob): Promise<Blob> {
  const picture = await createImageBitmap(blob).catch(() => null);
  if (!picture) throw new Error("无法读取这张照片，请用相机重新拍摄");
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  if (!made) throw new Error("无法保存这张照片，请用相机重新拍摄");
  return made;
}
