import type { Strings } from "../i18n/strings";
import type { Attachment } from "../protocol/entry";
import { element } from "./element";
import { icon } from "./icon";

export function renderAttachment({ title, url, mediaType }: Attachment, strings: Strings): HTMLElement {
  const kind = mediaType === "application/pdf" ? "PDF" : new URL(url).hostname;
  return element(
    "a",
    { class: "attachment", href: url, target: "_blank", rel: "noopener noreferrer" },
    element("span", { class: "attachment-icon" }, icon("file")),
    element(
      "span",
      { class: "attachment-words" },
      element("span", { class: "attachment-title" }, title),
      element("span", { class: "attachment-kind" }, `${kind} · ${strings.newTab}`),
    ),
  );
}
