import { make } from "../shared/dom";

/** Asks before a form, button or link with `data-confirm="question"` acts, whether plain or by htmx. */
export function askBeforeActing(): void {
  document.addEventListener("submit", (event) => void onSubmit(event), true);
  document.addEventListener("click", (event) => void onClick(event), true);
  document.addEventListener("htmx:confirm", (event) => void onHtmx(event as CustomEvent));
}

const agreed = new WeakSet<Element>();

async function onSubmit(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const asking = event.submitter?.closest<HTMLElement>("[data-confirm]") ?? form.closest<HTMLElement>("[data-confirm]");
  if (!asking || isHtmx(form) || agreed.delete(form)) return;
  event.preventDefault();
  event.stopPropagation();
  if (!(await ask(asking))) return;
  agreed.add(form);
  form.requestSubmit(event.submitter);
}

async function onClick(event: MouseEvent): Promise<void> {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-confirm][href]");
  if (!link || isHtmx(link) || agreed.delete(link)) return;
  event.preventDefault();
  event.stopPropagation();
  if (!(await ask(link))) return;
  agreed.add(link);
  link.click();
}

async function onHtmx(event: CustomEvent): Promise<void> {
  const { elt, issueRequest, triggeringEvent } = event.detail as {
    elt: HTMLElement;
    issueRequest(confirmed: boolean): void;
    triggeringEvent?: SubmitEvent;
  };
  const asking = triggeringEvent?.submitter?.closest<HTMLElement>("[data-confirm]") ?? elt;
  if (!asking.dataset["confirm"]) return;
  event.preventDefault();
  if (await ask(asking)) issueRequest(true);
}

function isHtmx(element: Element): boolean {
  return element.matches("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]");
}

/** The question, with `data-confirm-yes` on the button that acts and `data-confirm-danger` to make it red. */
function ask(asking: HTMLElement): Promise<boolean> {
  const dialog = make("dialog", "mh-dialog");
  dialog.setAttribute("aria-label", "请确认");
  const form = make("form");
  form.method = "dialog";
  const buttons = make("div", "d-flex gap-2 justify-content-end mt-4");
  const danger = asking.dataset["confirmDanger"] !== undefined;
  const yes = answer(asking.dataset["confirmYes"] ?? "确定", danger ? "btn btn-danger" : "btn btn-primary", "yes");
  const no = answer("取消", "btn", "no");
  no.autofocus = danger;
  yes.autofocus = !danger;
  buttons.append(no, yes);
  form.append(make("p", "mb-0 mh-dialog-text", asking.dataset["confirm"]), buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      asking.focus();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function answer(text: string, className: string, value: string): HTMLButtonElement {
  const button = make("button", className, text);
  button.value = value;
  return button;
}
