type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [15, 17, 26];
// Some greys are too dark for ink and too light for white: pure black is readable on all of those.
const BLACK: Rgb = [0, 0, 0];
const READABLE = 4.5;

export interface Palette {
  /** The brand colour, as a surface. */
  readonly accent: string;
  /** Text on the brand colour: white where it is readable there, otherwise near-black. */
  readonly onAccent: string;
  /** The brand colour made dark enough to be text and outline on white. */
  readonly accentInk: string;
}

/** Colours readable at 4.5:1 or better from any brand colour; null when the text is not `#rgb` or `#rrggbb`. */
export function palette(color: string): Palette | null {
  const accent = parseHex(color);
  if (!accent) return null;
  const onAccent = [WHITE, INK].find((text) => contrast(accent, text) >= READABLE) ?? BLACK;
  let ink = accent;
  while (contrast(ink, WHITE) < READABLE) ink = [ink[0] * 0.94, ink[1] * 0.94, ink[2] * 0.94];
  return { accent: toHex(accent), onAccent: toHex(onAccent), accentInk: toHex(ink) };
}

/** The WCAG 2 contrast ratio of two colours. */
export function contrastOf(first: string, second: string): number {
  const [one, two] = [parseHex(first), parseHex(second)];
  return one && two ? contrast(one, two) : 1;
}

function contrast(one: Rgb, two: Rgb): number {
  const [bright, dark] = [luminance(one), luminance(two)].sort((a, b) => b - a) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parseHex(text: string): Rgb | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (!digits) return null;
  const full = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16)) as [number, number, number];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => Math.floor(channel).toString(16).padStart(2, "0")).join("")}`;
}
