/** A field with `data-autosubmit` sends its form as soon as it is changed. */
export function submitOnChange(): void {
  document.addEventListener("change", (event) => {
    const field = (event.target as Element).closest<HTMLSelectElement | HTMLInputElement>("[data-autosubmit]");
    field?.form?.requestSubmit();
  });
}
