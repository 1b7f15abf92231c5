/** Free of zod: workflow code imports this file. */

/** PostgreSQL's jsonb refuses a NUL and half of a surrogate pair. */
const UNRECORDABLE = /[\p{Surrogate}\0]/gu

/** The same text as it can be recorded: what cannot be is replaced, character by character. */
export const recordable = (text: string): string => text.replace(UNRECORDABLE, '\ufffd')
