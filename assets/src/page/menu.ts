/**
 * Opens and folds what a button with `data-mh-toggle="#id"` names, by the class `show`.
 * With `data-mh-menu` it is a menu: Escape, a click elsewhere, or leaving it by Tab folds it again.
 */
export function openMenus(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-mh-toggle]");
    foldMenus((open) => open !== button && !targetOf(open)?.contains(event.target as Node));
    if (!button) return;
    event.preventDefault();
    setOpen(button, button.getAttribute("aria-expanded") !== "true");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") foldMenus(() => true, true);
  });
  document.addEventListener("focusin", (event) => {
    const entered = event.target as Node;
    foldMenus((open) => !open.contains(entered) && !targetOf(open)?.contains(entered));
  });
}

function foldMenus(which: (button: HTMLElement) => boolean, focus = false): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-mh-menu][aria-expanded='true']")) {
    if (!which(button)) continue;
    setOpen(button, false);
    if (focus) button.focus();
  }
}

function setOpen(button: HTMLElement, open: boolean): void {
  button.setAttribute("aria-expanded", String(open));
  targetOf(button)?.classList.toggle("show", open);
}

function targetOf(button: HTMLElement): HTMLElement | null {
  return document.querySelector(button.dataset["mhToggle"] ?? "");
}
