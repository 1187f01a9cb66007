import { make } from "../shared/dom";
import { recordBeside, reopen } from "./outbox";
import type { SurveyResult } from "./types";

interface Answers {
  send(): void;
  changed(code?: string): void;
}

/** What is saved on this phone and not yet with the server, and what the server said about it. */
export function drawTray(tray: HTMLElement, results: SurveyResult[], others: SurveyResult[], answers: Answers): void {
  const waiting = results.filter((result) => result.state === "waiting");
  tray.hidden = results.length === 0 && others.length === 0;
  tray.dataset["unsent"] = String(waiting.length);
  const body = make("div", "card-body");
  if (waiting.length > 0) {
    const row = make("div", "d-flex align-items-center gap-2");
    row.append(make("span", "flex-fill", `${waiting.length} 宗核实保存在本机，尚未发送`), button("立即发送", answers.send));
    body.append(row);
  }
  body.append(...results.filter((result) => result.state !== "waiting").map((result) => told(result, answers)));
  if (others.length > 0) {
    const people = [...new Set(others.map((result) => result.person))].join("、");
    body.append(make("p", "mb-0 mt-2", `本机另有 ${people} 保存的 ${others.length} 宗核实，须由本人登录后发送。`));
  }
  tray.replaceChildren(body);
}

function button(label: string, act: () => void): HTMLElement {
  const made = make("button", "btn btn-sm", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function told(result: SurveyResult, answers: Answers): HTMLElement {
  const box = make("div", "alert alert-danger mt-2 mb-0");
  const message = make("div", "", `没有被接受：${result.message}`);
  const buttons = make("div", "btn-list mt-2");
  buttons.append(button("改为草稿", () => void reopen(result).then(() => answers.changed(result.code))));
  if (result.state === "stale") {
    const beside = async () => {
      const failed = await recordBeside(result);
      if (failed === null) answers.send();
      else message.textContent = `没有被接受：${failed}`;
    };
    buttons.append(button("仍要登记（两次都保留）", () => void beside()));
  }
  box.append(make("strong", "mh-code", result.code), message, buttons);
  return box;
}
