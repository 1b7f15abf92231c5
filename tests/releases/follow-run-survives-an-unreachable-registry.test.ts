/** A follower of a run, such as the demo, survives failed reads, but gives up after many in a row. */
import { expect, it } from 'vitest'
import { SlipwayError } from '../../contracts/failure.js'
import type { ReleaseRunRecord, RunPart } from '../../registry/index.js'
import { followRun } from '../../releases/follow-run.js'

const away = new SlipwayError('Unavailable', 'no registry database')
const entries = ['trigger', 'verdict'].map((kind, index) => ({ kind, seq: 10 * (index + 1) }))
const after = (known: number, verdict: string | null) =>
  ({ entries: entries.slice(0, known), verdict }) as unknown as ReleaseRunRecord

/** Answers in this order, then repeats the last answer. */
function registry(...answers: readonly (ReleaseRunRecord | Error)[]) {
  let asked = 0
  const run = async (_id: string, part: RunPart = {}) => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer instanceof Error) throw answer
    const found = answer as ReleaseRunRecord
    // As the registry does: only what is new is read.
    return { ...found, entries: found.entries.filter(({ seq }) => seq > (part.after ?? 0)) }
  }
  return { runs: { get: run }, asked: () => asked }
}

it('continues after the last entry once the registry answers again', async () => {
  const silent = Array.from({ length: 15 }, () => away)
  const kinds: string[] = []
  await followRun(
    registry(after(1, null), ...silent, after(1, null), ...silent, after(2, 'held')),
    'x',
    (entry) => kinds.push(entry.kind),
    0,
  )
  expect(kinds).toEqual(['trigger', 'verdict'])
})

it('gives up on a registry that never answers, and at once on an unknown run', async () => {
  const gone = registry(away)
  await expect(followRun(gone, 'x', () => {}, 0)).rejects.toBe(away)
  expect(gone.asked()).toBe(20)
  const unknown = new SlipwayError('BadRequest', 'no release "x"')
  const asked = registry(unknown)
  await expect(followRun(asked, 'x', () => {}, 0)).rejects.toBe(unknown)
  expect(asked.asked()).toBe(1)
})
