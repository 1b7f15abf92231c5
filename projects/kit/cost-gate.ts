import type { GateResult } from '../../contracts/types.js'
import { mean } from './mean.js'

export interface Costs {
  /** Losses of the same held-out rows, one a row. Each release is priced by its own action policy. */
  readonly candidate: ArrayLike<number>
  readonly production: ArrayLike<number>
  /** The project's loss unit, e.g. `cost points per flight`. */
  readonly unit: string
}

/** The required gate `cost_improves`: the candidate's mean loss is below production's. Equal is not enough. */
export function costGate({ candidate, production, unit }: Costs): GateResult {
  const name = 'cost_improves'
  if (candidate.length === 0)
    return {
      name,
      passed: false,
      value: null,
      threshold: null,
      detail: 'no rows are held out, so costs cannot be compared',
    }
  const value = mean(candidate)
  const threshold = mean(production)
  const detail = `${value.toFixed(4)} ${unit}, against ${threshold.toFixed(4)} of production on the same rows`
  return { name, passed: value < threshold, value, threshold, detail }
}
