/** A spool's format: one decision a line, as JSON. A line without a version is of version 1. */
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { errorText } from '../../contracts/error-text.js'
import { ARMS } from '../../contracts/names.js'
import type { DecisionRow } from '../../registry/index.js'

const CHUNK_BYTES = 1 << 20
const VERSION = 1

/** A row may be in the database already, from a flush whose answer was lost, so none is marked as fresh. */
export const lineOf = (row: DecisionRow): string => `${JSON.stringify({ ...row, fresh: false, version: VERSION })}\n`

const spooledRow = z.looseObject({
  version: z.literal(VERSION).optional(),
  decisionId: z.string().min(1),
  workflowId: z.string(),
  releaseId: z.string().min(1),
  arm: z.enum(ARMS),
  entityHash: z.string(),
  eventAt: z.number(),
  output: z.record(z.string(), z.unknown()),
  action: z.string(),
  expectedLoss: z.number().nullish(),
  source: z.enum(['replay', 'live', 'forced']).optional(),
  inputDigest: z.string().optional(),
  split: z.object({ bucket: z.number(), weight: z.number() }).optional(),
  stale: z.boolean().optional(),
  segments: z.array(z.string()).optional(),
  failureLoss: z.number().optional(),
})

/** A line that is not, or does not become, a row of the database. */
export interface RefusedLine {
  readonly line: string
  readonly problem: string
}

export interface SpooledRow {
  readonly row: DecisionRow
  readonly line: string
}

export interface ParsedLines {
  readonly rows: readonly SpooledRow[]
  readonly refused: readonly RefusedLine[]
}

export function parseLines(lines: readonly string[]): ParsedLines {
  const rows: SpooledRow[] = []
  const refused: RefusedLine[] = []
  for (const line of lines) {
    try {
      const { version: _version, ...row } = spooledRow.parse(JSON.parse(line))
      rows.push({ row: { ...row, fresh: false } as DecisionRow, line })
    } catch (error) {
      refused.push({ line, problem: error instanceof z.ZodError ? z.prettifyError(error) : errorText(error) })
    }
  }
  return { rows, refused }
}

/**
 * The complete lines from `from` on, at most about a megabyte of them but at least one.
 * @param to the end of what was written, in bytes
 */
export async function readLines(
  handle: FileHandle,
  from: number,
  to: number,
): Promise<{ lines: string[]; end: number }> {
  for (let size = CHUNK_BYTES; ; size *= 2) {
    const buffer = Buffer.alloc(Math.min(size, to - from))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
    const length = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1
    if (length > 0 || bytesRead < size) {
      const lines = buffer.toString('utf8', 0, length).split('\n')
      return { lines: lines.filter((line) => line !== ''), end: from + length }
    }
  }
}
