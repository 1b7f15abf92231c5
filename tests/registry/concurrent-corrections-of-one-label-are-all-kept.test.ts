import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRegistry } from '../../registry/index.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

it('concurrent corrections by four writers get consecutive versions; none is lost or counted twice', async () => {
  const options = { databaseUrl: test.url, artifactsFolder: test.artifactsFolder, poolSize: 2 }
  const writers = await Promise.all(Array.from({ length: 4 }, () => openRegistry(options)))
  try {
    // Opens the connections first, so that all writers start at the same time.
    await Promise.all(writers.map((writer) => writer.evidence.databaseSnapshot()))
    for (let round = 0; round < 10; round += 1) {
      const decisionId = `d${round}`
      const results = await Promise.all(
        writers.map((writer, which) =>
          writer.labels.add('toy', [{ decisionId, label: which, loss: which, observedAt: which }]),
        ),
      )
      expect(results.flat().sort()).toEqual(['correction', 'correction', 'correction', 'first'])
      const versions = await test.registry.labels.outcomesOf('toy', decisionId)
      expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4])
      expect(versions.map(({ label }) => label).sort()).toEqual([0, 1, 2, 3])
    }
  } finally {
    for (const writer of writers) await writer.close()
  }
})
