import { make } from "../shared/dom";
import { faultsOf } from "./checks";
import { change, photosOf, put, read, remove } from "./database";
import { newId } from "./identity";
import { isPlaced } from "./order";
import { save } from "./outbox";
import { here, lengthText, metres } from "./place";
import { sketchOf } from "./sketch";
import { complaintOf, drawStrip, MOST_PHOTOS, shot, shutter } from "./strip";
import type { Answer, Checklist, Draft, Given, Item, Pack, Photo, Result, Task } from "./types";

const ANSWERS: [Answer, string][] = [
  ["pass", "符合"],
  ["fail", "不符合"],
  ["not_applicable", "不适用"],
  ["not_seen", "无法查看"],
];

/** The form of one task. Everything typed or taken is on the disk at once. */
export class Form {
  private photos: Photo[] = [];
  private readonly sketch = make("div", "mini-map");
  private readonly where = make("p", "text-secondary mt-1 mb-0");
  private readonly strips = new Map<string | null, HTMLElement>();
  private readonly faultLines = new Map<string, HTMLElement>();
  private readonly trouble = make("div", "alert alert-danger");

  private constructor(
    private readonly pack: Pack,
    private readonly task: Task,
    private readonly checklist: Checklist,
    private readonly draft: Draft,
    private readonly saved: () => void,
  ) {}

  static async open(pack: Pack, task: Task, saved: () => void): Promise<{ form: Form; view: HTMLElement } | null> {
    const checklist = pack.checklists.find((list) => list.edition === task.checklist);
    if (!checklist) return null;
    const kept = await read("drafts", task.id);
    const own = kept?.account === pack.account ? kept : null;
    const draft: Draft = own ?? { task: task.id, visit: newId(), account: pack.account, answers: {}, note: "" };
    const form = new Form(pack, task, checklist, draft, saved);
    form.photos = await photosOf(draft.visit);
    return { form, view: form.view() };
  }

  /** The device has moved. */
  moved(): void {
    const place = here();
    this.sketch.replaceChildren(sketchOf(this.task, place));
    if (!place) this.where.textContent = "位置未取得，保存的结果将不含位置";
    else if (isPlaced(this.task)) {
      const accuracy = place.accuracy_m === null ? "" : `，精度 ${Math.round(place.accuracy_m)} 米`;
      this.where.textContent = `距宗地中心约 ${lengthText(metres(this.task, place))}${accuracy}`;
    } else this.where.textContent = "";
  }

  private view(): HTMLElement {
    const view = make("form", "mh-print");
    view.noValidate = true;
    view.append(this.head(), ...this.questions(), this.general(), this.foot());
    view.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.moved();
    this.drawPhotos();
    return view;
  }

  private head(): HTMLElement {
    const card = make("div", "card mb-2");
    const body = make("div", "card-body");
    const due = `期限 ${this.task.due}${this.task.overdue_days ? `（逾期 ${this.task.overdue_days} 天）` : ""}`;
    body.append(
      make("div", "mh-code fw-bold", this.task.parcel),
      make("div", "text-secondary", [this.task.parcel_name, this.task.subdistrict_name, due].filter(Boolean).join("　")),
      make("div", "mb-2", this.task.purpose),
      this.sketch,
      this.where,
    );
    card.append(body);
    return card;
  }

  private given(item: Item): Given {
    return (this.draft.answers[item.code] ??= { answer: null, figure: "", comment: "" });
  }

  /** Those of one department under its name, where several go together. */
  private questions(): HTMLElement[] {
    let last: string | null = null;
    return this.checklist.items.flatMap((item, index) => {
      const question = this.question(item, index);
      const department = item.department_name ?? null;
      if (department === null || department === last) return [question];
      last = department;
      return [make("h2", "mh-question-group", department), question];
    });
  }

  private question(item: Item, index: number): HTMLElement {
    const given = this.given(item);
    const card = make("fieldset", "card mb-2 mh-question");
    card.dataset["item"] = item.code;
    const body = make("div", "card-body");
    const legend = make("legend", "form-label mb-2", `${index + 1}. ${item.text}`);
    const comment = this.text(`comment-${item.code}`, given.comment, (value) => (given.comment = value));
    const label = make("label", "form-label mt-2 mb-1");
    label.htmlFor = comment.id;
    const name = () => (label.textContent = given.answer === "fail" ? "情况说明（必填）" : "情况说明");
    name();
    const choices = this.choices(item, given, name);
    const fault = make("div", "text-danger mt-1");
    fault.hidden = true;
    this.faultLines.set(item.code, fault);
    const basis = item.basis ? [make("p", "text-secondary small mb-2", `依据：${item.basis}`)] : [];
    body.append(legend, ...basis, choices, ...this.figure(item, given), label, comment, this.camera(item.code), fault);
    card.append(body);
    return card;
  }

