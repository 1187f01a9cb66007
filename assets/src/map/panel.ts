import { byId, make } from "../shared/dom";
import { htmx } from "../shared/htmx";
import { failureText } from "./status";

interface Answers {
  /** A link or button with `data-parcel` inside the panel was used. */
  choose(code: string): void;
  close(): void;
}

/** The side panel (a bottom sheet on a phone), filled with fragments from the server. */
export class Panel {
  private readonly frame = byId("map-panel");
  private readonly body = byId("map-panel-body");
  private readonly grip = document.getElementById("map-panel-grip");
  private running: AbortController | null = null;

  constructor(
    private readonly address: string,
    private readonly answers: Answers,
  ) {
    byId("map-panel-close").addEventListener("click", () => answers.close());
    this.grip?.addEventListener("click", () => this.resize(this.frame.dataset["size"] !== "full"));
    this.frame.addEventListener("keydown", (event) => {
      if (event.key === "Escape") answers.close();
    });
    this.body.addEventListener("click", (event) => this.follow(event));
  }

  get isOpen(): boolean {
    return !this.frame.hidden;
  }

  /** Where the panel lies on the screen, null while closed. */
  get place(): DOMRect | null {
    return this.isOpen ? this.frame.getBoundingClientRect() : null;
  }

  async open(codes: string[], takeFocus: boolean): Promise<void> {
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.frame.hidden = false;
    this.body.setAttribute("aria-busy", "true");
    if (takeFocus) this.body.focus({ preventScroll: true });
    const content = await this.fetchFragment(codes, running.signal);
    if (running.signal.aborted) return;
    if (typeof content === "string") this.body.innerHTML = content;
    else this.body.replaceChildren(content);
    htmx()?.process(this.body);
    this.body.scrollTop = 0;
    this.body.setAttribute("aria-busy", "false");
  }

  close(): void {
    this.running?.abort();
    const hadFocus = this.frame.contains(document.activeElement);
    this.frame.hidden = true;
    this.resize(false);
    this.body.replaceChildren();
    if (hadFocus) document.querySelector<HTMLElement>("#map canvas")?.focus();
  }

  private async fetchFragment(codes: string[], signal: AbortSignal): Promise<string | HTMLElement> {
    const url = this.address + codes.map(encodeURIComponent).join("&code=");
    try {
      const answer = await fetch(url, { signal, headers: { "HX-Request": "true", Accept: "text/html" } });
      // Being led elsewhere means the sign-in page: that is no fragment.
      if (answer.ok && !answer.redirected) return await answer.text();
      return this.failure(codes, answer.redirected ? 401 : answer.status);
    } catch {
      return this.failure(codes, undefined);
    }
  }

  private failure(codes: string[], status: number | undefined): HTMLElement {
    const notice = make("div", "alert alert-danger m-3", failureText("地块信息读取失败", status));
    notice.setAttribute("role", "alert");
    const again = make("button", "btn btn-sm ms-2", status === 401 ? "重新登录" : "重试");
    again.type = "button";
    again.addEventListener("click", () => (status === 401 ? location.reload() : void this.open(codes, true)));
    notice.append(again);
    return notice;
  }

  private follow(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLElement>("[data-parcel]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link?.dataset["parcel"] || !plain) return;
    event.preventDefault();
    this.answers.choose(link.dataset["parcel"]);
  }

  private resize(full: boolean): void {
    this.frame.dataset["size"] = full ? "full" : "half";
    this.grip?.setAttribute("aria-expanded", String(full));
    this.grip?.setAttribute("aria-label", full ? "收起面板" : "展开面板");
  }
}
