import { change, put, readAll, remove } from "../inspection/database";
import { newId } from "../inspection/identity";
import { post, wordsOf, type Halt } from "../inspection/outbox";
import type { SurveyDraft, SurveyResult } from "./types";

const CONFLICT = 409;

/** Sends what waits, one visit after the other. Sending again what arrived is harmless. */
export async function sendSurveys(account: string): Promise<Halt> {
  const send = () => sendWaiting(account);
  // Two open pages would only do the same work twice.
  return "locks" in navigator ? navigator.locks.request("muheng-survey-outbox", send) : send();
}

async function sendWaiting(account: string): Promise<Halt> {
  for (const result of (await surveysOf(account)).filter((each) => each.state === "waiting")) {
    const answer = await post(`${address(result)}/visits`, JSON.stringify(result.form), "application/json");
    if (typeof answer === "string") return answer;
    if (answer.ok) await remove("surveyResults", result.visit);
    else {
      const state = answer.status === CONFLICT ? "stale" : "refused";
      await put("surveyResults", { ...result, state, message: await wordsOf(answer) });
    }
  }
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
export function reopen(result: SurveyResult): Promise<void> {
  const draft: SurveyDraft = { key: result.key, account: result.account, visit: { ...result.form, visit: newId() } };
  return change(["surveyResults", "surveyDrafts"], (of) => {
    of("surveyResults").delete(result.visit);
    of("surveyDrafts").put(draft);
  });
}

/** Beside what somebody else recorded meanwhile: both stay, and the later day counts. */
export async function recordBeside(result: SurveyResult): Promise<string | null> {
  const answer = await fetch(address(result), { headers: { accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return answer ? wordsOf(answer) : "没有网络";
  const { version } = (await answer.json()) as { version: number };
  const form = { ...result.form, visit: newId(), version };
  await change(["surveyResults"], (of) => {
    of("surveyResults").delete(result.visit);
    of("surveyResults").put({ ...result, visit: form.visit, form, state: "waiting", message: "" });
  });
  return null;
}
