import type { Geometry } from "geojson";

export interface Place {
  longitude: number;
  latitude: number;
  accuracy_m: number | null;
}

export interface FigureAsked {
  name: string;
  unit: string;
  required: boolean;
  at_most: string;
  places: number;
}

export interface Item {
  code: string;
  text: string;
  figure: FigureAsked | null;
  /** Whose question it is, where several departments go together; a pack from before it was said has none. */
  department_name?: string | null;
  /** What it rests on. */
  basis?: string | null;
}

export interface Checklist {
  edition: string;
  items: Item[];
}

export interface Task {
  id: string;
  parcel: string;
  parcel_name: string | null;
  subdistrict_name: string | null;
  stage_name: string;
  checklist: string;
  purpose: string;
  subject: string | null;
  due: string;
  overdue_days: number | null;
  state: string;
  geometry: Geometry | null;
  neighbours: Geometry | null;
  longitude: number | null;
  latitude: number | null;
  last_outcome: "pass" | "fail" | "incomplete" | null;
}

/** What the server gives along. */
export interface Pack {
  account: string;
  person: string;
  today: string;
  tasks: Task[];
  /** Tasks due later that are not taken along; a pack from before it was said has none. */
  left_out?: number;
  checklists: Checklist[];
  /** When it was fetched, by this device. */
  fetched_at: string;
}

export type Answer = "pass" | "fail" | "not_applicable" | "not_seen";

export interface Given {
  answer: Answer | null;
  figure: string;
  comment: string;
}

/** A form that is being filled. It survives a reload and a flat battery. */
export interface Draft {
  task: string;
  visit: string;
  account: string;
  answers: Record<string, Given>;
  note: string;
}

export interface Finding {
  answers: { item: string; answer: Answer; figure: string | null; comment: string | null }[];
  note: string | null;
  device_at: string;
  position: Place | null;
  photos: string[];
}

/** A result that was saved and is not yet with the server, or that the server had something to say about. */
export interface Result {
  visit: string;
  task: string;
  account: string;
  person: string;
  parcel: string;
  finding: Finding;
  state: "waiting" | "refused" | "conflict";
  message: string;
}

export interface Photo {
  id: string;
  visit: string;
  /** Of the survey: round and parcel. */
  task: string;
  account: string;
  item: string | null;
  device_at: string;
  position: Place | null;
  blob: Blob;
  sent: boolean;
}
