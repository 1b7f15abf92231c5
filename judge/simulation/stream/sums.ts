/** The sums of one simulated day, and the sums by entity that grow from day to day. */

export interface ArmSums {
  exposed: number
  labelled: number
  lossSum: number
  lossSumSquares: number
  entities: number
  newEntities: number
  clusterSquares: number
}

/** Sums over entities of (Σ ± weight × residual)², up to a day. */
export interface ClusterSums {
  effect: number
  balanced: number
  coverage: number
}

export interface StreamDay {
  readonly weight: number
  readonly canary: Readonly<ArmSums>
  readonly production: Readonly<ArmSums>
  /** Up to and with this day. */
  readonly clusters: Readonly<ClusterSums>
  /** The same for each segment of the world. */
  readonly segments?: readonly (StreamDay & { readonly name: string })[]
}

export const noSums = (): ArmSums => ({
  exposed: 0,
  labelled: 0,
  lossSum: 0,
  lossSumSquares: 0,
  entities: 0,
  newEntities: 0,
  clusterSquares: 0,
})

/** Σ (Σ x)² over entities, kept while values arrive one by one. */
export class SquaredSums {
  private readonly sums: Float64Array
  total = 0

  /** @param size number of entities; 0 if none returns */
  constructor(size: number) {
    this.sums = new Float64Array(size)
  }

  add(entity: number, value: number): void {
    const before = entity < 0 ? 0 : (this.sums[entity] as number)
    this.total += value * (2 * before + value)
    if (entity >= 0) this.sums[entity] = before + value
  }
}
