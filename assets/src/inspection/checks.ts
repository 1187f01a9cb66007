import type { Checklist, Draft, Item } from "./types";

/** What still stands in the way of saving, by question; the server holds the same against it again. */
export function faultsOf(checklist: Checklist, draft: Draft): Map<string, string> {
  const faults = new Map<string, string>();
  for (const item of checklist.items) {
    const fault = faultOf(item, draft);
    if (fault) faults.set(item.code, fault);
  }
  return faults;
}

function faultOf(item: Item, draft: Draft): string | null {
  const given = draft.answers[item.code];
  if (!given?.answer) return "请选择结论";
  if (given.answer === "fail" && given.comment.trim() === "") return "不符合的事项须说明情况";
  if (!item.figure) return null;
  const { name, unit, required, at_most, places } = item.figure;
  const figure = given.figure.trim();
  const looked = given.answer === "pass" || given.answer === "fail";
  if (figure === "") return required && looked ? `请填写${name}（${unit}）` : null;
  if (!/^\d+(\.\d+)?$/.test(figure)) return `${name}应为数字`;
  if ((figure.split(".")[1]?.replace(/0+$/, "").length ?? 0) > places) return `${name}最多 ${places} 位小数`;
  return Number(figure) > Number(at_most) ? `${name}不能超过 ${at_most} ${unit}` : null;
}
