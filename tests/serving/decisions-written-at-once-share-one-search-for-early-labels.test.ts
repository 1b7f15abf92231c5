import { expect, it } from 'vitest'
import { createEarlyLabels } from '../../serving/early-labels.js'
import { project } from '../toy-project/index.js'

const other = { ...project, name: 'other' }

/** Each search answers, or fails, when `finish` is called. */
function world() {
  const searches: string[][] = []
  const open: ((error?: Error) => void)[] = []
  const reported: unknown[] = []
  const joinEarly = async ({ name }: { name: string }, ids: readonly string[] = []) => {
    searches.push([name, ...ids])
    await new Promise<void>((resolve, reject) => {
      open.push((error) => (error ? reject(error) : resolve()))
    })
    return 0
  }
  return {
    searches,
    reported,
    written: createEarlyLabels({ joinEarly }, (error) => void reported.push(error)),
    async finish(error?: Error) {
      for (const end of open.splice(0)) end(error)
      await turns()
    },
  }
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
}

it('a hundred decisions written in one turn cause one search, those written during it one more', async () => {
  const { searches, written, finish } = world()
  const ids = (from: number) => Array.from({ length: 100 }, (_, index) => `d${from + index}`)
  for (const id of ids(0)) written(project, id)
  written(other, 'o')
  await turns()
  expect(searches).toEqual([
    ['toy', ...ids(0)],
    ['other', 'o'],
  ])
  for (const id of ids(100)) written(project, id)
  await turns()
  expect(searches).toHaveLength(2)
  await finish()
  expect(searches.slice(2)).toEqual([['toy', ...ids(100)]])
  await finish()
  written(project, 'later')
  await turns()
  expect(searches.slice(3)).toEqual([['toy', 'later']])
})

it('a search that fails is reported, and the next one is made all the same', async () => {
  const { searches, reported, written, finish } = world()
  written(project, 'one')
  await turns()
  written(project, 'two')
  await finish(new Error('the registry is away'))
  expect(reported).toEqual([new Error('the registry is away')])
  expect(searches.slice(1)).toEqual([['toy', 'two']])
})
