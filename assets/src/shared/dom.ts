/** The element with this id; a missing one is a mistake in the template and is said so. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page lacks #${id}`);
  return found as T;
}

/** Reads `<script type="application/json" id=…>`; null when the page has none. */
export function readJson<T>(selector: string): T | null {
  const holder = document.querySelector(selector);
  return holder?.textContent ? (JSON.parse(holder.textContent) as T) : null;
}

/** A new element with text and classes; text is never read as markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
