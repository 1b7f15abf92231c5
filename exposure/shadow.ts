/** Which decisions of production the candidate of a shadow scores too. Pure. */
import type { ExposedRun } from '../contracts/exposure.js'

/** Basis points of the entities whose requests the candidate of this run scores too; 0 outside a shadow. */
export const shadowShareOf = ({ phase, input }: Pick<ExposedRun, 'phase' | 'input'>): number =>
  phase === 'shadow' ? (input.policy.shadow?.share ?? 0) : 0

/** Sticky by entity, from the stored hash: it can be repeated without the entity's key. */
export const isShadowed = (entityHash: string, share: number): boolean =>
  Number.parseInt(entityHash.slice(0, 8), 16) % 10_000 < share
