import { put, read } from "../inspection/database";
import { showNetwork } from "../inspection/network";
import type { Halt } from "../inspection/outbox";
import { follow } from "../inspection/place";
import { byId, make } from "../shared/dom";
import { SurveyForm } from "./form";
import { sendSurveys, surveysOf, surveysOfOthers } from "./outbox";
import { drawTray } from "./tray";
import type { SurveyPack, SurveyParcel, SurveyResult } from "./types";

const PAGE = "/survey/field";
const EVERY = 60_000;
const ANSWER_WITHIN = 15_000;

/** The phone's page of the survey: parcels, form and outbox, with and without a connection. */
export class SurveyDesk {
  private pack: SurveyPack | null = null;
  private sending = false;

  async open(): Promise<void> {
    this.pack = (await read("surveyPack", "current")) ?? null;
    window.addEventListener("hashchange", () => void this.show());
    window.addEventListener("online", () => void this.refresh());
    window.addEventListener("offline", () => showNetwork("offline", PAGE));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.refresh();
    });
    setInterval(() => void this.refresh(), EVERY);
    byId("field-back").addEventListener("click", (event) => this.back(event));
    // Where photos are taken; without it they come without a place.
    follow(() => {}, () => {});
    // Without it a browser may throw the outbox away when the phone is full.
    void navigator.storage?.persist?.();
    if (this.pack) await this.show();
    await this.refresh();
    if (!this.pack) await this.show();
  }

  /** Sends what waits, then takes along what is left to do. */
  private async refresh(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let halt: Halt = "server";
    try {
      halt = this.pack ? await sendSurveys(this.pack.account) : null;
      halt ??= await this.fetchPack();
    } finally {
      this.sending = false;
      showNetwork(halt, PAGE);
      await this.drawOutbox();
    }
    if (halt === null && !location.hash.slice(1)) await this.show();
  }

  private async fetchPack(): Promise<Halt> {
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN);
      answer = await fetch("/api/v1/survey/field", { headers: { accept: "application/json" }, signal });
    } catch {
      return "offline";
    }
    if (answer.status === 401) return "signed_out";
    if (!answer.ok) return "server";
    const earlier = this.pack?.account;
    this.pack = { ...((await answer.json()) as Omit<SurveyPack, "fetched_at">), fetched_at: new Date().toISOString() };
    await put("surveyPack", this.pack, "current");
    document.body.dataset["fieldPack"] = "true";
    // Another person has signed in on this phone: what they left here goes out now.
    return earlier === this.pack.account ? null : sendSurveys(this.pack.account);
  }

  private async drawOutbox(): Promise<void> {
    if (!this.pack) return;
    const [own, others] = [await surveysOf(this.pack.account), await surveysOfOthers(this.pack.account)];
    const changed = async (code?: string) => {
      await this.drawOutbox();
      if (code) location.hash = code;
      await this.show();
    };
    drawTray(byId("field-outbox"), own, others, { send: () => void this.refresh(), changed: (code) => void changed(code) });
  }

  /** The list, or the form of the parcel that the address names. */
  private async show(): Promise<void> {
    const view = byId("field-view");
    const { pack } = this;
    if (!pack) {
      view.textContent = "还没有取得宗地。请在有网络的地方打开一次本页。";
      return;
    }
    const results = await surveysOf(pack.account);
    const parcel = pack.parcels.find((each) => each.code === location.hash.slice(1));
    byId("field-title").textContent = parcel ? parcel.code : (pack.name ?? "摸底调查");
    if (parcel && pack.no !== null) {
      view.replaceChildren(await SurveyForm.open(pack, pack.no, parcel, () => void this.saved()));
      window.scrollTo(0, 0);
    } else view.replaceChildren(board(pack, results));
    await this.drawOutbox();
  }

  private async saved(): Promise<void> {
    location.hash = "";
    await this.show();
    await this.refresh();
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

function board(pack: SurveyPack, results: SurveyResult[]): HTMLElement {
  const view = make("div");
  const left = pack.parcels.filter((parcel) => !results.some((result) => result.code === parcel.code && result.state === "waiting"));
  if (left.length === 0) {
    const empty = make("div", "empty card");
    const words = pack.no === null ? "没有进行中的摸底调查" : "没有等待核实的宗地";
    empty.append(make("p", "empty-title", words), make("p", "empty-subtitle text-secondary", "连上网络后会取得其余宗地。"));
    view.append(empty);
  } else {
    const list = make("div", "list-group mb-3");
    list.append(...left.map(line));
    view.append(list);
  }
  if (pack.left_out > 0) view.append(make("p", "text-secondary", `另有 ${pack.left_out} 宗没有带上，核实这些后再取。`));
  view.append(make("p", "text-secondary small", `宗地取得于 ${new Date(pack.fetched_at).toLocaleString("zh-CN")}`));
  return view;
}

function line(parcel: SurveyParcel): HTMLElement {
  const link = make("a", "list-group-item list-group-item-action");
  link.href = `#${parcel.code}`;
  link.dataset["parcel"] = parcel.code;
  const users = parcel.users.map((user) => user.name ?? user.uscc).join("、");
  link.append(make("div", "mh-code", parcel.code), make("div", "", parcel.name ?? ""), make("div", "text-secondary small", users || "用地未登记"));
  return link;
}
