import { change, photosOf, put, readAll } from "../inspection/database";
import { newId } from "../inspection/identity";
import { post, takenAt, wordsOf, type Halt } from "../inspection/outbox";
import type { Photo } from "../inspection/types";
import type { SurveyDraft, SurveyResult } from "./types";

const CONFLICT = 409;

/** Sends what waits, one visit after the other and each after its photos. Sending again what arrived is harmless. */
export async function sendSurveys(account: string): Promise<Halt> {
  const send = () => sendWaiting(account);
  // Two open pages would only do the same work twice.
  return "locks" in navigator ? navigator.locks.request("muheng-survey-outbox", send) : send();
}

async function sendWaiting(account: string): Promise<Halt> {
  for (const result of (await surveysOf(account)).filter((each) => each.state === "waiting")) {
    const halt = await sendOne(result);
    if (halt) return halt;
  }
  return null;
}

async function sendOne(result: SurveyResult): Promise<Halt> {
  const photos = await photosOf(result.visit);
  for (const [place, photo] of photos.entries()) {
    if (photo.sent) continue;
    const to = `${address(result)}/visits/${result.visit}/photos/${photo.id}?${takenAt(photo)}`;
    const answer = await post(to, photo.blob, "image/jpeg");
    if (typeof answer === "string") return answer;
    if (!answer.ok) return refuse(result, answer, `第 ${place + 1} 张照片：`);
    await put("photos", { ...photo, sent: true });
  }
  const answer = await post(`${address(result)}/visits`, JSON.stringify(result.form), "application/json");
  if (typeof answer === "string") return answer;
  if (!answer.ok) return refuse(result, answer);
  await change(["surveyResults", "photos"], (of) => {
    of("surveyResults").delete(result.visit);
    photos.forEach((photo) => void of("photos").delete(photo.id));
  });
  return null;
}

async function refuse(result: SurveyResult, answer: Response, what = ""): Promise<null> {
  const state = answer.status === CONFLICT ? "stale" : "refused";
  await put("surveyResults", { ...result, state, message: what + (await wordsOf(answer)) });
  return null;
}

function address({ no, code }: SurveyResult): string {
  return `/api/v1/survey/rounds/${no}/parcels/${code}`;
}

export async function surveysOf(account: string): Promise<SurveyResult[]> {
  const own = (await readAll("surveyResults")).filter((result) => result.account === account);
  return own.sort((a, b) => a.saved_at.localeCompare(b.saved_at));
}

/** What others left on this device; only they can send it. */
export async function surveysOfOthers(account: string): Promise<SurveyResult[]> {
  return (await readAll("surveyResults")).filter((result) => result.account !== account);
}

/** Form and outbox change together: the visit is in one of them, never in both or neither. */
export function save(result: SurveyResult): Promise<void> {
  return change(["surveyResults", "surveyDrafts"], (of) => {
    of("surveyResults").put(result);
    of("surveyDrafts").delete(result.key);
  });
}

/** A visit that was not taken becomes a form again, under a new number. */
export async function reopen(result: SurveyResult): Promise<void> {
  const photos = await photosOf(result.visit);
  const draft: SurveyDraft = { key: result.key, account: result.account, visit: { ...result.form, visit: newId() } };
  return change(["surveyResults", "surveyDrafts", "photos"], (of) => {
    of("surveyResults").delete(result.visit);
    of("surveyDrafts").put(draft);
    moveTo(draft.visit.visit, photos, of("photos"));
  });
}

/** The photos of a visit go with it under new numbers, because the old ones may be on record. */
function moveTo(visit: string, photos: Photo[], store: IDBObjectStore): void {
  for (const photo of photos) {
    store.delete(photo.id);
    store.put({ ...photo, id: newId(), visit, sent: false });
  }
}

/** Beside what somebody else recorded meanwhile: both stay, and the later day counts. */
export async function recordBeside(result: SurveyResult): Promise<string | null> {
  const answer = await fetch(address(result), { headers: { accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return answer ? wordsOf(answer) : "没有网络";
  const { version } = (await answer.json()) as { version: number };
  const form = { ...result.form, visit: newId(), version };
  const photos = await photosOf(result.visit);
  await change(["surveyResults", "photos"], (of) => {
    of("surveyResults").delete(result.visit);
    of("surveyResults").put({ ...result, visit: form.visit, form, state: "waiting", message: "" });
    moveTo(form.visit, photos, of("photos"));
  });
  return null;
}
