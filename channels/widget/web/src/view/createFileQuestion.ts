import type { Locale } from "../i18n/locale";
import type { Strings } from "../i18n/strings";
import type { InputHint } from "../protocol/entry";
import type { Upload } from "../protocol/uploadFile";
import { createButton } from "./createButton";
import { element } from "./element";
import { fileKinds } from "./fileKinds";
import { fileSize, MEGABYTE } from "./fileSize";
import { icon } from "./icon";
import type { Intents } from "./intents";

export interface FileQuestion {
  readonly root: HTMLElement;
  /** Gives up what is under way: the question is no longer asked. */
  stop(): void;
}

/** More than this no bot takes, whatever the question allows. */
const LARGEST_MB = 10;

/** A file as an answer: chosen or dropped, checked, sent with its progress shown, and only then said. */
export function createFileQuestion(
  hint: InputHint,
  strings: Strings,
  locale: Locale,
  upload: Intents["upload"],
  say: (text: string, payload: string) => void,
): FileQuestion {
  const kinds = fileKinds(hint.mediaTypes);
  const largest = Math.min(typeof hint.max === "number" ? hint.max : LARGEST_MB, LARGEST_MB) * MEGABYTE;
  const input = element("input", { type: "file", accept: kinds.accept, hidden: true });
  const limits = strings.fileLimits(kinds.shown, fileSize(largest, locale));
  const choose = createButton(
    { class: "confirm file-choose", "aria-describedby": "file-limits" },
    () => input.click(),
    icon("file"),
    strings.chooseFile,
  );
  const offer = element(
    "div",
    { class: "file-offer" },
    choose,
    element("p", { class: "file-limits" }, element("span", { class: "file-drop" }, strings.dropFile), element("span", { id: "file-limits" }, limits)),
  );
  const bar = element("div", { class: "file-bar" }, element("i"));
  bar.setAttribute("role", "progressbar");
  const about = element("p", { class: "file-about" });
  const cancel = createButton({ class: "banner-action" }, giveUp, strings.cancel);
  const retry = createButton({ class: "banner-action", hidden: true }, () => last && void send(last.file, last.mediaType), strings.retry);
  const work = element("div", { class: "file-work", hidden: true }, about, bar, element("div", { class: "file-actions" }, retry, cancel));
  const problem = element("p", { class: "file-problem", role: "alert" });
  const root = element("div", { class: "file" }, input, offer, work, problem);
  let under: Upload | null = null;
  let last: { file: File; mediaType: string } | null = null;

  /** `instead`: what may be sent in its place. */
  function complain(words: string, instead?: string): void {
    const sentence = instead === undefined ? words : `${words} ${strings.fileInstead(instead)}`;
    problem.replaceChildren(...(words ? [icon("warning"), element("span", {}, sentence)] : []));
  }

  /** Focus moves along with what it was on, and is never taken from elsewhere. */
  function show(working: boolean, next: HTMLElement): void {
    const focused = root.matches(":focus-within");
    offer.hidden = working;
    work.hidden = !working;
    retry.hidden = next !== retry;
    bar.hidden = next === retry;
    if (focused) next.focus();
  }

  function progress(share: number): void {
    (bar.firstElementChild as HTMLElement).style.setProperty("transform", `scaleX(${share})`);
    bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  }

  function take(file: File | undefined): void {
    if (!file || under) return;
    const mediaType = kinds.typeOf(file.name, file.type);
    if (!mediaType) return complain(strings.fileWrongKind, limits);
    if (file.size === 0) return complain(strings.fileRefused, limits);
    if (file.size > largest) return complain(strings.fileTooLarge, limits);
    last = { file, mediaType };
    about.replaceChildren(icon("file"), element("span", { class: "file-name" }, file.name), ` ${fileSize(file.size, locale)}`);
    bar.setAttribute("aria-label", file.name);
    void send(file, mediaType);
  }

  async function send(file: File, mediaType: string): Promise<void> {
    complain("");
    show(true, cancel);
    progress(0);
    under = upload(hint.question, file, mediaType, progress);
    const result = under && (await under.done);
    under = null;
    if (result?.kind === "ok") {
      say(file.name, `/answer${JSON.stringify({ question: hint.question, value: { file: result.value } })}`);
    } else if (result?.kind === "refused") {
      show(false, choose);
      complain(strings.fileRefused, limits);
    } else {
      show(true, retry);
      complain(strings.unreachable);
    }
  }

  function giveUp(): void {
    stop();
    complain("");
    show(false, choose);
  }

  function stop(): void {
    under?.cancel();
    under = null;
  }

  input.addEventListener("change", () => {
    take(input.files?.[0]);
    // The same file again shall be a change too.
    input.value = "";
  });
  for (const type of ["dragover", "dragleave", "drop"]) {
    root.addEventListener(type, (event) => {
      event.preventDefault();
      root.classList.toggle("is-target", type === "dragover");
      if (type === "drop") take((event as DragEvent).dataTransfer?.files[0]);
    });
  }
  return { root, stop };
}
