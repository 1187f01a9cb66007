import type { Feature, FeatureCollection, Geometry, Polygon, Position } from "geojson";

/** west, south, east, north in degrees. */
export type Bounds = [number, number, number, number];

/** All polygons of a geometry, the members of collections included. */
export function polygonsOf(geometry: Geometry | null): Polygon["coordinates"][] {
  switch (geometry?.type) {
    case "Polygon":
      return [geometry.coordinates];
    case "MultiPolygon":
      return geometry.coordinates;
    case "GeometryCollection":
      return geometry.geometries.flatMap(polygonsOf);
    default:
      return [];
  }
}

export function boundsOf(features: Feature[]): Bounds | null {
  let bounds: Bounds | null = null;
  for (const feature of features) {
    for (const [lon, lat] of polygonsOf(feature.geometry).flat(2) as [number, number][]) {
      bounds = bounds
        ? [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)]
        : [lon, lat, lon, lat];
    }
  }
  return bounds;
}

/**
 * Where the name of an area is written: its centroid, or, when that falls outside,
 * the middle of the widest stretch inside on the centroid's latitude.
 */
export function labelPoint(geometry: Geometry | null): Position | null {
  const largest = polygonsOf(geometry)
    .map((rings) => ({ rings, ...centroid(rings[0] ?? []) }))
    .sort((a, b) => b.area - a.area)[0];
  if (!largest || largest.area === 0) return null;
  const stretches = stretchesInside(largest.rings, largest.y);
  const holding = stretches.find(([from, to]) => from <= largest.x && largest.x <= to);
  if (holding) return [largest.x, largest.y];
  const widest = stretches.sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0];
  return widest ? [(widest[0] + widest[1]) / 2, largest.y] : [largest.x, largest.y];
}

/** One point feature for each area, carrying the area's properties. */
export function labelPoints(areas: FeatureCollection): FeatureCollection {
  const features = areas.features.flatMap((area): Feature[] => {
    const at = labelPoint(area.geometry);
    return at ? [{ type: "Feature", properties: area.properties, geometry: { type: "Point", coordinates: at } }] : [];
  });
  return { type: "FeatureCollection", features };
}

function centroid(ring: Position[]): { x: number; y: number; area: number } {
  const [x0, y0] = (ring[0] ?? [0, 0]) as [number, number];
  let twice = 0;
  let x = 0;
  let y = 0;
  // Relative to the first corner: the products of full coordinates lose the digits that matter.
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = [ring[i]![0]! - x0, ring[i]![1]! - y0];
    const [bx, by] = [ring[i + 1]![0]! - x0, ring[i + 1]![1]! - y0];
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  if (twice === 0) return { x: x0, y: y0, area: 0 };
  return { x: x0 + x / (3 * twice), y: y0 + y / (3 * twice), area: Math.abs(twice) / 2 };
}

function stretchesInside(rings: Position[][], latitude: number): [number, number][] {
  const crossings = rings
    .flatMap((ring) => ring.slice(1).flatMap((to, i) => crossing(ring[i]!, to, latitude)))
    .sort((a, b) => a - b);
  const stretches: [number, number][] = [];
  for (let i = 0; i + 1 < crossings.length; i += 2) stretches.push([crossings[i]!, crossings[i + 1]!]);
  return stretches;
}

function crossing(from: Position, to: Position, latitude: number): number[] {
  const [ax, ay] = from as [number, number];
  const [bx, by] = to as [number, number];
  if (ay > latitude === by > latitude) return [];
  return [ax + ((latitude - ay) / (by - ay)) * (bx - ax)];
}
