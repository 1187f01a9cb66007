import { change, DATABASE, readAll } from "../inspection/database";

const SIGN_OUT = "form[action='/sign-out']";

/** Who signs out with results that only this device has is told so; tasks that were taken along are taken away. */
export function mindOutbox(): void {
  const form = document.querySelector<HTMLFormElement>(SIGN_OUT);
  if (!form || !("indexedDB" in window)) return;
  void warn(form);
  let cleared = false;
  form.addEventListener("submit", (event) => {
    if (cleared || event.defaultPrevented) return;
    event.preventDefault();
    void forgetTasks().finally(() => {
      cleared = true;
      form.submit();
    });
  });
}

async function hasStore(): Promise<boolean> {
  const known = (await indexedDB.databases?.()) ?? [];
  return known.some(({ name }) => name === DATABASE);
}

async function warn(form: HTMLFormElement): Promise<void> {
  if (!(await hasStore())) return;
  const unsent = (await readAll("results")).filter((result) => result.state !== "conflict").length;
  const drafts = (await readAll("drafts")).length;
  if (unsent + drafts === 0) return;
  const what = [unsent ? `${unsent} 条未发送的检查结果` : "", drafts ? `${drafts} 份未完成的检查表` : ""].filter(Boolean).join("和");
  form.dataset["confirm"] = `本机还有${what}。退出后它们仍保存在本机，须由您本人再次登录后发送。仍要退出吗？`;
  form.dataset["confirmYes"] = "退出";
  form.dataset["confirmDanger"] = "";
}

/** Not the outbox: only what the next person on this device should not read. */
async function forgetTasks(): Promise<void> {
  if (!(await hasStore())) return;
  await change(["pack"], (of) => void of("pack").clear());
}
