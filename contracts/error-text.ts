import { boundedText } from './bounded-text.js'

/** The message of anything that was thrown: its own for an Error, its text for anything else. */
export const errorText = (error: unknown): string => boundedText(error instanceof Error ? error.message : String(error))
