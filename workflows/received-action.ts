/** Signals and updates from outside, read as operator actions. */
import { uuid4 } from '@temporalio/workflow'
import type { ReceivedAction } from '../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../contracts/names.js'
import { recordable } from '../contracts/recordable-text.js'
import { whyUndecodable } from '../contracts/undecodable.js'
import { UNNAMED } from './visibility.js'

/** In characters: each text is stored in the workflow's history and the ledger, and shown in the Web UI's details. */
const LONGEST = 2_000
const LONGEST_PROOF = 200

export const isAction = (name: string): name is OperatorActionName => OPERATOR_ACTIONS.some((known) => known === name)

export const noAction = (name: string | undefined): string => `"${name}" is none of ${OPERATOR_ACTIONS.join(', ')}`

/** The Web UI can send anything: a signal without a name or reason is recorded as such and never dropped. */
export function signalled(action: string, sent: unknown): ReceivedAction {
  const note = whyUndecodable(sent) === null ? sent : {}
  const { by, reason, id, approves, proof } = (typeof note === 'string' ? { reason: note } : (note ?? {})) as Record<
    string,
    unknown
  >
  const textOf = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? recordable(String(value).trim().slice(0, LONGEST)) : ''
  return {
    // Without an id each signal is an action of its own: the same pause after a resume is another pause.
    id: textOf(id) || uuid4(),
    action: textOf(action),
    by: textOf(by) || UNNAMED,
    reason: textOf(reason) || 'no reason given',
    ...(approves === true ? { approves } : {}),
    ...(isProof(proof) ? { proof } : {}),
  }
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
    if (text.length > LONGEST) return `${field}: must have at most ${LONGEST} characters`
    if (text !== recordable(text)) return `${field}: must not contain a NUL or half of a surrogate pair`
  }
  const { proof, approves = true } = action
  if (proof !== undefined && !isProof(proof)) return `proof: must be a text of at most ${LONGEST_PROOF} characters`
  if (approves !== true) return 'approves: must be true or absent'
  return null
}
