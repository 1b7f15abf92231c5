import { expect, it } from 'vitest'
import { closing } from '../../cli/runtime/interruption.js'

it('a failure of the work is not hidden by a failure to stop', async () => {
  const first = new Error('the database is unreachable')
  const stop = () => Promise.reject(new Error('a worker is still in use'))
  await expect(
    closing(
      async () => ({ stop }),
      () => Promise.reject(first),
    ),
  ).rejects.toBe(first)
})

it('a failure to stop is reported if nothing else failed', async () => {
  const last = new Error('a worker is still in use')
  await expect(
    closing(
      async () => ({ stop: () => Promise.reject(last) }),
      async () => {},
    ),
  ).rejects.toBe(last)
})
