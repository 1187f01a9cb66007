import { make } from "../shared/dom";
import { prepare } from "./camera";
import { newId } from "./identity";
import { here } from "./place";
import type { Photo } from "./types";

/** What the server takes of one visit. */
export const MOST_PHOTOS = 30;

/** A button that opens the camera. */
export function shutter(id: string, words: string, taken: (input: HTMLInputElement) => void): HTMLElement {
  const label = make("label", "btn btn-sm", words);
  const input = make("input", "visually-hidden");
  input.type = "file";
  input.accept = "image/*";
  input.setAttribute("capture", "environment");
  input.multiple = true;
  input.id = id;
  input.addEventListener("change", () => taken(input));
  label.append(input);
  return label;
}

/** The photo as it is kept on this phone, with time and place. */
export async function shot(file: File, of: Pick<Photo, "visit" | "task" | "account" | "item">): Promise<Photo> {
  const made = { device_at: new Date().toISOString(), position: here(), blob: await prepare(file) };
  return { id: newId(), ...of, sent: false, ...made };
}

/** Why a photo was not kept. */
export function complaintOf(failure: unknown): string {
  if (failure instanceof DOMException && failure.name === "QuotaExceededError") return "手机存储空间不足，照片没有保存";
  return failure instanceof Error ? failure.message : "照片没有保存";
}

/** The photos of a strip, in place of those that were there. */
export function drawStrip(strip: HTMLElement, photos: Photo[], drop: (photo: Photo) => void): void {
  for (const old of strip.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  strip.replaceChildren(...photos.map((photo) => thumbnail(photo, drop)));
}

function thumbnail(photo: Photo, drop: (photo: Photo) => void): HTMLElement {
  const figure = make("figure", "mh-photo");
  const picture = make("img");
  picture.src = URL.createObjectURL(photo.blob);
  picture.alt = "现场照片";
  const place = photo.position ? `${photo.position.longitude.toFixed(5)}，${photo.position.latitude.toFixed(5)}` : "无位置";
  const time = new Date(photo.device_at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const button = make("button", "btn-close", "");
  button.type = "button";
  button.setAttribute("aria-label", "删除照片");
  button.addEventListener("click", () => drop(photo));
  figure.append(picture, button, make("figcaption", "", `${time} ${place}`));
  return figure;
}
