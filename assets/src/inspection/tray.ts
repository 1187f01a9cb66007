import { make } from "../shared/dom";
import { dismiss, reopen, tryAgain, type Progress } from "./outbox";
import type { Result } from "./types";

interface Answers {
  send(): void;
  changed(task?: string): void;
}

/** What is saved on this phone and not yet with the server, and what the server said about it. */
export function drawTray(tray: HTMLElement, results: Result[], others: Result[], progress: Progress | null, answers: Answers): void {
  const waiting = results.filter((result) => result.state === "waiting");
  const told = results.filter((result) => result.state !== "waiting");
  tray.hidden = results.length === 0 && others.length === 0;
  tray.dataset["unsent"] = String(waiting.length);
  const body = make("div", "card-body");
  if (waiting.length > 0) body.append(...waitingLine(waiting.length, progress, answers));
  body.append(...told.map((result) => toldLine(result, answers)));
  if (others.length > 0) {
    const people = [...new Set(others.map((result) => result.person))].join("、");
    body.append(make("p", "mb-0 mt-2", `本机另有 ${people} 保存的 ${others.length} 条结果，须由本人登录后发送。`));
  }
  tray.replaceChildren(body);
}

function waitingLine(count: number, progress: Progress | null, answers: Answers): HTMLElement[] {
  const busy = progress?.busy ?? false;
  const row = make("div", "d-flex align-items-center gap-2");
  const button = make("button", "btn btn-sm btn-primary", "立即发送");
  button.type = "button";
  button.id = "field-send";
  button.disabled = busy;
  button.addEventListener("click", answers.send);
  row.append(make("span", "flex-fill", `${count} 条结果保存在本机，尚未发送`), button);
  if (!busy || !progress) return [row];
  const bar = make("progress", "w-100 mt-2");
  bar.max = Math.max(1, progress.photosTotal + 1);
  bar.value = progress.photosSent;
  const words = make("div", "small text-secondary", `正在发送：照片 ${progress.photosSent} / ${progress.photosTotal}`);
  return [row, bar, words];
}

function toldLine(result: Result, answers: Answers): HTMLElement {
  const box = make("div", `alert mt-2 mb-0 ${result.state === "conflict" ? "alert-warning" : "alert-danger"}`);
  const refused = result.state === "refused";
  const words = make("div");
  words.append(make("strong", "mh-code", result.parcel), make("div", "", `${refused ? "没有被接受：" : "已送达，但"}${result.message}`));
  const buttons = make("div", "btn-list mt-2");
  const add = (label: string, act: () => Promise<void>, task?: string) => {
    const button = make("button", "btn btn-sm", label);
    button.type = "button";
    button.addEventListener("click", () => void act().then(() => answers.changed(task)));
    buttons.append(button);
  };
  if (refused) {
    add("再次发送", () => tryAgain(result).then(answers.send));
    add("改为草稿", () => reopen(result), result.task);
  } else add("知道了", () => dismiss(result));
  box.append(words, buttons);
  return box;
}
