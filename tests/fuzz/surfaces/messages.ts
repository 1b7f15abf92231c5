/**
 * What other programs say: a trainer's output, signals and payloads of a release, and arguments of the command line.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import type { Command } from 'commander'
import { CommanderError } from 'commander'
import fc from 'fast-check'
import { requireArtifact } from '../../../activities/training/require-artifact.js'
import { keepOutput } from '../../../activities/training/trainer-output.js'
import { parseLine, type TrainerLine } from '../../../activities/training/trainer-protocol.js'
import { createProgram } from '../../../cli/commands/program.js'
import { canonicalJson } from '../../../contracts/canonical.js'
import { parseOrRefuse } from '../../../contracts/parse.js'
import { operatorAction } from '../../../contracts/schemas/index.js'
import { payloadConverter } from '../../../workflows/payload-converter.js'
import { beyondLimits, malformed, notDecoded, signalled } from '../../../workflows/received-action.js'
import { changedBytes, changedJson, oddText, oddValue } from '../mutate.js'
import { surface } from '../surface.js'

export const root = mkdtempSync(join(tmpdir(), 'slipway-fuzz-messages-'))
export const remove = (): void => rmSync(root, { recursive: true, force: true })

const out = join(root, 'out')
mkdirSync(join(out, 'folder'), { recursive: true })
writeFileSync(join(out, 'model.json'), '{}')
writeFileSync(join(root, 'secret'), 'secret')
symlinkSync(join(root, 'secret'), join(out, 'link'))

const result: TrainerLine = {
  result: {
    artifactFile: 'model.json',
    format: 'toy/1',
    kind: 'toy',
    featureVersion: 'toy_v1',
    actionPolicy: { version: 'toy_v1', parameters: { threshold: 0.5 } },
    metrics: { auc: 0.7 },
  },
  peakMemoryBytes: 1,
}
const lines = [
  result,
  { progress: { epoch: 1, epochs: 2, loss: 0.1, rowsPerSecond: 10 } },
  { error: { type: 'BadData', message: 'too little' } },
]
const text = lines.map((line) => JSON.stringify(line)).join('\n')

export const trainerOutput = surface({
  name: 'trainer output',
  share: 8,
  cases: fc.oneof(
    changedJson(lines).map((line) => [Buffer.from(`${JSON.stringify(line)}\n`)]),
    fc
      .tuple(changedBytes([Buffer.from(text)]), fc.array(fc.nat({ max: 400 }), { maxLength: 4 }))
      .map(([bytes, cuts]) => cut(bytes, cuts)),
    fc
      .record({ path: fc.oneof(oddText, fc.constantFrom('link', '../secret', 'folder', '.', `${root}/secret`)) })
      .map(({ path }) => [
        Buffer.from(`${JSON.stringify({ ...result, result: { ...result.result, artifactFile: path } })}\n`),
      ]),
  ),
  async run(chunks) {
    const output = await keepOutput(join(root, 'output.txt'))
    const found: TrainerLine[] = []
    const reader = output.reader((line) => {
      const read = parseLine(line)
      if (read) found.push(read)
      return read !== undefined
    })
    for (const chunk of chunks) reader.take(chunk)
    reader.end()
    output.tail()
    const { tail } = await output.close()
    if (tail.length > 4_000) throw new Error(`the tail has ${tail.length} characters`)
    let answer: 'taken' | 'refused' = 'refused'
    for (const line of found) {
      if (!('result' in line)) continue
      canonicalJson(line.result)
      const artifact = await requireArtifact(out, line.result.artifactFile)
      if (!artifact.startsWith(`${out}${sep}`)) throw new Error(`an artifact outside of the folder: ${artifact}`)
      answer = 'taken'
    }
    return answer
  },
})

const cut = (bytes: Uint8Array, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((to, index) => Buffer.from(bytes.subarray(places[index], to)))
}

const note = { id: 'one', by: 'ana', reason: 'storm', action: 'abort', approves: true, proof: 'x' }
const encodings = fc.constantFrom('json/plain', 'binary/null', 'binary/plain', 'json/protobuf', 'binary/encrypted', '')

export const signals = surface({
  name: 'signals and payloads',
  share: 10,
  cases: fc.oneof(
    fc.record({ sent: changedJson([note, 'storm', [note], null, 7]), action: oddText }),
    fc.record({ data: changedBytes([Buffer.from(JSON.stringify(note))]), encoding: encodings, action: oddText }),
  ),
  run(message) {
    const sent =
      'sent' in message
        ? // As Temporal brings it: there is no infinity in JSON.
          (JSON.parse(JSON.stringify(message.sent) ?? 'null') as unknown)
        : payloadConverter.fromPayload({
            metadata: { encoding: Buffer.from(message.encoding) },
            data: message.data,
          })
    if (notDecoded([sent]) !== null) return 'refused'
    // A name or an id that is too long is refused by the same door before, which asks the workflow for its version.
    const fields = typeof sent === 'object' && sent !== null ? Object.values(sent) : []
    if (fields.some((field) => String(canonicalJson(field ?? null)).length > 200)) return 'refused'
    if (beyondLimits(sent) !== null) return 'refused'
    const id = typeof sent === 'object' && sent !== null ? Reflect.get(sent, 'id') : undefined
    if (typeof id === 'string' && id.trim() !== '') canonicalJson(signalled(message.action, sent))
    if (malformed(sent as Parameters<typeof malformed>[0]) !== null) return 'refused'
    parseOrRefuse(operatorAction, sent, 'action')
    return 'taken'
  },
})

const valueText = fc.oneof(
  oddText,
  oddValue.map((value) => String(JSON.stringify(value))),
  fc.constantFrom('x=1', '__proto__=1', 'constructor=x', '=', '5', '1d', 'eta', 'json'),
)

const programOf = await silentProgram()
const leaves = leavesOf(programOf, [])

export const commandLine = surface({
  name: 'command line',
  share: 12,
  cases: fc.constantFrom(...leaves).chain(({ path, flags, places }) =>
    fc.record({
      path: fc.constant(path),
      given: fc.array(oddText, { minLength: Math.max(0, places - 1), maxLength: places + 1 }),
      options: fc.array(fc.tuple(fc.constantFrom(...flags, '--nope', '-x', '--'), fc.option(valueText)), {
        maxLength: 4,
      }),
    }),
  ),
  async run({ path, given, options }) {
    const words = [...path, ...given, ...options.flatMap(([flag, value]) => (value === null ? [flag] : [flag, value]))]
    try {
      await programOf.parseAsync(words, { from: 'user' })
      return 'taken'
    } catch (error) {
      if (error instanceof CommanderError) return 'refused'
      throw error
    }
  },
})

interface Leaf {
  readonly path: readonly string[]
  readonly flags: readonly string[]
  readonly places: number
}

function leavesOf(command: Command, path: readonly string[]): Leaf[] {
  const inner = command.commands.filter((one) => one.name() !== 'help')
  if (inner.length > 0) return inner.flatMap((one) => leavesOf(one, [...path, one.name()]))
  const flags = command.options.map(({ long, short }) => long ?? short ?? '--json')
  return [{ path, flags: ['--json', ...flags], places: command.registeredArguments.length }]
}

/** All commands, whose actions do nothing: what is checked while arguments are parsed. */
async function silentProgram(): Promise<Command> {
  const program = await createProgram()
  const silence = (command: Command): void => {
    command.exitOverride()
    command.configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} })
    if (command.commands.length === 0) command.action(() => {})
    command.commands.forEach(silence)
  }
  silence(program)
  return program
}
