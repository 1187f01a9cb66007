import { metres } from "./place";

export interface Spot {
  longitude: number | null;
  latitude: number | null;
}

type Placed<T> = T & { longitude: number; latitude: number };

/**
 * An order to visit by: always the nearest that is left, from `start` or else from the first.
 * Straight lines, not roads. What has no place comes last, in its own order.
 */
export function nearestFirst<T extends Spot>(spots: T[], start: { longitude: number; latitude: number } | null): { order: T[]; length: number } {
  const left = spots.filter(isPlaced);
  const order: T[] = [];
  let length = 0;
  let at = start ?? left[0] ?? null;
  while (left.length > 0 && at) {
    const from = at;
    const distances = left.map((spot) => metres(from, spot));
    const nearest = distances.indexOf(Math.min(...distances));
    length += distances[nearest]!;
    const next = left.splice(nearest, 1)[0]!;
    order.push(next);
    at = next;
  }
  return { order: [...order, ...spots.filter((spot) => !isPlaced(spot))], length };
}

export function isPlaced<T extends Spot>(spot: T): spot is Placed<T> {
  return spot.longitude !== null && spot.latitude !== null;
}
