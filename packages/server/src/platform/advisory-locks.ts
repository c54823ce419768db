/** The advisory locks of PostgreSQL that go by a number alone, in one place: under one number two of them would be taken for each other. */

/** What versions that run side by side know each other by: a number stays what it is. */
export const LOCKS = {
  /** Held by whoever migrates, and while a start looks what there is. */
  migration: 7_046_029_254,
  /** Held for the statement: of instances that look at the same moment one does what is due. */
  look: 7_046_029_255,
  /** Held from the announcement of something breaking until it is done: nothing comes of one that nobody stands behind. */
  announcement: 7_046_029_257,
  /** Held while a batch of what is too old is removed: one instance at a time. */
  retention: 7_046_029_258,
} as const;
