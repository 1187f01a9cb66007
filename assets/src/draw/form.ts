/** What the application's form does besides what htmx does: parts that belong to a choice, rows of floors, found values. */
export function listenToApplicationForm(): void {
  for (const choice of document.querySelectorAll<HTMLSelectElement>("select[data-mh-shows]")) {
    showWhatBelongs(choice);
    choice.addEventListener("change", () => showWhatBelongs(choice));
  }
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const adding = target.closest<HTMLElement>("[data-mh-add]");
    if (adding) addRow(adding);
    const filling = target.closest<HTMLElement>("[data-mh-fill]");
    if (filling) fill(filling);
  });
}

/** A part of another choice is hidden; what was typed into it stays. */
function showWhatBelongs(choice: HTMLSelectElement): void {
  for (const part of document.querySelectorAll<HTMLElement>(`[data-mh-for="${choice.id}"]`)) {
    part.hidden = !(part.dataset["mhWhen"] ?? "").split(" ").includes(choice.value);
  }
}

function addRow(button: HTMLElement): void {
  const body = document.querySelector(button.dataset["mhAdd"] ?? "");
  const blank = body?.querySelector<HTMLElement>("[data-mh-blank]");
  if (!body || !blank) return;
  const row = blank.cloneNode(true) as HTMLElement;
  row.removeAttribute("data-mh-blank");
  for (const field of row.querySelectorAll("input")) field.value = "";
  body.append(row);
  row.querySelector("input")?.focus();
}

function fill(button: HTMLElement): void {
  const field = document.querySelector<HTMLInputElement>(button.dataset["mhFill"] ?? "");
  if (!field) return;
  field.value = button.dataset["value"] ?? "";
  // The check listens to the form, not to the script.
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const list = button.closest(".list-group");
  const hint = list?.previousElementSibling;
  if (list) list.replaceChildren();
  if (hint?.classList.contains("form-hint")) hint.textContent = button.textContent?.trim() ?? "";
  field.focus();
}
