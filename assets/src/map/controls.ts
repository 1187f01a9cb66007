import { byId, make } from "../shared/dom";
import type { MapConfig } from "./config";
import { entriesOf, laidOf, NOTHING_LAID, UNLISTED, type Filters, type LaidName, type Theme } from "./style";

interface Answers {
  theme(theme: Theme): void;
  filters(filters: Filters): void;
  plans(plans: string[]): void;
}

const LEGEND_TITLE: Record<Theme, string> = {
  band: "亩均税收（万元/亩）",
  supply: "供应状态",
  use: "土地用途",
  stage: "合同阶段",
  late: "合同逾期天数",
  idle: "闲置判断（53号令）",
  grade: "正式评级（多家取最差）",
  score: "评价得分（多家取最低）",
  surveyed: "工业用地摸底分类（最近一次）",
  progress: "整治进展（多份档案取最紧迫）",
  deadline: "整治期限（截至今日）",
  way: "整治方式",
};

/** What a parcel is that a theme has nothing for. */
const NOTHING: Record<LaidName, string> = {
  contracts: "没有合同",
  results: "无参评企业",
  survey: "不在摸底调查中",
  remediation: "没有整治档案",
};

/** Theme, legend and filters: the card at the left edge, folded away on a phone. */
export class Controls {
  private readonly subdistrict = byId<HTMLSelectElement>("filter-subdistrict");
  private readonly industry = byId<HTMLSelectElement>("filter-industry");
  private readonly flagged = byId<HTMLInputElement>("filter-flagged");
  /** Of the colours of files alone; not there while there are no files. */
  private readonly ofFiles = document.getElementById("filters-of-files");
  private readonly deadline = document.querySelector<HTMLSelectElement>("#filter-deadline");
  private readonly way = document.querySelector<HTMLSelectElement>("#filter-way");
  private readonly themes = document.querySelectorAll<HTMLInputElement>("input[name='map-theme']");

  constructor(
    private readonly config: MapConfig,
    answers: Answers,
  ) {
    this.addOptions();
    this.addPlans(answers);
    for (const radio of this.themes) {
      radio.addEventListener("change", () => {
        this.showTheme(radio.value as Theme);
        answers.theme(radio.value as Theme);
      });
    }
    for (const field of [this.subdistrict, this.industry, this.flagged, this.deadline, this.way]) {
      field?.addEventListener("change", () => answers.filters(this.read()));
    }
    byId("filter-reset").addEventListener("click", () => {
      const none: Filters = { subdistrict: null, industry: null, flagged: false, deadline: null, way: null };
      this.show(none);
      answers.filters(none);
    });
  }

  /** Ticks the planning layers that the address names; others of them are not there on this day. */
  showPlans(plans: string[]): void {
    for (const box of this.planBoxes()) box.checked = plans.includes(box.value);
  }

  private planBoxes(): HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>("#map-plans input")];
  }

  private addPlans(answers: Answers): void {
    const overlays = this.config.overlays ?? [];
    const list = document.getElementById("map-plans");
    if (!list || overlays.length === 0) return;
    list.hidden = false;
    for (const overlay of overlays) {
      const label = make("label", "form-check mb-1");
      const box = make("input", "form-check-input");
      box.type = "checkbox";
      box.value = overlay.key;
      box.addEventListener("change", () => {
        answers.plans(this.planBoxes().filter((each) => each.checked).map((each) => each.value));
      });
      const swatch = make("span", "mh-swatch me-1");
      swatch.setAttribute("aria-hidden", "true");
      swatch.style.backgroundColor = overlay.color;
      const text = make("span", "form-check-label");
      text.append(swatch, overlay.label);
      label.append(box, text);
      list.append(label);
    }
  }

  /** Sets the fields without telling anybody; an unknown value falls back to "all". */
  showAll(theme: Theme, filters: Filters): Filters {
    for (const radio of this.themes) radio.checked = radio.value === theme;
    this.showTheme(theme);
    this.show(filters);
    return this.read();
  }

  private showTheme(theme: Theme): void {
    this.drawLegend(theme);
    if (this.ofFiles) this.ofFiles.hidden = laidOf(theme) !== "remediation";
    this.markActive();
  }

  private show(filters: Filters): void {
    this.subdistrict.value = this.presentCode(filters.subdistrict ?? "");
    this.industry.value = filters.industry ?? "";
    if (this.deadline) this.deadline.value = filters.deadline ?? "";
    if (this.way) this.way.value = filters.way ?? "";
    for (const select of [this.subdistrict, this.industry, this.deadline, this.way]) {
      if (select && select.selectedIndex < 0) select.value = "";
    }
    this.flagged.checked = filters.flagged;
    this.markActive();
  }

  /** Old addresses name a sub-district by the code it had then. */
  private presentCode(asked: string): string {
    const isAsked = (area: MapConfig["subdistricts"][number]) =>
      [area.code, area.present, ...(area.former ?? [])].includes(asked);
    const area = this.config.subdistricts.find(isAsked);
    return area ? (area.present ?? area.code) : asked;
  }

  private read(): Filters {
    this.markActive();
    return {
      subdistrict: this.subdistrict.value || null,
      industry: this.industry.value || null,
      flagged: this.flagged.checked,
      deadline: this.deadline?.value || null,
      way: this.way?.value || null,
    };
  }

  private markActive(): void {
    const ofFiles = this.ofFiles?.hidden === false ? [this.deadline?.value, this.way?.value] : [];
    const fields = [this.subdistrict.value, this.industry.value, this.flagged.checked, ...ofFiles];
    const active = fields.filter(Boolean).length;
    byId("filter-reset").hidden = active === 0;
    const badge = document.getElementById("filter-count");
    if (!badge) return;
    badge.hidden = active === 0;
    badge.textContent = `${active} 项筛选`;
  }

  private addOptions(): void {
    for (const area of this.config.subdistricts) {
      this.subdistrict.add(new Option(area.name, area.present ?? area.code));
    }
    for (const section of this.config.industries) {
      this.industry.add(new Option(`${section.code} ${section.name}`, section.code));
    }
    for (const each of this.config.remediation?.deadline ?? []) this.deadline?.add(new Option(each.label, each.key));
    for (const each of this.config.remediation?.way ?? []) this.way?.add(new Option(each.label, each.key));
  }

  private drawLegend(theme: Theme): void {
    const items = entriesOf(this.config, theme).map((entry) => legendItem(entry.label, entry.color));
    const laid = laidOf(theme);
    if (laid) items.push(legendItem(NOTHING[laid], NOTHING_LAID));
    else if (theme !== "band") items.push(legendItem("未登记或其他", UNLISTED));
    const flagged = legendItem("有低效企业使用", null);
    flagged.querySelector(".mh-swatch")?.classList.add("mh-swatch-flagged");
    byId("map-legend").replaceChildren(...items, flagged);
    byId("map-legend-title").textContent = LEGEND_TITLE[theme];
  }
}

function legendItem(label: string, color: string | null): HTMLLIElement {
  const item = make("li", "mh-legend-item");
  const swatch = make("span", "mh-swatch");
  swatch.setAttribute("aria-hidden", "true");
  // Set through the object model: a style attribute would fall to the content security policy.
  if (color) swatch.style.backgroundColor = color;
  item.append(swatch, make("span", "", label));
  return item;
}
