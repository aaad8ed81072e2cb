// Small comforts on top of pages that work without them: local times, a chat log that follows, a copy button, a reply box, a text that tells its origin.
(() => {
  "use strict";

  const formats = {
    clock: { hour: "2-digit", minute: "2-digit" },
    full: { dateStyle: "medium", timeStyle: "short" },
  };

  // The page's language, in the reader's regional variant of it.
  const page = document.documentElement.lang;
  const language = navigator.languages.find((each) => each.split("-")[0] === page) ?? page;

  function showLocalTimes(root) {
    for (const element of root.querySelectorAll("time[data-show]")) {
      const at = new Date(element.dateTime);
      element.title = at.toLocaleString(language, formats.full);
      if (element.textContent === element.dateTime.slice(0, 10)) element.textContent = at.toLocaleDateString(language, { dateStyle: "medium" });
      if (element.dataset.show === "moment") element.textContent = element.title;
      if (element.dataset.show === "clock") element.textContent = at.toLocaleTimeString(language, formats.clock);
    }
  }

  function offerCopying(root) {
    for (const button of root.querySelectorAll("button[data-copy]")) {
      button.hidden = !navigator.clipboard;
      button.onclick = async () => {
        await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
        button.textContent = button.dataset.copied;
      };
    }
  }

  const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const toEnd = (log) => log.scrollTo({ top: log.scrollHeight });

  // A reader who scrolled up stays where they are; one at the end sees what is said next.
  function followConversation(log) {
    let following = true;
    log.addEventListener("scroll", () => { following = isAtEnd(log); }, { passive: true });
    new MutationObserver(() => {
      if (following) toEnd(log);
      const box = document.getElementById("reply-text");
      if (box && box === document.activeElement) box.form.scrollIntoView({ block: "nearest" });
    }).observe(log, { childList: true, subtree: true });
    toEnd(log);
  }

  // Enter sends and Shift+Enter starts a new line. What could not be sent stays where it was written.
  function offerReplying(root) {
    for (const form of root.querySelectorAll("form[data-reply]:not([data-ready])")) {
      form.dataset.ready = "";
      const box = form.querySelector("textarea");
      const trouble = form.querySelector("[role=alert]");
      let sent = "";
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit();
      });
      form.addEventListener("htmx:beforeRequest", () => { sent = box.value; trouble.textContent = ""; });
      form.addEventListener("replied", (event) => {
        form.elements.id.value = event.detail.next;
        if (box.value === sent) box.value = "";
      });
      form.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
        const explained = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
        trouble.textContent = explained && xhr.responseText ? xhr.responseText : form.dataset.unreachable;
      });
      form.addEventListener("htmx:sendError", () => { trouble.textContent = form.dataset.unreachable; });
    }
  }

  // A reply box in which something is written stays, even when a colleague hands the conversation back meanwhile.
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (detail.target.id === "reply" && detail.target.querySelector("textarea")?.value) detail.shouldSwap = false;
  });

  // What a reader unfolded stays unfolded when the part around it is renewed.
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    for (const open of detail.target.querySelectorAll("details[id][open]")) {
      detail.fragment.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
    }
  });

  // A strategy tells where each of its paragraphs came from: to the mouse over it, to the keyboard on its marker, to a tap.
  function offerOrigins(page) {
    const panel = page.querySelector("[data-panel]");
    const place = panel.querySelector("[data-shown]");
    const hint = [...place.childNodes];
    let current = null;

    function close() {
      current?.removeAttribute("data-current");
      current = null;
      panel.removeAttribute("data-open");
      place.replaceChildren(...hint);
    }

    for (const marker of page.querySelectorAll("button.origin")) {
      const block = document.getElementById(marker.dataset.block);
      const origin = document.getElementById(`o-${marker.dataset.block}`);
      if (!block || !origin) continue;
      marker.setAttribute("aria-describedby", origin.id);
      const show = () => {
        if (current === block) return;
        close();
        current = block;
        block.setAttribute("data-current", "");
        panel.setAttribute("data-open", "");
        place.replaceChildren(...origin.cloneNode(true).childNodes);
        // On a telephone the panel lies over the lower half of the page.
        if (getComputedStyle(panel).position === "fixed") marker.scrollIntoView({ block: "nearest" });
      };
      block.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(); });
      marker.addEventListener("focus", show);
      for (const element of [block, marker]) element.addEventListener("click", show);
    }
    page.querySelector("[data-close]").addEventListener("click", close);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  }

  // A file that is too large is told at once, not after it was sent.
  function weighFiles(field) {
    const box = document.createElement("p");
    box.className = "fault";
    box.setAttribute("role", "alert");
    field.after(box);
    field.addEventListener("change", () => {
      const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.largest));
      box.textContent = isTooLarge ? field.dataset.tooLarge : "";
      if (isTooLarge) field.value = "";
    });
  }

  // The badge changes silently; a screen reader hears it when one more visitor waits.
  function announceWaiting(badge) {
    const count = () => Number(badge.querySelector("[data-waiting]")?.dataset.waiting ?? 0);
    const announcement = document.getElementById("announcement");
    let known = count();
    badge.addEventListener("htmx:afterSwap", () => {
      const waiting = count();
      if (waiting === known) return;
      announcement.textContent = waiting > known ? announcement.dataset.somebody : "";
      known = waiting;
    });
  }

  // What takes a while says so once it is on its way, and is not sent twice.
  function showBusy(form) {
    const told = form.querySelector("[data-busy-text]");
    const rest = () => { form.removeAttribute("aria-busy"); told.textContent = ""; };
    form.addEventListener("submit", (event) => {
      if (form.hasAttribute("aria-busy")) { event.preventDefault(); return; }
      form.setAttribute("aria-busy", "true");
      if (!event.submitter?.name) told.textContent = told.dataset.busyText;
    });
    window.addEventListener("pageshow", rest);
  }

  showLocalTimes(document);
  document.querySelectorAll("form[data-busy]").forEach(showBusy);
  offerCopying(document);
  offerReplying(document);
  document.querySelectorAll("#waiting").forEach(announceWaiting);
  document.querySelectorAll("[data-follow]").forEach(followConversation);
  document.querySelectorAll("[data-origins]").forEach(offerOrigins);
  document.querySelectorAll("input[data-largest]").forEach(weighFiles);
  document.addEventListener("htmx:load", (event) => {
    showLocalTimes(event.detail.elt.parentElement ?? document);
    offerCopying(document);
    offerReplying(document);
  });
})();
