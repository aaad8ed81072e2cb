/** What the visitor says. The id is chosen once, so that sending it again has no second effect. */
export interface Outgoing {
  readonly id: string;
  /** What the visitor's bubble shows. */
  readonly text: string;
  /** What is sent in place of the text when a button was tapped. */
  readonly payload: string | null;
}
