/** The little of htmx that our scripts touch. It is loaded by its own script tag. */
export interface Htmx {
  config: Record<string, unknown>;
  process(root: Element): void;
}

export function htmx(): Htmx | undefined {
  return (window as unknown as { htmx?: Htmx }).htmx;
}
