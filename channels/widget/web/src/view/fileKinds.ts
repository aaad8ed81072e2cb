const OFFICE = "application/vnd.openxmlformats-officedocument.";

/** The files a bot takes. The ending decides: browsers know fewer types than people have files. */
const TYPES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  docx: `${OFFICE}wordprocessingml.document`,
  xlsx: `${OFFICE}spreadsheetml.sheet`,
  pptx: `${OFFICE}presentationml.presentation`,
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  csv: "text/csv",
};

export interface FileKinds {
  /** What a file picker shall offer, for an input's `accept`. */
  readonly accept: string;
  /** The kinds as people call them: "PDF, PNG". */
  readonly shown: string;
  /** The media type of an allowed file; null for any other. */
  typeOf(name: string, declared: string): string | null;
}

/** The files a question takes, by patterns such as `image/*`; none means all. */
export function fileKinds(patterns: readonly string[]): FileKinds {
  const allowed = (type: string): boolean =>
    patterns.length === 0 || patterns.some((pattern) => pattern === type || (pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1))));
  const endings = Object.keys(TYPES).filter((ending) => allowed(TYPES[ending] ?? ""));
  const types = [...new Set(endings.map((ending) => TYPES[ending] ?? ""))];
  return {
    accept: [...types, ...endings.map((ending) => `.${ending}`)].join(","),
    shown: types.map((type) => endings.find((ending) => TYPES[ending] === type)?.toUpperCase()).join(", "),
    typeOf(name, declared) {
      const type = TYPES[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? declared;
      return types.includes(type) ? type : null;
    },
  };
}
