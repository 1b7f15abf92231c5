/** The cells of `npm run chaos` that each test run plays. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CELLS, type Cell } from './cells.js'
import { type ChaosSystem, openChaosSystem } from './chaos-system.js'
import { type Outcome, playCell } from './play-cell.js'
import { tableOf } from './table.js'

let on: ChaosSystem
const outcomes: Outcome[] = []
beforeAll(async () => {
  on = await openChaosSystem()
}, 600_000)
afterAll(async () => {
  console.log(tableOf(outcomes))
  await on?.close()
})

const titleOf = ({ fault, target, stage, when }: Cell) =>
  [`${fault} ${target}: ${stage}`, when].filter(Boolean).join(', ')

it.each(CELLS.map((cell, index) => ({ cell, index, title: titleOf(cell) })))(
  '$title',
  async ({ index, cell }) => {
    const outcome = await playCell(on, cell, index)
    outcomes.push(outcome)
    expect(outcome.problems).toEqual([])
  },
  600_000,
)
