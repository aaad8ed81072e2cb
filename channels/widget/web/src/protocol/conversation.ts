/** The right to speak in one conversation. */
export interface Conversation {
  readonly id: string;
  readonly token: string;
}
