import { byId, make } from "../shared/dom";
import type { Bounds } from "../shared/geometry";
import { failureText } from "./status";

/** One answer of the search address. `parcels` are the codes to open; without it, `code` is one. */
export interface Hit {
  kind: "parcel" | "enterprise";
  code: string;
  label: string;
  note?: string | null;
  lon: number | null;
  lat: number | null;
  bounds: Bounds | null;
  parcels?: string[];
}

interface Answers {
  choose(hit: Hit): void;
  say(text: string): void;
  clear(): void;
}

const WAIT_MS = 200;
/** As many answers as the server gives. */
const MOST = 10;
const KIND: Record<Hit["kind"], string> = { parcel: "地块", enterprise: "企业" };

export async function lookUp(address: string, text: string, signal?: AbortSignal): Promise<Hit[]> {
  const answer = await fetch(address + encodeURIComponent(text), {
    signal: signal ?? null,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok || answer.redirected) throw new SearchFailure(answer.redirected ? 401 : answer.status);
  return (await answer.json()) as Hit[];
}

export class SearchFailure extends Error {
  constructor(readonly status: number) {
    super(`search answered ${status}`);
  }
}

/** The search box: an ARIA combobox with a list box under it. */
export class Search {
  private readonly field = byId<HTMLInputElement>("map-search");
  private readonly list = byId("map-search-list");
  private hits: Hit[] = [];
  private active = -1;
  private timer = 0;
  private running: AbortController | null = null;

  constructor(
    private readonly address: string,
    private readonly answers: Answers,
  ) {
    // While a Chinese word is being composed its letters are not yet the question.
    this.field.addEventListener("input", (event) => {
      if (!(event as InputEvent).isComposing) this.ask(WAIT_MS);
    });
    this.field.addEventListener("compositionend", () => this.ask(WAIT_MS));
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("blur", () => this.close());
    this.field.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    // Keeps the focus in the field, so that the list is still open when the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role='option']");
      if (option?.dataset["index"]) this.choose(Number(option.dataset["index"]));
    });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden && this.hits.length) this.open();
      else this.move(step);
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.field.value = "";
      this.close();
    }
  }

  /** Enter takes the marked answer, or the only one, or asks at once. */
  private submit(): void {
    const open = !this.list.hidden;
    if (open && this.active >= 0) this.choose(this.active);
    else if (open && this.hits.length === 1) this.choose(0);
    else this.ask(0);
  }

  private ask(wait: number): void {
    clearTimeout(this.timer);
    this.running?.abort();
    const text = this.field.value.trim();
    if (text.length < 2) {
      this.hits = [];
      this.close();
      return;
    }
    this.timer = window.setTimeout(() => void this.fetchHits(text), wait);
  }

  private async fetchHits(text: string): Promise<void> {
    const running = (this.running = new AbortController());
    try {
      this.hits = await lookUp(this.address, text, running.signal);
      this.answers.clear();
      this.draw();
    } catch (failure) {
      if (running.signal.aborted) return;
      const status = failure instanceof SearchFailure ? failure.status : undefined;
      this.answers.say(failureText("搜索失败", status));
    }
  }

  private draw(): void {
    this.active = -1;
    const options = this.hits.map((hit, index) => optionOf(hit, index));
    if (options.length === 0) {
      const none = make("li", "mh-search-none", "没有找到相符的地块或企业");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      options.push(none);
    }
    if (this.hits.length >= MOST) {
      const more = make("li", "mh-search-none", `只列出前 ${MOST} 条，可能还有更多，请多输入几个字`);
      more.setAttribute("role", "option");
      more.setAttribute("aria-disabled", "true");
      options.push(more);
    }
    this.list.replaceChildren(...options);
    if (document.activeElement === this.field) this.open();
  }

  private move(step: number): void {
    if (this.list.hidden || this.hits.length === 0) return;
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    this.mark((from + step + this.hits.length) % this.hits.length);
  }

  private mark(index: number): void {
    this.active = index;
    for (const [at, option] of Array.from(this.list.children).entries()) {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    }
    this.field.setAttribute("aria-activedescendant", `map-search-option-${index}`);
  }

  private choose(index: number): void {
    const hit = this.hits[index];
    if (!hit) return;
    this.field.value = hit.label;
    this.close();
    this.answers.choose(hit);
  }

  private open(): void {
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
  }

  private close(): void {
    this.list.hidden = true;
    this.active = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}

function optionOf(hit: Hit, index: number): HTMLLIElement {
  const option = make("li", "mh-search-option");
  option.id = `map-search-option-${index}`;
  option.dataset["index"] = String(index);
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const words = make("span", "mh-search-words");
  words.append(make("span", "mh-search-label", hit.label));
  const second = hit.note ?? (hit.code === hit.label ? "" : hit.code);
  if (second) words.append(make("span", "mh-search-note", second));
  option.append(make("span", "badge bg-secondary-lt", KIND[hit.kind] ?? hit.kind), words);
  return option;
}
