import { expect, it } from 'vitest'
import { closing } from '../../cli/runtime/interruption.js'

it('a failure is not hidden by another one on the way out', async () => {
  const first = new Error('the database is away')
  const stop = () => Promise.reject(new Error('a worker is still in use'))
  await expect(
    closing(
      async () => ({ stop }),
      () => Promise.reject(first),
    ),
  ).rejects.toBe(first)
})

it('a part that does not stop is said where nothing else went wrong', async () => {
  const last = new Error('a worker is still in use')
  await expect(
    closing(
      async () => ({ stop: () => Promise.reject(last) }),
      async () => {},
    ),
  ).rejects.toBe(last)
})
