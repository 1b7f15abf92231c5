/**
 * Vision: trained as a release is on tiles photographed at exposures 1 to 4, asked about those at 5 and 6, which are
 * brighter than any it has seen. Network, epochs and learning rate were chosen inside exposures 1 to 4
 * (docs/decisions/050), never on the tiles measured here.
 */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { project } from '../../projects/vision/index.js'
import type { MeasureQuality, Yardstick } from './yardstick.js'

const SEED = 20_260
const CUTOFF = '2026-03-02T00:00:00Z'
const PARAMETERS = { network: 'fine', epochs: 24, learningRate: 0.001, turned: false, calibrationShare: 0.1 } as const
const MOST_SECONDS = 900

export const measure: MeasureQuality = async function* ({ testData }) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-quality-'))
  try {
    yield* measureTiles(join(testData, 'vision', 'magnetic-tile'), folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* measureTiles(tiles: string, folder: string): AsyncGenerator<Yardstick> {
  const began = performance.now()
  const digest = `sha256:${'0'.repeat(64)}`
  const draft = await project.importSnapshot({
    source: await splitByExposure(tiles, folder),
    cutoff: Date.parse(CUTOFF),
    outFolder: folder,
  })
  const snapshot = { ...draft.manifest, schema: 'slipway.snapshot/1' as const, project: 'vision', data: digest }
  const { dataFile } = draft
  const checkpointFolder = join(folder, 'checkpoint')
  const request = { snapshot, dataFile, outFolder: folder, checkpointFolder, seed: SEED }
  const release = async (trained: Awaited<ReturnType<typeof project.train>>) => ({
    digest,
    featureVersion: trained.featureVersion,
    actionPolicy: trained.actionPolicy,
    artifact: await readFile(trained.artifactFile),
  })
  const production = await release(await project.baseline({ ...request, parameters: {} }))
  const candidate = await release(await project.train({ ...request, parameters: PARAMETERS }, () => {}))
  const parts = { snapshot, snapshotDigest: digest, dataFile, candidate, production }
  const { metrics, heldOut } = await project.evaluate({ ...parts, gates: project.gates })
  const seconds = (performance.now() - began) / 1_000

  const what = `magnetic tiles, exposures 1–4 → 5–6 (${heldOut.rows} photos)`
  const others = 'gradient histograms and logistic regression, leaving one exposure out: AUC .86–.94'
  yield {
    project: 'vision',
    what: `${what}: AUC`,
    measured: metrics.candidate.auc ?? Number.NaN,
    others,
    wanted: { atLeast: 0.87 },
  }
  const cost = (metrics.candidate.cost ?? Number.NaN) / (metrics.production.cost ?? Number.NaN)
  yield {
    project: 'vision',
    what: `${what}: cost over that of reviewing everything`,
    measured: cost,
    wanted: { atMost: 1 },
  }
  yield {
    project: 'vision',
    what: 'import, training and evaluation, seconds',
    measured: seconds,
    digits: 0,
    wanted: { atMost: MOST_SECONDS },
    seconds,
  }
}

/**
 * The same photos with a label file that says which half an exposure belongs to; photos of exposure 0, three of them,
 * are left out.
 */
async function splitByExposure(tiles: string, folder: string): Promise<string> {
  for (const item of await readdir(tiles, { withFileTypes: true }))
    if (item.isDirectory()) await symlink(join(tiles, item.name), join(folder, item.name))
  const [head = '', ...lines] = (await readFile(join(tiles, 'manifest.csv'), 'utf8')).trim().split(/\r?\n/)
  const column = (name: string) => head.split(',').indexOf(name)
  const [file, defect, exposure] = [column('file'), column('defect'), column('exposure')]
  const rows = lines
    .map((line) => line.split(','))
    .filter((cells) => Number(cells[exposure]) >= 1)
    .map((cells) => {
      const tile = /num_(\d+)/.exec(cells[file] ?? '')?.[1]
      const half = Number(cells[exposure]) >= 5 ? 'test' : 'train'
      return [cells[file], tile, `exposure-${cells[exposure]}`, '2026-02-01', '2026-02-02', cells[defect], half].join(
        ',',
      )
    })
  const labels = ['file,shipment,source,taken_at,reviewed_at,damaged,split', ...rows].join('\n')
  await writeFile(join(folder, 'labels.csv'), `${labels}\n`)
  return folder
}
