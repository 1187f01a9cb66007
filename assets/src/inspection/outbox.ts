import { change, photosOf, put, read, readAll } from "./database";
import { newId } from "./identity";
import type { Draft, Photo, Result } from "./types";

/** Why sending stopped before everything was with the server. */
export type Halt = "offline" | "signed_out" | "server" | null;

export interface Progress {
  unsent: number;
  /** Photos of what is on its way. */
  photosSent: number;
  photosTotal: number;
  busy: boolean;
}

const SECONDS_PER_REQUEST = 120;

/** Sends what waits, one photo after the other and each result after its photos. Sending again what arrived is harmless. */
export async function sendAll(account: string, tell: (progress: Progress) => void): Promise<Halt> {
  const send = () => sendWaiting(account, tell);
  // Two open pages would only do the same work twice.
  return "locks" in navigator ? navigator.locks.request("muheng-outbox", send) : send();
}

async function sendWaiting(account: string, tell: (progress: Progress) => void): Promise<Halt> {
  const waiting = (await resultsOf(account)).filter((result) => result.state === "waiting");
  let unsent = waiting.length;
  for (const result of waiting) {
    const halt = await sendOne(result, (photosSent, photosTotal) => tell({ unsent, photosSent, photosTotal, busy: true }));
    if (halt) return halt;
    unsent -= 1;
  }
  return null;
}

async function sendOne(result: Result, tell: (sent: number, total: number) => void): Promise<Halt> {
  // A second round only when the server misses a photo that this phone takes for sent.
  for (let round = 0; round < 2; round++) {
    const photos = (await photosOf(result.visit)).filter((photo) => result.finding.photos.includes(photo.id));
    let sent = photos.filter((photo) => photo.sent).length;
    tell(sent, photos.length);
    for (const photo of photos.filter((each) => !each.sent)) {
      const answer = await post(photoAddress(photo), photo.blob, "image/jpeg");
      if (typeof answer === "string") return answer;
      if (!answer.ok) return refuse(result, `第 ${photos.indexOf(photo) + 1} 张照片：${await wordsOf(answer)}`);
      await put("photos", { ...photo, sent: true });
      tell(++sent, photos.length);
    }
    const answer = await post(visitAddress(result), JSON.stringify(result.finding), "application/json");
    if (typeof answer === "string") return answer;
    if (!answer.ok) return refuse(result, await wordsOf(answer));
    const told = (await answer.json()) as { state: string; missing: string[]; conflict: string | null; detail: string | null };
    if (told.state !== "waiting_for_photos") {
      await settle(result, told.conflict ? (told.detail ?? "任务已变更") : null);
      return null;
    }
    const missing = photos.filter((photo) => told.missing.includes(photo.id));
    if (missing.length === 0) return refuse(result, "照片已不在这台设备上，请改为草稿后重新拍摄");
    await change(["photos"], (of) => missing.forEach((photo) => void of("photos").put({ ...photo, sent: false })));
  }
  return "server";
}

function visitAddress({ task, visit }: { task: string; visit: string }): string {
  return `/api/v1/inspections/${task}/visits/${visit}`;
}

function photoAddress(photo: Photo): string {
  return `${visitAddress(photo)}/photos/${photo.id}?${takenAt(photo)}`;
}

/** When and where a photo was taken, as the server is told. */
export function takenAt(photo: Photo): URLSearchParams {
  const query = new URLSearchParams({ device_at: photo.device_at });
  if (photo.item) query.set("item", photo.item);
  if (photo.position) {
    query.set("longitude", String(photo.position.longitude));
    query.set("latitude", String(photo.position.latitude));
    if (photo.position.accuracy_m !== null) query.set("accuracy_m", String(photo.position.accuracy_m));
  }
  return query;
}

/** The answer, or why there is none that says anything about what was sent. */
export async function post(address: string, body: BodyInit, type: string): Promise<Response | Exclude<Halt, null>> {
  let answer: Response;
  try {
    const signal = AbortSignal.timeout(SECONDS_PER_REQUEST * 1000);
    answer = await fetch(address, { method: "POST", body, headers: { "content-type": type }, signal, redirect: "error" });
  } catch {
    return "offline";
  }
  if (answer.status === 401) return "signed_out";
  // Too busy or broken: nothing was said about the result, so it stays as it is.
  return answer.status >= 500 || answer.status === 429 ? "server" : answer;
}

export async function wordsOf(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { detail?: string } | null;
  return problem?.detail ?? `服务器没有接受（${answer.status}）`;
}

async function refuse(result: Result, message: string): Promise<null> {
  await put("results", { ...result, state: "refused", message });
  return null;
}

/** With the server. What had become of the task meanwhile stays to be read. */
async function settle(result: Result, conflict: string | null): Promise<void> {
  const photos = await photosOf(result.visit);
  await change(["results", "photos"], (of) => {
    photos.forEach((photo) => void of("photos").delete(photo.id));
    if (conflict === null) of("results").delete(result.visit);
    else of("results").put({ ...result, state: "conflict", message: conflict });
  });
}

export async function resultsOf(account: string): Promise<Result[]> {
  const results = await readAll("results");
  const own = results.filter((result) => result.account === account);
  return own.sort((a, b) => a.finding.device_at.localeCompare(b.finding.device_at));
}

/** What others left on this device; only they can send it. */
export async function resultsOfOthers(account: string): Promise<Result[]> {
  const results = await readAll("results");
  return results.filter((result) => result.account !== account && result.state !== "conflict");
}

/** Form and outbox change together: the result is in one of them, never in both or neither. */
export function save(result: Result): Promise<void> {
  return change(["results", "drafts"], (of) => {
    of("results").put(result);
    of("drafts").delete(result.task);
  });
}

export function tryAgain(result: Result): Promise<void> {
  return put("results", { ...result, state: "waiting", message: "" });
}

export function dismiss(result: Result): Promise<void> {
  return change(["results"], (of) => void of("results").delete(result.visit));
}

/** A refused result becomes a form again, under new numbers, because the old ones may be half on record. */
export async function reopen(result: Result): Promise<void> {
  const photos = await photosOf(result.visit);
  const open = await read("drafts", result.task);
  const visit = open?.visit ?? newId();
  const answers = Object.fromEntries(
    result.finding.answers.map(({ item, answer, figure, comment }) => [item, { answer, figure: figure ?? "", comment: comment ?? "" }]),
  );
  const draft: Draft = open ?? { task: result.task, visit, account: result.account, answers, note: result.finding.note ?? "" };
  await change(["results", "drafts", "photos"], (of) => {
    of("results").delete(result.visit);
    of("drafts").put(draft);
    for (const photo of photos) {
      of("photos").delete(photo.id);
      of("photos").put({ ...photo, id: newId(), visit, sent: false });
    }
  });
}
