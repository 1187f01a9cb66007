/** A word of a closed list. */
export interface Term {
  code: string;
  label: string;
}

export interface KnownUser {
  uscc: string;
  name: string | null;
  floor_area_m2: string | null;
}

export interface SurveyParcel {
  code: string;
  name: string | null;
  subdistrict: string;
  area_mu: string | null;
  land_use: string | null;
  supply_status: string;
  /** The version that is looked at. */
  version: number;
  /** On record. */
  users: KnownUser[];
}

/** What the server gives along. */
export interface SurveyPack {
  account: string;
  person: string;
  today: string;
  /** The round that goes on, where one does. */
  no: string | null;
  name: string | null;
  parcels: SurveyParcel[];
  /** Parcels that wait and are not taken along. */
  left_out: number;
  standings: Term[];
  uses: Term[];
  licences: Term[];
  /** When it was fetched, by this device. */
  fetched_at: string;
}

/** The fields of the form, as the server reads them. */
export interface Visit {
  visit: string;
  version: number;
  visited_on: string;
  standing: string;
  used_for: string;
  buildings: string;
  floor_area: string;
  licence: string;
  licence_words: string;
  users: string;
  note: string;
}

/** A form that is being filled. It survives a reload and a flat battery. */
export interface SurveyDraft {
  /** Of round and parcel. */
  key: string;
  account: string;
  visit: Visit;
}

/** A visit that was saved and is not yet with the server, or that the server did not take. */
export interface SurveyResult {
  visit: string;
  key: string;
  no: string;
  code: string;
  account: string;
  person: string;
  saved_at: string;
  form: Visit;
  /** `stale`: somebody was faster, or the round is over. */
  state: "waiting" | "refused" | "stale";
  message: string;
}