  private choices(item: Item, given: Given, changed: () => void): HTMLElement {
    const group = make("div", "btn-group w-100");
    for (const [value, words] of ANSWERS) {
      const radio = make("input", "btn-check");
      radio.type = "radio";
      radio.name = `answer-${item.code}`;
      radio.id = `answer-${item.code}-${value}`;
      radio.value = value;
      radio.checked = given.answer === value;
      radio.addEventListener("change", () => {
        given.answer = value;
        changed();
        this.keep();
      });
      const label = make("label", "btn px-1", words);
      label.htmlFor = radio.id;
      group.append(radio, label);
    }
    return group;
  }

  private figure(item: Item, given: Given): HTMLElement[] {
    if (!item.figure) return [];
    const { name, unit, required } = item.figure;
    const label = make("label", "form-label mt-2 mb-1", `${name}${required ? "（必填）" : ""}`);
    label.htmlFor = `figure-${item.code}`;
    const group = make("div", "input-group");
    const input = make("input", "form-control");
    input.id = label.htmlFor;
    input.inputMode = "decimal";
    input.value = given.figure;
    input.addEventListener("input", () => {
      given.figure = input.value;
      this.keep();
    });
    group.append(input, make("span", "input-group-text", unit));
    return [label, group];
  }

  private text(id: string, value: string, typed: (value: string) => void): HTMLTextAreaElement {
    const area = make("textarea", "form-control");
    area.id = id;
    area.rows = 2;
    area.maxLength = 1000;
    area.value = value;
    area.addEventListener("input", () => {
      typed(area.value);
      this.keep();
    });
    return area;
  }

  /** A button that opens the camera, and the photos taken with it. */
  private camera(item: string | null): HTMLElement {
    const box = make("div", "mt-2");
    const button = shutter(`photo-${item ?? "general"}`, item ? "拍照" : "拍照（整体）", (input) => void this.taken(input, item));
    const strip = make("div", "mh-photo-strip");
    this.strips.set(item, strip);
    box.append(button, strip);
    return box;
  }

  private general(): HTMLElement {
    const card = make("div", "card mb-2");
    const body = make("div", "card-body");
    const note = this.text("note", this.draft.note, (value) => (this.draft.note = value));
    const label = make("label", "form-label mb-1", "备注");
    label.htmlFor = note.id;
    body.append(label, note, this.camera(null));
    card.append(body);
    return card;
  }

  private foot(): HTMLElement {
    const foot = make("div", "mh-field-foot");
    this.trouble.setAttribute("role", "alert");
    this.trouble.hidden = true;
    const button = make("button", "btn btn-primary w-100", "保存结果");
    button.type = "submit";
    button.id = "field-save";
    foot.append(this.trouble, button);
    return foot;
  }

  private async taken(input: HTMLInputElement, item: string | null): Promise<void> {
    const files = Array.from(input.files ?? []);
    input.value = "";
    this.complain("");
    for (const file of files) {
      if (this.photos.length >= MOST_PHOTOS) return this.complain(`一次检查最多 ${MOST_PHOTOS} 张照片`);
      try {
        const { draft } = this;
        const photo = await shot(file, { visit: draft.visit, task: draft.task, account: draft.account, item });
        await change(["drafts", "photos"], (of) => {
          of("drafts").put(draft);
          of("photos").put(photo);
        });
        this.photos.push(photo);
      } catch (failure) {
        this.complain(complaintOf(failure));
      }
      this.drawPhotos();
    }
  }

  private drawPhotos(): void {
    for (const [item, strip] of this.strips) {
      drawStrip(strip, this.photos.filter((photo) => photo.item === item), (photo) => void this.drop(photo));
    }
  }

  private async drop(photo: Photo): Promise<void> {
    await remove("photos", photo.id);
    this.photos = this.photos.filter((each) => each !== photo);
    this.drawPhotos();
  }

  private keep(): void {
    put("drafts", this.draft).catch(() => this.complain("手机存储空间不足，填写的内容没有保存"));
  }

  private complain(words: string): void {
    this.trouble.textContent = words;
    this.trouble.hidden = words === "";
  }

  private async submit(): Promise<void> {
    const faults = faultsOf(this.checklist, this.draft);
    for (const [code, line] of this.faultLines) {
      line.textContent = faults.get(code) ?? "";
      line.hidden = !faults.has(code);
    }
    if (faults.size > 0) {
      this.complain(`还有 ${faults.size} 项没有填好`);
      const first = this.faultLines.get([...faults.keys()][0]!);
      first?.closest("fieldset")?.scrollIntoView({ block: "center" });
      return;
    }
    try {
      await save(this.result());
    } catch {
      return this.complain("手机存储空间不足，结果没有保存");
    }
    this.saved();
  }

  private result(): Result {
    const { task, visit, account } = this.draft;
    const answers = this.checklist.items.map((item) => {
      const { answer, figure, comment } = this.given(item);
      return { item: item.code, answer: answer!, figure: figure.trim() || null, comment: comment.trim() || null };
    });
    const finding = {
      answers,
      note: this.draft.note.trim() || null,
      device_at: new Date().toISOString(),
      position: here(),
      photos: this.photos.map((photo) => photo.id),
    };
    return { visit, task, account, person: this.pack.person, parcel: this.task.parcel, finding, state: "waiting", message: "" };
  }
}
