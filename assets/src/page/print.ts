/** `data-mh-print` on a button sends the page to the printer. */
export function printOnDemand(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-mh-print]")) window.print();
  });
}
