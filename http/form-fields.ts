/** The fields of the form of an operator action, as a browser or anything else may send them. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { ActionFields } from '../console/actions/action-form.js'
import { LONGEST_NAME, LONGEST_REASON } from '../contracts/limits.js'
import { isVisible } from '../contracts/visible-text.js'
import { reasonText, text } from './schemas/shared-fields.js'

export interface SentForm {
  readonly fields: ActionFields
  /** Without an id of the form the same form sent twice would be two actions. */
  readonly hasId: boolean
  readonly csrf: string
  /** The state that the consequence was shown for. */
  readonly seen: string
}

export const newFields = (): ActionFields => ({ reason: '', by: '', id: randomUUID() })

/** A field that is missing or no text is empty. @param names of the fields of this form alone */
export async function readForm(c: Context, names: readonly string[] = []): Promise<SentForm> {
  const body = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)
  const field = (name: string): string => {
    const value = body[name]
    return typeof value === 'string' ? value : ''
  }
  const id = text(LONGEST_NAME).safeParse(field('id'))
  return {
    // Browsers send the line breaks of a textarea as two characters.
    fields: {
      reason: field('reason').replaceAll('\r\n', '\n'),
      by: field('by').trim(),
      id: id.success ? id.data : randomUUID(),
      ...(names.length === 0 ? {} : { more: Object.fromEntries(names.map((name) => [name, field(name).trim()])) }),
    },
    hasId: id.success,
    csrf: field('csrf'),
    seen: field('seen'),
  }
}

/** @param isNamed the session names the person @returns what is wrong; null when nothing is */
export function problemOfFields({ reason, by }: ActionFields, isNamed: boolean): string | null {
  if (!isVisible(reason)) return 'Give a reason: it is recorded with the action.'
  const { length } = reason.trim()
  if (length > LONGEST_REASON) return `The reason has ${length} characters; shorten it to ${LONGEST_REASON}.`
  const why = reasonText.safeParse(reason)
  if (!why.success) return `The reason ${why.error.issues[0]?.message ?? 'cannot be recorded'}.`
  if (isNamed) return null
  if (!isVisible(by)) return 'Give your name: it is recorded with the action.'
  const name = text(200).safeParse(by)
  return name.success ? null : `The name ${name.error.issues[0]?.message ?? 'cannot be recorded'}.`
}
