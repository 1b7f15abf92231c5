/**
 * A move of the alias production or canary. What kind of move it was is told by its key, which only this file reads.
 */
import { z } from 'zod'
import { ALIASES, ofOpening } from '../names.js'
import { nonEmpty } from '../schemas/common.js'
import { identity, releaseId } from './fields.js'

export const aliasMoveBody = z
  .strictObject({
    alias: z.enum(ALIASES).describe('The alias that moved.'),
    from: releaseId.nullable().describe('The release it pointed at; null for none.'),
    to: releaseId.nullable().describe('The release it points at; null for none.'),
    actor: nonEmpty.describe('Who moved it: a person, or the workflow id of a run.'),
    identity: identity.optional(),
    reason: nonEmpty.describe('Why it was moved.'),
    workflowId: nonEmpty.nullable().describe('The run it belongs to; null for a move outside any run.'),
    evidence: nonEmpty.nullable().describe('Digest of what the move rests on; null for none.'),
  })
  .describe('A move of the alias production or canary.')
export type AliasMoveBody = z.infer<typeof aliasMoveBody>

const PROMOTION = ':promote'
const REVERT = ':revert'
const ROLLBACK = 'rollback:'

export const promotionKey = (workflowId: string): string => `${workflowId}${PROMOTION}`
export const revertKey = (workflowId: string): string => `${workflowId}${REVERT}`
export const rollbackKey = (id: string): string => `${ROLLBACK}${id}`
/** @param subject `init/<project>` */
export const baselineKey = (subject: string): string => `${subject}:production`
export const canaryOpenKey = (workflowId: string, opening?: number): string =>
  `${workflowId}:canary:open${ofOpening(opening)}`
export const canaryCloseKey = (workflowId: string, opening?: number): string =>
  `${workflowId}:canary:close${ofOpening(opening)}`
export const terminatedCloseKey = (workflowId: string): string => `${workflowId}:canary:close:terminated`

interface Move {
  readonly key: string
}

/** An operator's rollback of production. */
export const isRollback = ({ key }: Move): boolean => key.startsWith(ROLLBACK)

/** The run whose candidate this move made production; null for any other move. */
export const promotedBy = (move: Move): string | null =>
  move.key.endsWith(PROMOTION) && !isRollback(move) ? move.key.slice(0, -PROMOTION.length) : null

export const isPromotion = (move: Move): boolean => promotedBy(move) !== null

const OVERRIDE = 'override:'

/** The operator's reason, where a promotion was made by hand before its window was over; null for any other move. */
export const overrideReason = (move: Move & { readonly body: AliasMoveBody }): string | null =>
  isPromotion(move) && move.body.reason.startsWith(OVERRIDE) ? move.body.reason.slice(OVERRIDE.length) : null
