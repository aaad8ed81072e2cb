const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  chat: "M21 11.5a8.4 8.4 0 0 1-8.5 8.3c-1.3 0-2.6-.3-3.7-.8L3.5 20.5l1.6-4.6A8 8 0 0 1 4 11.5 8.4 8.4 0 0 1 12.5 3.2 8.4 8.4 0 0 1 21 11.5ZM8.6 11.600h.01M12.5 11.600h.01M16.4 11.600h.01",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.500l6 6 6-6",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  send: "M12 19V5.500M6 11l6-6 6 6",
  back: "M9 14.500L4 9.500l5-5M4 9.500h9.500a6 6 0 0 1 0 12H11",
  person: "M19 20.500c0-3.5-3.1-5.5-7-5.500s-7 2-7 5.500M12 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
  restart: "M4 4.500v5h5M20 19.500v-5h-5M5.2 14.500a7.5 7.5 0 0 0 13.6 1.300M18.8 9.500A7.5 7.5 0 0 0 5.2 8.2",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5ZM14 3v5h5M9 13h6M9 16.500h4",
  date: "M5 5.500h14v14H5zM5 10h14M9 3.500v4M15 3.500v4",
  warning: "M12 8v5M12 16.500h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
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
