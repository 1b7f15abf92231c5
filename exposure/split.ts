import { createHash } from 'node:crypto'
import type { Arm } from '../contracts/names.js'

/**
 * Bucket 0..9999 of an entity: sha256(salt ‖ 0x00 ‖ key), first 4 bytes as unsigned big-endian, modulo 10,000. Sticky, and
 * the same in any language.
 */
export function bucketOf(salt: string, entityKey: string): number {
  return createHash('sha256').update(salt).update('\0').update(entityKey).digest().readUInt32BE(0) % 10_000
}

/**
 * Canary: buckets below its weight, so that widening only adds keys. Probation: the holdback is the topmost buckets, with
 * the same salt, so that no entity switches more than once (docs/architecture.md). Weights in basis points.
 */
export function armOf(bucket: number, exposure: { phase: 'canary' | 'probation'; weight: number }): Arm {
  if (exposure.phase === 'canary') return bucket < exposure.weight ? 'canary' : 'production'
  return bucket >= 10_000 - exposure.weight ? 'holdback' : 'production'
}

/** Entity keys are stored hashed: with the salt, so that two releases' logs cannot be joined by it. */
export const hashEntity = (salt: string, entityKey: string): string =>
  createHash('sha256').update(salt).update('\x01').update(entityKey).digest('hex').slice(0, 32)
