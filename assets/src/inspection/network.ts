import { byId } from "../shared/dom";
import type { Halt } from "./outbox";

/** Whether the server is reached, and the way back to it when the session has run out. */
export function showNetwork(halt: Halt, page: string): void {
  const badge = byId("field-network");
  const words = { offline: "无网络", signed_out: "未登录", server: "服务器忙" };
  badge.textContent = halt ? words[halt] : "已连接";
  badge.className = `badge ${halt ? "bg-orange-lt" : "bg-green-lt"}`;
  badge.dataset["halt"] = halt ?? "";
  const message = byId("field-message");
  message.hidden = halt !== "signed_out";
  if (halt !== "signed_out") return;
  const link = document.createElement("a");
  link.href = `/sign-in?next=${page}`;
  link.className = "alert-link";
  link.textContent = "重新登录";
  message.replaceChildren("登录已过期。保存的结果仍在本机，请", link, "后发送。");
}
