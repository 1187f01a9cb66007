import { isTheme, type Filters, type Theme } from "./style";

/** What the address says beside the view (which the map library keeps in the fragment). */
export interface View {
  parcels: string[];
  theme: Theme;
  filters: Filters;
  /** Keys of the planning layers laid over the parcels. */
  plans: string[];
}


export function readAddress(selected: string | null): View {
  const query = new URLSearchParams(location.search);
  const named = query.getAll("parcel").filter(Boolean);
  const theme = query.get("theme") ?? "";
  return {
    parcels: named.length || query.has("parcel") ? named : selected ? [selected] : [],
    plans: query.getAll("plan").filter(Boolean),
    theme: isTheme(theme) ? theme : "band",
    filters: {
      subdistrict: query.get("subdistrict") || null,
      industry: query.get("industry") || null,
      flagged: query.get("flagged") === "1",
      deadline: query.get("deadline") || null,
      way: query.get("way") || null,
    },
  };
}

/** A new selection is a step one can go back from; a changed colour or filter is not. */
export function writeAddress(view: View, step: "push" | "replace"): void {
  const address = queryOf(view) + location.hash;
  if (step === "push") history.pushState(null, "", address);
  else history.replaceState(history.state, "", address);
}

function queryOf(view: View): string {
  const query = new URLSearchParams(location.search);
  const put = (name: string, values: string[]) => {
    query.delete(name);
    for (const value of values) query.append(name, value);
  };
  const one = (value: string | null) => (value ? [value] : []);
  put("parcel", view.parcels);
  put("theme", view.theme === "band" ? [] : [view.theme]);
  put("subdistrict", one(view.filters.subdistrict));
  put("industry", one(view.filters.industry));
  put("flagged", view.filters.flagged ? ["1"] : []);
  put("deadline", one(view.filters.deadline));
  put("way", one(view.filters.way));
  put("plan", view.plans);
  const text = query.toString();
  return location.pathname + (text ? `?${text}` : "");
}

/** Lets the year and date form, a plain GET, carry along what the address holds beside its own fields. */
export function keepViewOnSubmit(form: HTMLFormElement): void {
  form.addEventListener("submit", () => {
    for (const old of form.querySelectorAll("[data-kept]")) old.remove();
    const own = new Set(Array.from(form.elements, (field) => field.getAttribute("name")));
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (own.has(name)) continue;
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      field.dataset["kept"] = "";
      form.append(field);
    }
    form.action = location.pathname + location.hash;
  });
}
