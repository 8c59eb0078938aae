import { DecoderMissing, type QrDecoder, qrDecoder } from "../scan/decode.ts";

/** Pictures are brought to at most this many pixels a side: no printed code needs more. */
const LARGEST = 4096;

/** An SVG says its own size, or none. */
const SVG_SIDE = 1200;

async function bitmapOfSvg(svg: Blob): Promise<ImageBitmap> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = SVG_SIDE / Math.max(width, height, 1);
    image.width = Math.round((width || 1) * scale);
    image.height = Math.round((height || 1) * scale);
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await createImageBitmap(canvas);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The picture with its sides times `scale`, turned by `degrees`, on white. */
async function drawn(image: ImageBitmap, scale: number, degrees: number): Promise<ImageBitmap> {
  const [width, height] = [image.width * scale, image.height * scale];
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * cos + height * sin));
  canvas.height = Math.max(1, Math.round(width * sin + height * cos));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(angle);
  context.drawImage(image, -width / 2, -height / 2, width, height);
  return createImageBitmap(canvas);
}

/** Which ways a picture is looked at, the likeliest first: as it is, smaller, larger, turned. */
export function attempts(width: number, height: number): { scale: number; degrees: number }[] {
  const longest = Math.max(width, height, 1);
  const whole = Math.min(1, LARGEST / longest);
  const ways = [{ scale: whole, degrees: 0 }];
  for (const side of [2000, 1200, 700]) {
    if (longest > side * 1.2) ways.push({ scale: side / longest, degrees: 0 });
  }
  if (longest < 1000) ways.push({ scale: 2, degrees: 0 }, { scale: 4, degrees: 0 });
  const turned = Math.min(whole, 1600 / longest);
  return [...ways, { scale: turned, degrees: 45 }, { scale: turned, degrees: 20 }];
}

async function codesIn(decoder: QrDecoder, image: ImageBitmap): Promise<readonly string[]> {
  for (const { scale, degrees } of attempts(image.width, image.height)) {
    const way = await drawn(image, scale, degrees);
    try {
      const texts = await decoder.decode(way);
      if (texts.length > 0) return texts;
    } finally {
      way.close();
    }
  }
  return [];
}

/** The texts of QR codes in a picture. "unreadable": this browser cannot open it, or read codes. */
export async function codesInImage(
  file: Blob,
  svg: boolean,
): Promise<readonly string[] | "unreadable"> {
  let image: ImageBitmap;
  try {
    image = svg
      ? await bitmapOfSvg(new Blob([file], { type: "image/svg+xml" }))
      : await createImageBitmap(file);
  } catch {
    return "unreadable";
  }
  const decoder = await qrDecoder();
  try {
    return await codesIn(decoder, image);
  } catch (error) {
    if (error instanceof DecoderMissing) return "unreadable";
    throw error;
  } finally {
    decoder.close();
    image.close();
  }
}
