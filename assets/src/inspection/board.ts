import { make } from "../shared/dom";
import { nearestFirst } from "./order";
import { here, lengthText } from "./place";
import { routeSketch } from "./sketch";
import type { Pack, Result, Task } from "./types";

/** The tasks in the order one would visit them. */
export function boardOf(pack: Pack, results: Result[]): HTMLElement {
  const board = make("div");
  if (pack.tasks.length === 0) {
    const empty = make("div", "empty card");
    empty.append(make("p", "empty-title", "没有等待检查的任务"), make("p", "empty-subtitle text-secondary", "连上网络后会取得新任务。"));
    board.append(empty);
    return board;
  }
  const start = here();
  const { order, length } = nearestFirst(pack.tasks, start);
  const from = start ? "从您的位置出发" : "从期限最早的任务出发";
  const map = make("div", "mini-map mb-1");
  map.append(routeSketch(order, start));
  const list = make("div", "list-group mb-3");
  list.append(...order.map((task, index) => line(task, index, results)));
  board.append(map, make("p", "text-secondary mb-2", `${from}，先近后远，直线约 ${lengthText(length)}（直线距离，不是道路）。`), list);
  if (pack.left_out) {
    board.append(make("p", "text-secondary", `另有 ${pack.left_out} 项期限更晚的任务没有带上，办完这些再取。`));
  }
  board.append(make("p", "text-secondary small", `任务取得于 ${new Date(pack.fetched_at).toLocaleString("zh-CN")}`));
  return board;
}

function line(task: Task, index: number, results: Result[]): HTMLElement {
  const link = make("a", "list-group-item list-group-item-action");
  link.href = `#${task.id}`;
  link.dataset["task"] = task.id;
  const head = make("div", "d-flex gap-2 align-items-start");
  const words = make("div", "flex-fill");
  words.append(
    make("div", "mh-code", task.parcel),
    make("div", "", [task.parcel_name, task.stage_name].filter(Boolean).join("　")),
    make("div", "text-secondary small", `期限 ${task.due}　${task.purpose}`),
  );
  const badges = make("div", "d-flex flex-column gap-1 align-items-end");
  if (task.overdue_days) badges.append(make("span", "badge bg-red-lt", `逾期 ${task.overdue_days} 天`));
  if (task.last_outcome === "fail") badges.append(make("span", "badge bg-orange-lt", "复查"));
  if (results.some((result) => result.task === task.id && result.state === "waiting")) {
    badges.append(make("span", "badge bg-yellow-lt", "已保存，待发送"));
  }
  head.append(make("span", "badge bg-blue-lt", String(index + 1)), words, badges);
  link.append(head);
  return link;
}
