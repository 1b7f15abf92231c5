/** What users and trainers write is shown on a terminal with control characters escaped, and is unchanged in JSON. */
import { afterEach, expect, it, vi } from 'vitest'
import { progress, reportFailure, show } from '../../cli/runtime/output.js'
import { terminal } from '../../cli/runtime/receivers.js'
import { waitingText } from '../../cli/views/waiting-view.js'
import { SlipwayError } from '../../contracts/failure.js'
import { terminalOutput, terminalText } from '../../contracts/terminal-text.js'

const HOSTILE = 'ana\u001b]0;owned\u0007\nslipway: all is well\r\u009b2J\u202e'
const SHOWN = 'ana\\x1b]0;owned\\x07\\nslipway: all is well\\r\\x9b2J\\u202e'

afterEach(() => vi.restoreAllMocks())

/** What is written while `work` runs. */
async function written(work: () => unknown): Promise<string> {
  let all = ''
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      all += String(text)
      return true
    })
  await work()
  vi.restoreAllMocks()
  return all
}

it('a name and a reason are shown in one line, with each control character escaped', async () => {
  const value = { by: HOSTILE, deep: [{ [HOSTILE]: HOSTILE }] }
  const out = await written(() => show({}, value, (shown) => `by ${shown.by}\n${JSON.stringify(shown.deep)}`))
  expect(out).toBe(`by ${SHOWN}\n${JSON.stringify([{ [SHOWN]: SHOWN }])}\n`)
})

it('JSON has them as they were recorded', async () => {
  const out = await written(() => show({ json: true }, { by: HOSTILE }, () => ''))
  expect(JSON.parse(out)).toEqual({ by: HOSTILE })
})

it('a text that was put together without escaping still reaches the terminal without commands for it', async () => {
  expect(await written(() => show({}, {}, () => HOSTILE))).toBe(`${SHOWN.replace('\\n', '\n')}\n`)
  expect(await written(() => progress(HOSTILE))).toContain('ana\\x1b]0;owned\\x07\n')
  const failure = new SlipwayError('BadRequest', `--by ${HOSTILE}`)
  expect(await written(() => reportFailure(failure, false))).toBe(`slipway: --by ${SHOWN.replace('\\n', ' ')}\n`)
})

it('a notice and what a release waits for are one line each', async () => {
  const notice = { id: 'toy/1', event: 'paused', project: 'toy', workflowId: 'x', text: HOSTILE, at: '' } as const
  expect(await written(() => terminal().deliver(notice))).toContain(`${SHOWN}\n`)
  expect(waitingText({ text: HOSTILE, remedy: null })).toBe(SHOWN)
})

it('colours and line breaks of Slipway itself stay; other text is not changed', () => {
  expect(terminalOutput('\u001b[1mgate\u001b[22m\n\tpassed – 5 %')).toBe('\u001b[1mgate\u001b[22m\n\tpassed – 5 %')
  expect(terminalOutput('\u001b[8mhidden\u001b[0m')).toBe('\\x1b[8mhidden\\x1b[0m')
  expect(terminalText('Zürich – 東京 \u{1F4E6}')).toBe('Zürich – 東京 \u{1F4E6}')
})
