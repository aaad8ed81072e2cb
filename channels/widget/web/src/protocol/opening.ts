import type { Page } from "../config/readPage";

/** A visitor's wish for a conversation. The id is chosen once, so that asking again makes no second conversation. */
export interface Opening {
  readonly id: string;
  /** The device's own UUID: experiments keep their variant by it. */
  readonly visitor: string;
  readonly language: string;
  readonly page: Page;
}
