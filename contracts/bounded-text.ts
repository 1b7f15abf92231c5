/**
 * Texts of errors: bounded where they become a failure, since data and trainers may put anything into them. Zod-free.
 */
/** In characters. Temporal refuses a failure of 2 MB, and the activity would end as one that sends no heartbeats. */
export const LONGEST_MESSAGE = 4_000
/** The end often says what to do next. */
const END = 500

/** The same text, its middle left out where it is longer than any reader needs. */
export function boundedText(text: string, longest = LONGEST_MESSAGE): string {
  if (text.length <= longest) return text
  const mark = ` … [${text.length - longest} characters left out] … `
  const start = text.slice(0, longest - END - mark.length)
  // A cut may leave half of a surrogate pair, which nothing can store.
  return `${start}${mark}${text.slice(-END)}`.replace(/\p{Surrogate}/gu, '\ufffd')
}
