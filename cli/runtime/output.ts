/**
 * Output of the CLI: text and tables for people, one JSON value per line with `--json`, and one line on stderr per
 * error.
 */

import Table from 'cli-table3'
import { errorText } from '../../contracts/error-text.js'
import { FAILURES, SlipwayError } from '../../contracts/failure.js'
import { terminalOutput, terminalText, terminalValue } from '../../contracts/terminal-text.js'
import { fitted } from './fit-table.js'
import { styled, styleName } from './style.js'

export interface OutputOptions {
  readonly json?: boolean
}

/**
 * Prints `value` as JSON with `--json`, otherwise `text`.
 * @param text receives the value with control characters escaped: it may hold what a user or a trainer wrote
 */
export function show<Value>(options: OutputOptions, value: Value, text: (shown: Value) => string): void {
  const output = options.json ? JSON.stringify(value) : terminalOutput(text(terminalValue(value)))
  process.stdout.write(`${output}\n`)
}

/** At most 100 columns wide. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const [names = [], ...cells] = fitted([head, ...rows])
  const grid = new Table({ head: names, style: { head: styleName('bold'), border: [] } })
  grid.push(...cells)
  return grid.toString()
}

let log = (text: string): void => {
  process.stderr.write(`${styled('dim', '·', process.stderr)} ${terminalOutput(text)}\n`)
}

/** Lines about progress go to this instead, for a process whose output a program reads. */
export function logWith(write: (text: string) => void): void {
  log = write
}

export const progress = (text: string): void => log(text)

/** Prints the error. @returns the exit code: 2 for wrong usage, 1 for any other failure */
export function reportFailure(error: unknown, json: boolean): number {
  const known = error instanceof SlipwayError
  const message = errorText(error)
  const advice = known
    ? FAILURES[error.type].advice
    : 'run slipway doctor; if it finds no problem, please report this as a bug'
  const line = known && error.type === 'BadRequest' ? message : `${message} — ${advice}`
  if (json) process.stdout.write(`${JSON.stringify({ error: { type: known ? error.type : 'Unexpected', message } })}\n`)
  process.stderr.write(`slipway: ${terminalText(line.replaceAll('\n', ' '))}\n`)
  if (!known && process.env.SLIPWAY_DEBUG) console.error(error)
  return known && error.type === 'BadRequest' ? 2 : 1
}
