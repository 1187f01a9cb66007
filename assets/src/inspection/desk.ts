import { byId } from "../shared/dom";
import { boardOf } from "./board";
import { put, read } from "./database";
import { Form } from "./form";
import { showNetwork } from "./network";
import { resultsOf, resultsOfOthers, sendAll, type Halt, type Progress } from "./outbox";
import { follow } from "./place";
import { drawTray } from "./tray";
import type { Pack } from "./types";

const EVERY = 60_000;
const ANSWER_WITHIN = 15_000;

/** The phone's page: tasks, form and outbox, with and without a connection. */
export class Desk {
  private pack: Pack | null = null;
  private form: Form | null = null;
  private progress: Progress | null = null;
  private sending = false;

  async open(): Promise<void> {
    this.pack = (await read("pack", "current")) ?? null;
    window.addEventListener("hashchange", () => void this.show());
    window.addEventListener("online", () => void this.refresh());
    window.addEventListener("offline", () => this.network("offline"));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.refresh();
    });
    setInterval(() => void this.refresh(), EVERY);
    byId("field-back").addEventListener("click", (event) => this.back(event));
    // Without it a browser may throw the outbox away when the phone is full.
    void navigator.storage?.persist?.();
    follow(
      () => this.moved(),
      (words) => (byId("field").dataset["place"] = words),
    );
    if (this.pack) await this.show();
    await this.refresh();
    if (!this.pack) await this.show();
  }

  /** Sends what waits, then takes the newest tasks along. */
  async refresh(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let halt: Halt = "server";
    try {
      halt = this.pack ? await sendAll(this.pack.account, (progress) => void this.tell(progress)) : null;
      halt ??= await this.fetchPack();
    } finally {
      this.sending = false;
      this.progress = null;
      this.network(halt);
      await this.drawOutbox();
    }
    if (halt === null && !this.form) await this.show();
  }

  private async fetchPack(): Promise<Halt> {
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN);
      answer = await fetch("/api/v1/inspections/field", { headers: { accept: "application/json" }, signal });
    } catch {
      return "offline";
    }
    if (answer.status === 401) return "signed_out";
    if (!answer.ok) return "server";
    const earlier = this.pack?.account;
    this.pack = { ...((await answer.json()) as Omit<Pack, "fetched_at">), fetched_at: new Date().toISOString() };
    await put("pack", this.pack, "current");
    document.body.dataset["fieldPack"] = "true";
    // Another person has signed in on this phone: what they left here goes out now.
    return earlier === this.pack.account ? null : sendAll(this.pack.account, (progress) => void this.tell(progress));
  }

  private async tell(progress: Progress): Promise<void> {
    this.progress = progress;
    await this.drawOutbox();
  }

  private network(halt: Halt): void {
    showNetwork(halt, "/inspections/field");
  }

  private async drawOutbox(): Promise<void> {
    if (!this.pack) return;
    const [own, others] = [await resultsOf(this.pack.account), await resultsOfOthers(this.pack.account)];
    const answers = { send: () => void this.refresh(), changed: (task?: string) => void this.changed(task) };
    drawTray(byId("field-outbox"), own, others, this.progress, answers);
    window.dispatchEvent(new Event("muheng-outbox"));
  }

  private async changed(task?: string): Promise<void> {
    await this.drawOutbox();
    if (task) location.hash = task;
    else if (!this.form) await this.show();
  }

  /** The list, or the form of the task that the address names. */
  private async show(): Promise<void> {
    const view = byId("field-view");
    this.form = null;
    if (!this.pack) {
      view.textContent = "还没有取得任务。请在有网络的地方打开一次本页。";
      return;
    }
    const task = this.pack.tasks.find((each) => each.id === location.hash.slice(1));
    const opened = task ? await Form.open(this.pack, task, () => void this.saved()) : null;
    byId("field-title").textContent = task ? task.stage_name : "现场检查";
    if (opened) {
      this.form = opened.form;
      view.replaceChildren(opened.view);
      window.scrollTo(0, 0);
    } else view.replaceChildren(boardOf(this.pack, await resultsOf(this.pack.account)));
    await this.drawOutbox();
  }

  private async saved(): Promise<void> {
    this.form = null;
    location.hash = "";
    await this.drawOutbox();
    await this.refresh();
  }

  private moved(): void {
    delete byId("field").dataset["place"];
    if (this.form) this.form.moved();
  }

  private back(event: Event): void {
    if (location.hash.slice(1)) {
      event.preventDefault();
      location.hash = "";
    } else if (byId("field-network").dataset["halt"] === "offline") {
      event.preventDefault();
      byId("field-message").hidden = false;
      byId("field-message").textContent = "没有网络，其他页面暂时打不开。";
    }
  }
}
