/**
 * Text that a person can read: a reason of zero-width spaces explains nothing. For what users send, at the entrances
 * only: workflows take an action that is recorded already as it is.
 */
import { SlipwayError } from './failure.js'

/**
 * Spaces, controls, what Unicode shows as nothing (zero-width spaces, fillers), and the Braille pattern without dots.
 */
const INVISIBLE = /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu

export const isVisible = (text: string): boolean => text.replace(INVISIBLE, '') !== ''

export const VISIBLE_RULE = 'must not consist of spaces and invisible characters alone'

/** @throws SlipwayError BadRequest naming the first field of which a person sees nothing */
export function requireVisible(fields: Readonly<Record<string, string>>): void {
  for (const [field, text] of Object.entries(fields))
    if (!isVisible(text)) throw new SlipwayError('BadRequest', `${field} ${VISIBLE_RULE}; write what others can read`)
}
