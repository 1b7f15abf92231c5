/** Cells in an order that a seed repeats: all possible ones, before one comes again. */
import { chance } from '../toy-project/data.js'
import { type Cell, FAULTS, type FaultName, possibleCells } from './cells.js'

/** @throws Error for an unknown fault */
export function* drawCells(seed: number, only?: string): Generator<Cell, never> {
  const all = possibleCells().filter(({ fault }) => only === undefined || fault === (only as FaultName))
  if (all.length === 0) throw new Error(`--only ${only}: the faults are ${Object.keys(FAULTS).join(', ')}`)
  for (let round = 0; ; round += 1) {
    const order = all.map((cell, index) => ({ cell, at: chance(seed, round, index) }))
    for (const { cell } of order.sort((a, b) => a.at - b.at)) yield cell
  }
}
