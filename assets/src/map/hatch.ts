const SIZE = 16;
const DARK = [60, 0, 20, 150] as const;

/** Diagonal strokes that join at the edges: flagged land is told without its colour, too. */
export function hatchImage(): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      if ((x + y) % SIZE < 2) data.set(DARK, (y * SIZE + x) * 4);
    }
  }
  return { width: SIZE, height: SIZE, data };
}
