/** Colours of the grades, apart also for colour-blind readers; in grey the patterns tell them. */
const GRADES: Record<string, string> = { A: "#14508c", B: "#6aa7d4", C: "#f0c674", D: "#b3471b" };
const OTHER = "#9aa1ad";

/** Of `A`, or of a node such as `2023 A`. */
export function colourOf(name: string): string {
  return GRADES[name.split(" ").pop() ?? name] ?? OTHER;
}
