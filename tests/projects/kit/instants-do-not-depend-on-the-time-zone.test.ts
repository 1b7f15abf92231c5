import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { RUN_SOURCE } from '../../support/run-source.js'

const MAIN = fileURLToPath(new URL('./instants-main.ts', import.meta.url))

interface Read {
  readonly strict: string | null
  readonly eta: string | null
  readonly forecast: string | null
  readonly taken: string | null
  readonly reviewed: string | null
}

const all = (at: string): Read => ({ strict: at, eta: at, forecast: at.slice(0, 10), taken: at, reviewed: at })
const NONE: Read = { strict: null, eta: null, forecast: null, taken: null, reviewed: null }
/** With an offset: an instant, but not in the clock of the source. */
const elsewhere = (at: string): Read => ({ ...all(at), eta: null, forecast: null })

const READ: readonly (readonly [text: string, expected: Read])[] = [
  ['2024-03-10', all('2024-03-10T00:00:00.000Z')],
  // Half past two does not exist on this day in New York.
  ['2024-03-10T02:30', all('2024-03-10T02:30:00.000Z')],
  ['2024-03-10 02:30:15.123456', all('2024-03-10T02:30:15.123Z')],
  ['2024-03-10T23:59:59Z', all('2024-03-10T23:59:59.000Z')],
  ['2024-03-10 23:59:59+00:00', all('2024-03-10T23:59:59.000Z')],
  ['2024-03-10T23:30-05:00', elsewhere('2024-03-11T04:30:00.000Z')],
  ['1969-12-31T23:30-01:00', elsewhere('1970-01-01T00:30:00.000Z')],
  ['2024-03-10T00:30+0200', elsewhere('2024-03-09T22:30:00.000Z')],
  // A shop's order lines may be dated with the month first, and no other data.
  ['01/03/2024', { ...NONE, forecast: '2024-01-03' }],
  ['1/3/2024 9:05', { ...NONE, forecast: '2024-01-03' }],
  ...[
    '12',
    '2024',
    '2024-03',
    '13/01/2024',
    '1/3/2024 9:75',
    '1/3/2024 99:05',
    '03.01.2024',
    '45000',
    'Mar 10 2024',
    '2024-02-30',
    '2024-03-10T24:00',
    '2024-03-10 99:99 whatever',
    '2024-03-10T10:00 (noon)',
    '2024-03-10T10:60',
    '2024-03-10T10:00:60',
    '2024-03-10T10:00+25:00',
    '+020240-03-10T10:00Z',
    '1969-12-31T23:59:59',
    '1969-12-31',
    '9999-12-31T23:59-01:00',
    'yesterday',
  ].map((text) => [text, NONE] as const),
]

it.each(['UTC', 'America/New_York', 'Pacific/Auckland'])('every importer reads the same instants in %s', async (TZ) => {
  const args = [RUN_SOURCE, MAIN, ...READ.map(([text]) => text)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, TZ } })
  const { zone, read } = JSON.parse(stdout) as { zone: number; read: Read[] }
  // The process is in that time zone: otherwise this shows nothing.
  expect(zone).toBe({ UTC: 0, 'America/New_York': 300, 'Pacific/Auckland': -780 }[TZ])
  expect(Object.fromEntries(READ.map(([text], index) => [text, read[index]]))).toEqual(Object.fromEntries(READ))
})
