/**
 * What a policy requires on the critical slice: a floor, and how much lower than production it may be. A gate that
 * compares a candidate with itself passes one that does nothing anywhere.
 */
import type { GateResult, OfflinePolicy } from '../../contracts/types.js'
import { mean } from './mean.js'

export interface SliceQuality {
  /** What is measured, in words: `recall on critical lanes`. */
  readonly what: string
  /** Quality of each row of the slice, 0 to 1, higher is better; the same rows in both. */
  readonly candidate: readonly number[]
  readonly production: readonly number[]
}

/**
 * 95 % interval of the mean of paired differences, each from -1 to 1. Half a pair for each release is added, as for
 * paired shares (Agresti and Min 2005), so that a few equal rows do not look certain.
 */
export function pairedInterval(differences: readonly number[]): { low: number; high: number } {
  const n = differences.length + 2
  const sum = differences.reduce((total, one) => total + one, 0)
  const squares = differences.reduce((total, one) => total + one * one, 1)
  const half = 1.959964 * Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / n)
  return { low: Math.max(-1, sum / n - half), high: Math.min(1, sum / n + half) }
}

/**
 * The gate, failed too where the quality is below the floor or may be lower than production's by more than the policy
 * allows.
 * @param measured undefined or without rows: nothing was measured, which is no pass
 */
export function withSliceLimits(
  gate: GateResult,
  measured: SliceQuality | undefined,
  { criticalFloor, criticalLoss }: OfflinePolicy = {},
): GateResult {
  if (!measured || measured.candidate.length === 0) {
    const detail = `${gate.detail}; ${measured?.what ?? 'the critical slice'} cannot be measured: no row of it is held out`
    return { ...gate, passed: false, detail }
  }
  const [own, theirs] = [mean(measured.candidate), mean(measured.production)]
  const { low, high } = pairedInterval(
    measured.candidate.map((value, row) => value - (measured.production[row] as number)),
  )
  const faults = [
    ...(criticalFloor === undefined ? (own > 0 ? [] : ['it is 0']) : []),
    ...(criticalFloor !== undefined && own < criticalFloor ? [`below the floor ${criticalFloor}`] : []),
    ...(criticalLoss !== undefined && low < -criticalLoss ? [`it may be more than ${criticalLoss} lower`] : []),
  ]
  const limits = [
    ...(criticalFloor === undefined ? [] : [`floor ${criticalFloor}`]),
    ...(criticalLoss === undefined ? [] : [`at most ${criticalLoss} lower`]),
  ]
  const difference = `${signed(own - theirs)} [${signed(low)}, ${signed(high)}] against production`
  const allowed = limits.length === 0 ? '' : ` (${limits.join(', ')})`
  const failed = faults.length === 0 ? '' : `: ${faults.join(', ')}`
  const detail = `${gate.detail}; ${measured.what} ${own.toFixed(3)}, ${difference}${allowed}${failed}`
  return { ...gate, passed: gate.passed && faults.length === 0, detail }
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(3)}`
