import { make } from "../shared/dom";
import { htmx } from "../shared/htmx";

const UNSAFE = ["post", "put", "patch", "delete"];

/** Settings that fit the content security policy, the session's token, and words for what fails. */
export function prepareHtmx(): void {
  const library = htmx();
  if (!library) return;
  Object.assign(library.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    // Pages hold what only signed-in people may read: none of it stays in the browser's storage.
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "(409|422)", swap: true },
      { code: "...", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => addToken(event as CustomEvent));
  document.addEventListener("htmx:responseError", (event) => onRefusal(event as CustomEvent));
  document.addEventListener("htmx:sendError", () => say("无法连接服务器，请检查网络后重试。"));
  document.addEventListener("htmx:timeout", () => say("服务器没有及时答复，请稍后重试。"));
  document.addEventListener("htmx:afterRequest", (event) => {
    if ((event as CustomEvent).detail.successful) say("");
  });
}

function addToken(event: CustomEvent): void {
  const token = document.querySelector<HTMLMetaElement>("meta[name='csrf-token']")?.content;
  if (token && UNSAFE.includes(event.detail.verb)) event.detail.headers["X-CSRF-Token"] = token;
}

function onRefusal(event: CustomEvent): void {
  const status = event.detail.xhr.status as number;
  if (status === 401) location.reload();
  else if (status === 403) say("没有权限执行此操作。");
  else say(`请求失败（${status}），请重试；反复出现时请联系管理员。`);
}

function say(text: string): void {
  let line = document.getElementById("page-status");
  if (!line) {
    if (!text) return;
    line = make("div", "mh-page-status alert alert-danger");
    line.id = "page-status";
    line.setAttribute("role", "alert");
    document.body.append(line);
  }
  line.textContent = text;
  line.hidden = text === "";
}
