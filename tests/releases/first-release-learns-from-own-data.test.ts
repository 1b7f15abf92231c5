/** `slipway project init --snapshot`: a user's production does not begin with a model of other data. */
import { expect, it, onTestFinished } from 'vitest'
import { project } from '../../projects/vision/index.js'
import { createArtifactStore } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { storeSource } from '../../releases/sources/store-source.js'
import { CUTOFF, folder, goodScenes, parcelFolder } from '../projects/vision/parcel-folders.js'
import { testRegistry } from '../registry/test-registry.js'

it('stored photos of a user are what the first release learned from, and an unknown digest changes nothing', async () => {
  const test = await testRegistry()
  onTestFinished(() => test.stop())
  const needs = { registry: test.registry, artifacts: createArtifactStore(test.artifactsFolder), workFolder: folder() }
  const production = async () => (await test.registry.aliases.current('vision')).production

  const unknown = { source: `sha256:${'a'.repeat(64)}` }
  await expect(initProject(needs, project, 'ana', unknown)).rejects.toThrow(/no snapshot .* was added for vision/)
  expect(await production()).toBeNull()

  const path = await parcelFolder(goodScenes(150))
  const stored = await storeSource(needs, { project: 'vision', path, by: 'ana', most: 1e9 })
  const own = { source: stored.snapshot, cutoff: CUTOFF }
  const first = await initProject(needs, project, 'ana', own)
  expect(first).toMatchObject({ created: true, releaseId: await production() })
  const { manifest } = await test.registry.releases.get(first.releaseId)
  expect(await test.registry.releases.snapshot(manifest.snapshot)).toMatchObject({ rows: 150 })

  expect(await initProject(needs, project, 'ana', own)).toEqual({ releaseId: first.releaseId, created: false })
})
