/** Where the content of large parts of an event lies that the log itself does not hold. */

export interface StoredObject {
  readonly id: string;
  readonly place: string;
}

/** As the log has it. */
export interface PageObject extends StoredObject {
  /** Of the event with its content, as JSON. */
  readonly bytes: number;
  /** Of each part of the artifact where its content begins in the object, and its bytes; null: it is in the log. */
  readonly parts: readonly (readonly [number, number] | null)[];
}
