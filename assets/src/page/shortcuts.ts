const TYPING = "input:not([type=radio], [type=checkbox], [type=submit]), textarea, [contenteditable], dialog";

/** `/` goes to the search field of the page (`data-search`), except while something is being typed. */
export function listenToShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if ((event.target as Element).closest(TYPING)) return;
    const field = visibleSearch();
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

function visibleSearch(): HTMLInputElement | undefined {
  const fields = document.querySelectorAll<HTMLInputElement>("input[data-search]");
  return Array.from(fields).find((field) => field.getClientRects().length > 0);
}
