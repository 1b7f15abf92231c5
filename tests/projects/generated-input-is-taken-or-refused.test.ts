/**
 * Generated cases of everything that enters from outside, 2,000 with those of HTTP; `npm run fuzz` plays 100,000. None
 * crashes, hangs, changes a prototype or reaches a file outside of its folder. SLIPWAY_SEED, which is printed, repeats
 * them.
 */
import { afterAll, expect, it } from 'vitest'
import { play } from '../fuzz/run.js'
import * as documents from '../fuzz/surfaces/documents.js'
import * as files from '../fuzz/surfaces/files.js'
import * as messages from '../fuzz/surfaces/messages.js'
import * as tables from '../fuzz/surfaces/tables.js'

const SURFACES = [
  documents.manifests,
  documents.policies,
  messages.commandLine,
  messages.signals,
  messages.trainerOutput,
  tables.flightTables,
  tables.demandTables,
  tables.judgedFolders,
  tables.labelFiles,
  files.parquetFiles,
  files.images,
  files.models,
  files.onnxModels,
  files.inputs,
]
afterAll(() => {
  for (const { remove } of [files, messages, tables]) remove()
})

it.each(SURFACES)('$name', { timeout: 3_600_000 }, async (surface) => {
  const played = await play(surface)
  console.log(played)
  expect(played).toMatch(/ \d+ cases in .* \d+ taken, \d+ refused/)
})
