/** The split of entities between two arms. Pure, sticky, and the same in any language. */
import { createHash } from 'node:crypto'
import type { ExposurePhase } from '../contracts/exposure.js'
import type { AnsweringArm, Arm } from '../contracts/names.js'
import { shareOf } from './arms.js'

export interface Split {
  /** 0..9999 */
  readonly bucket: number
  /** Basis points of the arm beside production. */
  readonly weight: number
}

/** Bucket 0..9999 of an entity: sha256(salt ‖ 0x00 ‖ key), first 4 bytes as unsigned big-endian, modulo 10,000. */
export function bucketOf(salt: string, entityKey: string): number {
  return createHash('sha256').update(salt).update('\0').update(entityKey).digest().readUInt32BE(0) % 10_000
}

/**
 * Canary: buckets below its weight, so that a wider step only adds entities. Probation: the holdback is the topmost
 * buckets with the same salt, so that an entity switches at most once. Weights in basis points.
 */
export function armOf(bucket: number, { phase, weight }: { phase: ExposurePhase; weight: number }): AnsweringArm {
  if (phase === 'shadow') return 'production'
  if (phase === 'canary') return bucket < weight ? 'canary' : 'production'
  return bucket >= 10_000 - weight ? 'holdback' : 'production'
}

/**
 * Whether a recorded split can have given an arm. The phase is not recorded; production had a share unless the other
 * arm had all.
 */
export function fitsArm(arm: Arm, { bucket, weight }: Split): boolean {
  if (arm === 'shadow') return weight === 0
  if (arm === 'production') return shareOf(arm, weight) > 0
  return armOf(bucket, { phase: arm === 'canary' ? 'canary' : 'probation', weight }) === arm
}

/** Entity keys are stored as a hash with the salt, so that the logs of two releases cannot be joined by it. */
export const hashEntity = (salt: string, entityKey: string): string =>
  createHash('sha256').update(salt).update('\x01').update(entityKey).digest('hex').slice(0, 32)
