/** An operator action sent while no worker runs is not lost, and the command does not wait in silence. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendOperatorAction } from '../../releases/send-operator-action.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { entriesOf, resultOf } from '../support/steer.js'
import { startWorkerProcess } from '../support/worker-process.js'

let on: DevServer
beforeAll(async () => {
  on = await devServer()
})
afterAll(() => on?.close())

it('an abort that no worker answers is kept, and applied once when a worker starts', async () => {
  const id = await on.start('nobody-there', { dayMs: 1_000 })
  const word = { id: randomUUID(), action: 'abort', by: 'ana', reason: 'storm' } as const
  await expect(sendOperatorAction(on.client, id, word, { answerWithinMs: 1_000 })).rejects.toThrow(
    `Temporal keeps the abort, and ${id} receives it`,
  )
  const worker = await startWorkerProcess(on.environment)
  try {
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    expect((await entriesOf(on, id, 'operator_action')).map(({ body }) => [body.action, body.id])).toEqual([
      ['abort', word.id],
    ])
  } finally {
    await worker.stop()
  }
})
