import { byId, make } from "../shared/dom";

type Topic = "tiles" | "outlines" | "search" | "filters" | "place" | "plans";

/** The polite line under the map. One message a topic; the latest still standing is shown. */
export class Status {
  private readonly line = byId("map-status");
  private readonly standing = new Map<Topic, { text: string; retry?: () => void }>();

  say(topic: Topic, text: string, retry?: () => void): void {
    if (this.standing.get(topic)?.text === text) return;
    this.standing.delete(topic);
    this.standing.set(topic, retry ? { text, retry } : { text });
    this.show();
  }

  clear(topic: Topic): void {
    if (this.standing.delete(topic)) this.show();
  }

  private show(): void {
    const latest = [...this.standing.values()].at(-1);
    this.line.replaceChildren(latest?.text ?? "");
    this.line.hidden = !latest;
    if (!latest?.retry) return;
    const button = make("button", "btn btn-sm btn-outline-secondary ms-2", "重试");
    button.type = "button";
    button.addEventListener("click", latest.retry);
    this.line.append(button);
  }
}

/** What a failed request means to the person in front of the map. */
export function failureText(what: string, status: number | undefined): string {
  if (status === 401) return `${what}：登录已过期，请重新登录。`;
  if (status === 403) return `${what}：没有查看权限。`;
  if (status) return `${what}：服务器返回错误（${status}）。`;
  return `${what}：无法连接服务器。`;
}
