import { change, photosOf, put, read, remove } from "../inspection/database";
import { newId } from "../inspection/identity";
import { complaintOf, drawStrip, MOST_PHOTOS, shot, shutter } from "../inspection/strip";
import type { Photo } from "../inspection/types";
import { make } from "../shared/dom";
import { save } from "./outbox";
import type { SurveyDraft, SurveyPack, SurveyParcel, SurveyResult, Term, Visit } from "./types";

type Name = Exclude<keyof Visit, "visit" | "version">;

export function keyOf(no: string, code: string): string {
  return `${no}/${code}`;
}

/** The form of one parcel. Everything typed or taken is on the disk at once. */
export class SurveyForm {
  private readonly fault = make("div", "alert alert-danger");
  private readonly strip = make("div", "mh-photo-strip");
  private photos: Photo[] = [];

  private constructor(
    private readonly pack: SurveyPack,
    private readonly no: string,
    private readonly parcel: SurveyParcel,
    private readonly draft: SurveyDraft,
    private readonly saved: () => void,
  ) {}

  static async open(pack: SurveyPack, no: string, parcel: SurveyParcel, saved: () => void): Promise<HTMLElement> {
    const key = keyOf(no, parcel.code);
    const kept = await read("surveyDrafts", key);
    const own = kept?.account === pack.account ? kept : null;
    const draft: SurveyDraft = own ?? { key, account: pack.account, visit: begun(parcel, pack.today) };
    // What was typed stays; it is said of the parcel as it is known now.
    draft.visit.version = parcel.version;
    const form = new SurveyForm(pack, no, parcel, draft, saved);
    form.photos = await photosOf(draft.visit.visit);
    return form.view();
  }

  private view(): HTMLElement {
    const view = make("form");
    view.noValidate = true;
    this.fault.hidden = true;
    const fields = make("div", "card mb-2");
    const body = make("div", "card-body");
    body.append(
      this.input("visited_on", "核实日期", "date"),
      this.select("standing", "利用现状（必填）", this.pack.standings),
      this.select("used_for", "现场用途（在用的必填）", this.pack.uses),
      this.input("buildings", "建筑物（幢）", "text", "numeric"),
      this.input("floor_area", "建筑面积（平方米）", "text", "decimal"),
      this.area("users", "实际使用人（一行一家：信用代码 名称 建筑面积）"),
      this.select("licence", "证照", this.pack.licences),
      this.input("licence_words", "证照说明", "text"),
      this.area("note", "备注"),
      shutter("survey-photo", "拍照", (input) => void this.taken(input)),
      this.strip,
    );
    this.drawPhotos();
    fields.append(body);
    const button = make("button", "btn btn-primary w-100", "保存");
    button.type = "submit";
    button.id = "field-save";
    view.append(this.head(), fields, this.fault, button);
    view.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    return view;
  }

  private async taken(input: HTMLInputElement): Promise<void> {
    const files = Array.from(input.files ?? []);
    input.value = "";
    this.complain("");
    const { draft } = this;
    for (const file of files) {
      if (this.photos.length >= MOST_PHOTOS) return this.complain(`一次核实最多 ${MOST_PHOTOS} 张照片`);
      try {
        const photo = await shot(file, { visit: draft.visit.visit, task: draft.key, account: draft.account, item: null });
        await change(["surveyDrafts", "photos"], (of) => {
          of("surveyDrafts").put(draft);
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
    drawStrip(this.strip, this.photos, (photo) => void this.drop(photo));
  }

  private async drop(photo: Photo): Promise<void> {
    await remove("photos", photo.id);
    this.photos = this.photos.filter((each) => each !== photo);
    this.drawPhotos();
  }

  private complain(words: string): void {
    this.fault.hidden = words === "";
    this.fault.textContent = words;
  }

  private head(): HTMLElement {
    const card = make("div", "card mb-2");
    const body = make("div", "card-body");
    const { code, name, area_mu, land_use, supply_status, users } = this.parcel;
    const known = make("div");
    known.append(make("span", "badge bg-blue-lt", "登记"));
    known.append(make("div", "", `用途：${land_use ?? "未登记"}`), make("div", "", `供应状态：${supply_status}`));
    known.append(make("div", "", `面积：${area_mu === null ? "未登记" : `${area_mu} 亩`}`));
    known.append(make("div", "", `用地企业：${users.map((user) => user.name ?? user.uscc).join("、") || "未登记"}`));
    body.append(make("div", "mh-code fw-bold", code), make("div", "text-secondary mb-2", name ?? ""), known);
    card.append(body);
    return card;
  }

  private field(name: Name, label: string, control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): HTMLElement {
    const box = make("div", "mb-2");
    const words = make("label", "form-label mb-1", label);
    control.id = `survey-${name}`;
    control.name = name;
    control.value = this.draft.visit[name];
    words.htmlFor = control.id;
    control.addEventListener("input", () => {
      this.draft.visit[name] = control.value;
      void put("surveyDrafts", this.draft);
    });
    box.append(words, control);
    return box;
  }

  private input(name: Name, label: string, type: string, mode = ""): HTMLElement {
    const input = make("input", "form-control");
    input.type = type;
    if (type === "date") input.max = this.pack.today;
    if (mode) input.inputMode = mode;
    return this.field(name, label, input);
  }

  private area(name: Name, label: string): HTMLElement {
    const area = make("textarea", "form-control");
    area.rows = 3;
    return this.field(name, label, area);
  }

  private select(name: Name, label: string, terms: Term[]): HTMLElement {
    const select = make("select", "form-select");
    select.append(new Option("请选择", ""), ...terms.map((term) => new Option(term.label, term.code)));
    return this.field(name, label, select);
  }

  private async submit(): Promise<void> {
    const { visit } = this.draft;
    const lacking = visit.standing === "" ? "利用现状" : visit.standing === "used" && visit.used_for === "" ? "现场用途" : null;
    this.complain(lacking === null ? "" : `请填写“${lacking}”`);
    if (lacking !== null) return;
    const result: SurveyResult = {
      visit: visit.visit,
      key: this.draft.key,
      no: this.no,
      code: this.parcel.code,
      account: this.pack.account,
      person: this.pack.person,
      saved_at: new Date().toISOString(),
      form: visit,
      state: "waiting",
      message: "",
    };
    try {
      await save(result);
    } catch (failure) {
      return this.complain(`没有保存：${String(failure)}。请腾出手机空间后再保存，已填内容仍在。`);
    }
    this.saved();
  }
}

/** With those on record filled in. */
function begun(parcel: SurveyParcel, today: string): Visit {
  const users = parcel.users.map((user) => [user.uscc, user.name, user.floor_area_m2].filter(Boolean).join(" "));
  return {
    visit: newId(),
    version: parcel.version,
    visited_on: today,
    standing: "",
    used_for: "",
    buildings: "",
    floor_area: "",
    licence: "",
    licence_words: "",
    users: users.join("\n"),
    note: "",
  };
}
