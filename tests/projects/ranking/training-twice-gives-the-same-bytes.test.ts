import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { project } from '../../../projects/ranking/index.js'
import { RUN_SOURCE } from '../../support/run-source.js'
import { openShopFolder, type Shop, type Snapshot } from './shop-folder.js'

const ENTRY = fileURLToPath(new URL('./train-ranking-main.ts', import.meta.url))
const SMALL = { trainDays: 4, epochs: 2, members: 1 }

let shop: Shop
let source: string
let snapshot: Snapshot
beforeAll(async () => {
  shop = openShopFolder()
  source = shop.world({ perDay: 100 })
  snapshot = await shop.snapshot(source)
})
afterAll(() => shop.remove())

async function inAnotherProcess(request: ReturnType<Shop['request']>): Promise<string> {
  const file = join(request.outFolder, 'request.json')
  writeFileSync(file, JSON.stringify(request))
  await promisify(execFile)(process.execPath, [RUN_SOURCE, ENTRY, file])
  return readFileSync(join(request.outFolder, 'model.json'), 'utf8')
}

const here = async (request: ReturnType<Shop['request']>): Promise<string> =>
  readFileSync((await project.train(request, () => {})).artifactFile, 'utf8')

describe('the same snapshot, seed and parameters', () => {
  it('give the same artifact to the byte in two processes; another seed gives another', async () => {
    const own = await here(shop.request(snapshot, SMALL, 7))
    expect(await inAnotherProcess(shop.request(snapshot, SMALL, 7))).toBe(own)
    expect(await here(shop.request(snapshot, SMALL, 8))).not.toBe(own)
  })

  it('give the same artifact after an interruption between two networks and a resume', async () => {
    const three = { ...SMALL, members: 2, trainDays: 4 }
    const whole = await here(shop.request(snapshot, three))
    const interrupted = shop.request(snapshot, three)
    const stop = new Error('killed')
    const killed = project.train(interrupted, ({ epoch }) => {
      if (epoch === 3) throw stop
    })
    await expect(killed).rejects.toBe(stop)
    const seen: number[] = []
    const resumed = await project.train({ ...interrupted, outFolder: shop.request(snapshot).outFolder }, ({ epoch }) =>
      seen.push(epoch),
    )
    expect(seen).toEqual([4])
    expect(readFileSync(resumed.artifactFile, 'utf8')).toBe(whole)
  })

  it('make the same snapshot to the byte', async () => {
    const again = await shop.snapshot(source)
    expect(readFileSync(again.dataFile).equals(readFileSync(snapshot.dataFile))).toBe(true)
    expect(again.snapshot).toEqual(snapshot.snapshot)
  })
})

describe('invalid parameters are refused by name and value', () => {
  it.each([
    [{ epochs: 0 }, /parameters of ranking: epochs is 0/],
    [{ slate: 'wide' }, /slate is "wide"/],
    [{ learningRate: 0.1 }, /learningRate.*\(known parameters: .*epochs/],
  ])('%j', async (parameters, message) => {
    await expect(here(shop.request(snapshot, parameters))).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringMatching(message) as string,
    })
  })
})

describe('an artifact of another kind is refused before it is scored', () => {
  it.each([
    ['not JSON', 'half a mod', /not a valid ranking_model\/1/],
    ['of another feature version', undefined, /it has features ranking_popularity_v1, the release names/],
    ['with a layer of the wrong size', 'layer', /a layer of 1 units has 3 weights for 22 inputs/],
  ])('%s', async (_, bytes, message) => {
    const { artifact } = await shop.baseline(snapshot)
    const model = JSON.parse(Buffer.from(artifact).toString('utf8')) as Record<string, unknown>
    const layered = { ...model, featureVersion: 'ranking_features_v1', networks: [[{ weights: [1, 2, 3], bias: [0] }]] }
    const given = bytes === 'layer' ? JSON.stringify(layered) : (bytes ?? Buffer.from(artifact))
    const loading = project.load({ featureVersion: 'ranking_features_v1', artifact: Buffer.from(given) })
    await expect(loading).rejects.toMatchObject({
      type: 'ArtifactMismatch',
      message: expect.stringMatching(message) as string,
    })
  })
})
