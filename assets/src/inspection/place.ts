import { METRES_PER_DEGREE } from "./frame";
import type { Place } from "./types";

let last: { place: Place; at: number } | null = null;
let watching = false;
const STALE = 5 * 60_000;

/** Follows the device's position as long as the page is open; `moved` is called at each new one. */
export function follow(moved: () => void, failed: (words: string) => void): void {
  if (watching) return;
  if (!("geolocation" in navigator)) return failed("这台设备不能提供位置");
  watching = true;
  navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const place = { longitude: coords.longitude, latitude: coords.latitude, accuracy_m: coords.accuracy };
      last = { place, at: timestamp };
      moved();
    },
    (error) => failed(error.code === error.PERMISSION_DENIED ? "没有允许使用位置" : "暂时无法取得位置"),
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 },
  );
}

/** Where the device is; null when it has not said so within five minutes. */
export function here(): Place | null {
  return last && Date.now() - last.at < STALE ? last.place : null;
}

/** Metres in a straight line. */
export function metres(a: { longitude: number; latitude: number }, b: { longitude: number; latitude: number }): number {
  const squeeze = Math.cos((((a.latitude + b.latitude) / 2) * Math.PI) / 180);
  return Math.hypot((a.longitude - b.longitude) * squeeze, a.latitude - b.latitude) * METRES_PER_DEGREE;
}

export function lengthText(length: number): string {
  return length < 1000 ? `${Math.round(length)} 米` : `${(length / 1000).toFixed(1)} 公里`;
}
