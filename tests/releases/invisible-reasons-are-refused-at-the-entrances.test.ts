/**
 * A reason of zero-width spaces counted as text. It is refused where people and machines send it, before anything is
 * opened; a workflow takes what is recorded.
 */
import { describe, expect, it } from 'vitest'
import { isVisible } from '../../contracts/visible-text.js'
import { newFields, problemOfFields } from '../../http/form-fields.js'
import { actionRequest } from '../../http/schemas/action-schemas.js'
import { releaseRequest } from '../../http/schemas/release-schemas.js'
import { operatorActionOf } from '../../releases/operate.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { rollbackRequestOf } from '../../releases/roll-back-and-signal.js'
import { pauseOrResume } from '../../releases/schedules/steer-schedule.js'
import { startRelease } from '../../releases/start-release.js'
import { slipway } from '../support/slipway.js'
import { project } from '../toy-project/index.js'

const UNSEEN = '\u200b\u2060 \u00ad\u3164\u2800\ufeff'
const instant = '2001-01-20T00:00:00.000Z'
const nothingIsOpened = () => Promise.reject(new Error('opened'))

const start = (reason: string, by = 'ana') =>
  startRelease(
    null as never,
    releaseInputOf({
      project,
      id: 'one',
      kind: 'cli',
      by,
      at: instant,
      cutoff: instant,
      parameters: {},
      cause: { reason },
    }),
  )

it('text is visible with one letter, sign or picture of any script', () => {
  for (const text of ['x', `${UNSEEN}.`, 'ا\u200cب', '\u{1F4E6}', '雨', 'e\u0301']) expect(isVisible(text)).toBe(true)
  for (const text of ['', ' \t\n', UNSEEN, '\u200d', '\u2800', '\u{e0020}']) expect(isVisible(text)).toBe(false)
})

describe.each(['reason', 'by'])('without a visible %s', (field) => {
  const note = { by: 'ana', reason: 'storm', [field]: UNSEEN }
  const refused = {
    type: 'BadRequest',
    message: expect.stringMatching(new RegExp(`${field} (must not|is empty)`)) as string,
  }

  it('nothing is sent, started, rolled back, paused or dropped', async () => {
    expect(() => operatorActionOf('abort', note)).toThrow(expect.objectContaining(refused))
    expect(() => rollbackRequestOf('toy', note)).toThrow(expect.objectContaining(refused))
    await expect(start(note.reason, note.by)).rejects.toMatchObject(refused)
    await expect(pauseOrResume(nothingIsOpened, 'pause', { project }, note)).rejects.toMatchObject(refused)
    const prune = await slipway(['registry', 'prune', '--apply', '--by', note.by, '--reason', note.reason], {})
    expect(prune).toMatchObject({ code: 2, stderr: expect.stringContaining(`--apply needs --${field}`) as string })
  })

  it('requests and forms are refused', () => {
    const paths = (asked: ReturnType<typeof releaseRequest.safeParse>) => asked.error?.issues.map(({ path }) => path)
    expect(paths(actionRequest.safeParse({ action: 'abort', ...note }) as never)).toEqual([[field]])
    expect(paths(releaseRequest.safeParse({ id: 'one', ...note }))).toEqual([[field]])
    expect(problemOfFields({ ...newFields(), ...note }, false)).toMatch(
      field === 'by' ? /Give your name/ : /Give a reason/,
    )
  })
})
