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

// A phone's slow connection may need minutes for ten megabytes.
const TIMEOUT_MS = 300_000;
// What the file itself is to blame for; anything else may go better the next time.
const REFUSALS = [400, 413, 415, 422];

/** Sends a file, telling the share that has left (0 to 1). A `fetch` can't tell that, so this is an XMLHttpRequest. */
export function uploadFile({ url, token }: UploadTarget, file: Blob, mediaType: string, onProgress: (share: number) => void): Upload {
  const call = new XMLHttpRequest();
  let cancelled = false;
  const done = new Promise<Result<string>>((resolve) => {
    call.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    call.onloadend = () => {
      if (!cancelled) resolve(outcome(call));
    };
  });
  call.open("POST", url);
  call.timeout = TIMEOUT_MS;
  call.setRequestHeader("Authorization", `Bearer ${token}`);
  call.setRequestHeader("Content-Type", mediaType);
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
  const id = asText(asObject(parseJson(responseText))?.["id"]);
  if (status === 201 && id) return { kind: "ok", value: id };
  return REFUSALS.includes(status) ? { kind: "refused", reason: null } : { kind: "unreachable", retryAfterMs: null };
}
