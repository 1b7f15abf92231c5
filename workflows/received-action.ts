/** Signals and updates from outside, read as operator actions. */
import { patched, uuid4 } from '@temporalio/workflow'
import { LONGEST_NAME, NAME_RULE, shortReason } from '../contracts/limits.js'
import type { ReceivedAction } from '../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../contracts/names.js'
import { recordable } from '../contracts/recordable-text.js'
import { whyUndecodable } from '../contracts/undecodable.js'
import { UNNAMED } from './visibility.js'

const LONGEST_PROOF = 200

export const isAction = (name: string): name is OperatorActionName => OPERATOR_ACTIONS.some((known) => known === name)

export const noAction = (name: string | undefined): string => `"${name}" is none of ${OPERATOR_ACTIONS.join(', ')}`

/** The Web UI can send anything: a signal without a name or reason is recorded as such and never dropped. */
export function signalled(action: string, sent: unknown): ReceivedAction {
  const { by, reason, id, approves, proof } = noteOf(sent)
  const textOf = (value: unknown) => shortReason(recordable(wholeText(value)))
  return {
    // Without an id each signal is an action of its own: the same pause after a resume is another pause.
    id: (tooLong(id) ? '' : textOf(id)) || uuid4(),
    action: textOf(action),
    by: textOf(by) || UNNAMED,
    reason: textOf(reason) || 'no reason given',
    ...(approves === true ? { approves } : {}),
    ...(isProof(proof) ? { proof } : {}),
  }
}

function noteOf(sent: unknown): Record<string, unknown> {
  const note = whyUndecodable(sent) === null ? sent : {}
  return (typeof note === 'string' ? { reason: note } : (note ?? {})) as Record<string, unknown>
}

const wholeText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

/** Earlier builds took a long name or id, shortened: two of them could be one. */
const tooLong = (value: unknown): boolean =>
  wholeText(value).length > LONGEST_NAME && patched('names-and-ids-have-a-limit')

/** @returns why a signal is refused though it can be decoded; null for one whose name and id are short enough */
export function beyondLimits(sent: unknown): string | null {
  const note = noteOf(sent)
  const field = (['id', 'by'] as const).find((one) => tooLong(note[one]))
  return field === undefined ? null : `refused: ${field} ${NAME_RULE}`
}

/** @param sent all arguments of a signal @returns why it is refused; null when each of them could be decoded */
export function notDecoded(sent: readonly unknown[]): string | null {
  const why = sent.map(whyUndecodable).find((found) => found !== null)
  return why === undefined ? null : `refused: ${why}; send plain JSON such as {"by":"ana","reason":"storm"}`
}

const isProof = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_PROOF

/** @returns what is wrong with an update, for the caller that waits for its answer; null when it is well-formed */
export function malformed(action: ReceivedAction | undefined): string | null {
  const why = whyUndecodable(action)
  if (why !== null) return why
  if (!action || !isAction(action.action)) return `action: ${noAction(action?.action)}`
  for (const field of ['id', 'by', 'reason'] as const) {
    const text = action[field]
    if (typeof text !== 'string' || text.trim() === '') return `${field}: must not be empty`
    // A reason is shortened when it is taken.
    if (field !== 'reason' && text.length > LONGEST_NAME) return `${field}: ${NAME_RULE}`
    if (text !== recordable(text)) return `${field}: must not contain a NUL or half of a surrogate pair`
  }
  const { proof, approves = true } = action
  if (proof !== undefined && !isProof(proof)) return `proof: must be a text of at most ${LONGEST_PROOF} characters`
  if (approves !== true) return 'approves: must be true or absent'
  return null
}
