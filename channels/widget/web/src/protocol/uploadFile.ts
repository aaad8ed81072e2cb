import { asObject, asText, parseJson } from "./json";
import type { Result } from "./result";

export interface Upload {
  /** Settles once the file has arrived, with its id, or can't; never after `cancel`. */
  readonly done: Promise<Result<string>>;
  cancel(): void;
}

export interface UploadTarget {
  readonly url: string;
  readonly token: string;
}

// A phone's slow connection may need minutes for ten megabytes; one that stands still is lost.
const STALLED_MS = 60_000;

/** Sends a file, telling the share that has left (0 to 1). A `fetch` can't tell that, so this is an XMLHttpRequest. */
export function uploadFile({ url, token }: UploadTarget, file: Blob, mediaType: string, onProgress: (share: number) => void): Upload {
  const call = new XMLHttpRequest();
  let stalled: ReturnType<typeof setTimeout> | undefined;
  const moved = (): void => {
    clearTimeout(stalled);
    stalled = setTimeout(() => call.abort(), STALLED_MS);
  };
  let cancelled = false;
  const done = new Promise<Result<string>>((resolve) => {
    call.upload.onprogress = ({ loaded, total }) => {
      moved();
      onProgress(total ? loaded / total : 0);
    };
    call.onloadend = () => {
      clearTimeout(stalled);
      if (!cancelled) resolve(outcome(call));
    };
  });
  call.open("POST", url);
  call.setRequestHeader("Authorization", `Bearer ${token}`);
  call.setRequestHeader("Content-Type", mediaType);
  moved();
  call.send(file);
  return {
    done,
    cancel() {
      cancelled = true;
      call.abort();
    },
  };
}

function outcome({ status, responseText }: XMLHttpRequest): Result<string> {
  const body = asObject(parseJson(responseText));
  const id = asText(body?.["id"]);
  if (status === 201 && id) return { kind: "ok", value: id };
  if (status >= 400 && status < 500 && ![401, 404, 408, 410, 425, 429].includes(status)) {
    return { kind: "refused", reason: asText(body?.["detail"]) || null };
  }
  return { kind: "unreachable", retryAfterMs: null };
}
