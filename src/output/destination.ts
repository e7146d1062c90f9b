/** Where chunks land. */
export interface Destination {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Makes what was written the result; until then a file target is untouched. */
  commit(): Promise<void>;
  /** Leaves no trace of what was written; harmless after commit. */
  abandon(): Promise<void>;
}
