export const MEGABYTE = 1024 * 1024;

/** A size in bytes as people read it: "2.4 MB", in French "2,4 Mo". */
export function fileSize(bytes: number, locale: string): string {
  const large = bytes >= MEGABYTE;
  const unit = large ? "megabyte" : "kilobyte";
  const amount = large ? bytes / MEGABYTE : Math.max(1, Math.round(bytes / 1024));
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(amount);
}
