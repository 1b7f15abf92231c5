import { expect, it } from 'vitest'
import { createSharedAnswers } from '../../serving/shared-answers.js'

/** Answers when `finish` is called; counts how often it was asked. */
function createQuery() {
  const waiting: (() => void)[] = []
  let asked = 0
  return {
    ask: async () => {
      asked += 1
      const number = asked
      await new Promise<void>((resolve) => void waiting.push(resolve))
      return number
    },
    finish: () => {
      for (const resolve of waiting.splice(0)) resolve()
    },
    asked: () => asked,
  }
}

function world() {
  let now = 0
  const query = createQuery()
  const shared = createSharedAnswers<number>(() => now)
  return { query, ask: (key = 'run') => shared(key, query.ask), pass: (ms: number) => (now += ms) }
}

it('a hundred readers at once cause one query; another run has its own', async () => {
  const { query, ask } = world()
  const readers = Promise.all(Array.from({ length: 100 }, () => ask()))
  const other = ask('another run')
  query.finish()
  expect(new Set(await readers)).toEqual(new Set([1]))
  expect(await other).toBe(2)
})

it('a slow answer is given again for ten times as long, a quick one is not', async () => {
  const { query, ask, pass } = world()
  const answer = async (ms: number) => {
    const asked = ask()
    pass(ms)
    query.finish()
    return asked
  }
  expect(await answer(250)).toBe(1)
  expect(await answer(400)).toBe(2)
  pass(3_999)
  expect(await ask()).toBe(2)
  pass(1)
  expect(await answer(0)).toBe(3)
})

it('a failure is not kept', async () => {
  const shared = createSharedAnswers<number>()
  await expect(shared('run', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await shared('run', async () => 1)).toBe(1)
})
