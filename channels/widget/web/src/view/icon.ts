const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  chat: "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5l1.6-4.6A8.4 8.4 0 1 1 21 11.5ZM8.6 11.6h.01M12.5 11.6h.01M16.4 11.6h.01",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  send: "M12 19V5.5M6 11l6-6 6 6",
  back: "M9 14.5L4 9.5l5-5M4 9.5h9.5a6 6 0 0 1 0 12H11",
  person: "M19 20.5c0-3.5-3.1-5.5-7-5.5s-7 2-7 5.5M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
  restart: "M4 4.5v5h5M20 19.5v-5h-5M5.2 14.5a7.5 7.5 0 0 0 13.6 1.3M18.8 9.5A7.5 7.5 0 0 0 5.2 8.2",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5ZM14 3v5h5M9 13h6M9 16.5h4",
  date: "M5 5.5h14v14H5zM5 10h14M9 3.5v4M15 3.5v4",
  pencil: "M4.5 19.5l.9-4L16 4.9a2 2 0 0 1 2.9 0l.2.2a2 2 0 0 1 0 2.9L8.5 18.6ZM14 7l3 3",
  later: "M12 7.5V12l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 8v5M12 16.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon; its button carries the words. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
